/** Filters, search and comparison, wired to the page. */

import { addMonths, isoDay } from "../days.js";
import { button, fill, h } from "../dom.js";
import { Filter } from "../filtering.js";
import { number, t } from "../text.js";
import { showChips } from "./chips.js";
import { ClaimIndex } from "./claimindex.js";
import { Comparing } from "./comparing.js";
import { countFacets } from "./facets.js";
import { FilterSheet, labelsOf } from "./filtersheet.js";
import { makeNames } from "./names.js";
import { apiQuery, reportsHolding } from "./query.js";
import { Search } from "./search.js";
import { isAsking, tidy } from "./state.js";

/**
 * @typedef {Record<string, any>} Site
 * @typedef {object} Page what of the page this needs
 * @property {any} map the Leaflet map
 * @property {import("../store.js").Store} store
 * @property {import("../records.js").Records} records
 * @property {import("../api.js").Api} api
 * @property {import("../words.js").Words} words
 * @property {import("../overlay.js").Overlay} overlay
 * @property {import("../symbols.js").Symbology} symbology
 * @property {import("../hand.js").Hand} hand
 * @property {{api_root: string}} config
 * @property {import("../panel.js").Panel} panel
 * @property {Map<string, Site>} allSites of the day shown, whatever the filters leave
 * @property {(choice: import("../hash.js").Choice | null) => void} choose
 * @property {() => void} refiltered shows what is left
 * @property {(error: Error) => void} failed
 */

const NARROW = matchMedia("(max-width: 760px)");
/** Counts wait until nothing has changed for this long: never while something is dragged. */
const REST_MS = 180;
/** From this zoom on a site that is found is only moved to. */
const NEAR = 7;
const PLACE_ZOOM = 10;

export class Asking {
  /** @param {Page} page @param {{bar: HTMLElement, chips: HTMLElement, main: HTMLElement}} roots */
  constructor(page, { bar, chips, main }) {
    this.page = page;
    const { store, words, records } = page;
    this.labels = labelsOf(words, () => records.actors);
    this.chips = chips;
    /** @type {ClaimIndex | null} */
    this.index = null;
    /** @type {{q: string, ids: Set<string>} | null} reports that hold the words, told by the server */
    this.matching = null;
    /** @type {"filters" | "compare" | null} */
    this.opened = null;
    this.sheets = { filters: sheet("filters", main), compare: sheet("compare", main) };
    this.filterSheet = new FilterSheet(this.sheets.filters, store, this.labels);
    this.comparing = new Comparing(page, this.sheets.compare, (id) => this.#toSite(id));
    this.filterSheet.onClose = () => this.open(null);
    this.comparing.sheet.onClose = () => this.open(null);
    this.search = new Search(bar, {
      names: () => makeNames(page),
      choose: (named) => this.#toNamed(named),
      words: (text) => store.set({ q: text }, { step: true }),
    });
    this.filterSwitch = this.#switch("filters", () =>
      this.open(this.opened === "filters" ? null : "filters"),
    );
    this.compareSwitch = this.#switch("compare", () => this.#compareSwitched());
    bar.append(this.filterSwitch, this.compareSwitch);
    for (const root of Object.values(this.sheets)) {
      root.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.stopPropagation();
        this.open(null);
      });
    }
    this.#chips();
    this.filterSheet.show(store.state);
    const { compare, swipe, choice } = store.state;
    // On a telephone and in a frame the sheet would cover the map that the divider is on.
    const small = NARROW.matches || document.body.classList.contains("embed");
    if (compare !== null && !choice && !(swipe !== null && small)) this.open("compare");
  }

  /** @param {"filters" | "compare"} name @param {() => void} onclick */
  #switch(name, onclick) {
    return button(t(`asking.${name}`), onclick, {
      id: name === "filters" ? "filter-switch" : "compare-switch",
      class: "asking-switch",
      "aria-expanded": "false",
      "aria-controls": `sheet-${name}`,
    });
  }

  /** @param {"filters" | "compare" | null} name the sheet to open; the other closes */
  open(name) {
    const before = this.opened;
    if (before === name) return;
    const inside = before && this.sheets[before].contains(document.activeElement);
    this.opened = name;
    for (const [each, root] of Object.entries(this.sheets)) root.hidden = each !== name;
    this.filterSwitch.setAttribute("aria-expanded", String(name === "filters"));
    this.compareSwitch.setAttribute("aria-expanded", String(name === "compare"));
    if (name) {
      if (name === "filters") this.#makeIndex();
      this.#soon();
      this.sheets[name].querySelector("h2")?.focus({ preventScroll: true });
    } else if (inside) {
      (before === "filters" ? this.filterSwitch : this.compareSwitch).focus();
    }
  }

  #compareSwitched() {
    const { store } = this.page;
    const { compare, to } = store.state;
    if (compare === null) {
      const day = Math.max(store.limits.firstDay, addMonths(to, -12));
      store.set({ compare: day }, { step: true });
      this.open("compare");
    } else {
      this.open(this.opened === "compare" ? null : "compare");
    }
  }

  /** There are more claims than before. */
  claims() {
    this.index = null;
    this.search.renew();
    const { state } = this.page.store;
    if (this.opened === "filters") this.#makeIndex();
    if (isAsking(state)) this.#filter();
    this.#chips();
    this.#soon();
  }

  #makeIndex() {
    if (this.index) return this.index;
    this.index = new ClaimIndex(this.page.records);
    this.filterSheet.choices(this.index, this.page.api.counted ? this.page.allSites : null);
    return this.index;
  }

  #filter() {
    const { api, records, store } = this.page;
    const { filters, q } = store.state;
    const asking = isAsking({ filters, q }) && (records.reports.length > 0 || api.counted);
    const away = api.columns && q !== "";
    if (asking && away && this.matching?.q !== q) {
      this.#match(q);
      return; // what was shown stays until the answer is there
    }
    const matching = away ? (this.matching?.ids ?? null) : null;
    records.setFilter(asking ? new Filter(this.#makeIndex(), filters, q, matching) : null);
    this.page.refiltered();
  }

  /** Have the words looked for by the server, where it has the texts. @param {string} q */
  async #match(q) {
    this.matched = q;
    try {
      const ids = await reportsHolding(this.page.config.api_root, q);
      if (this.matched !== q) return;
      this.matching = { q, ids };
      if (this.page.store.state.q === q) this.#filter();
      this.#soon();
    } catch (error) {
      this.page.failed(/** @type {Error} */ (error));
    }
  }

  /** @param {import("../hash.js").State} state @param {Set<string>} changed */
  changed(state, changed) {
    const filters = changed.has("filters") || changed.has("q");
    if (filters) this.#filter();
    const otherDates = changed.has("compare") || (changed.has("to") && state.compare !== null);
    if (filters || otherDates) this.#chips();
    if (filters) this.filterSheet.show(state);
    if (changed.has("compare") && state.compare === null && this.opened === "compare")
      this.open(null);
    if (changed.has("choice") && state.choice) this.open(null);
    if (changed.has("view")) return;
    this.#soon();
  }

  /** The states of another day are shown. */
  dayChanged() {
    this.#soon();
  }

  #chips() {
    const { store } = this.page;
    showChips(this.chips, store, this.labels, {
      reset: () => this.filterSheet.reset(),
      showComparison: () => this.open("compare"),
    });
    const { filters, q } = store.state;
    const count = Object.values(filters).reduce(
      (sum, value) => sum + (Array.isArray(value) ? value.length : 1),
      q ? 1 : 0,
    );
    fill(
      this.filterSwitch,
      t("asking.filters"),
      count ? h("span", { class: "badge" }, number(count)) : null,
      count ? h("span", { class: "unseen" }, ` ${t("asking.on")}`) : null,
    );
    this.compareSwitch.classList.toggle("is-on", store.state.compare !== null);
  }

  /** Count and compare when the page is at rest. */
  #soon() {
    this.comparing.follow();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      const work = async () => {
        const { waiting } = this;
        this.#count();
        await this.comparing.update();
        if (this.waiting === waiting) this.waiting = undefined;
      };
      if ("requestIdleCallback" in globalThis) requestIdleCallback(work, { timeout: 500 });
      else work();
    }, REST_MS);
  }

  #count() {
    const { records, store, allSites } = this.page;
    if (this.opened !== "filters" || !(records.served || records.reports.length)) return;
    const { state } = store;
    const filter = records.filter ?? new Filter(this.#makeIndex(), tidy({}), "");
    const sites = [...allSites.values()].filter((site) => site.place_role !== "context");
    const left = {
      sites: sites.filter((site) => filter.site(site, state)).length,
      reports: records.countIn(state),
      flows: records.flowsIn(state).length,
    };
    this.filterSheet.count(
      records.served ? null : countFacets(filter, sites, state),
      t("asking.left", {
        sites: t("asking.count_sites_of", { count: left.sites }),
        reports: t("asking.count_reports_of", { count: left.reports }),
        flows: t("asking.count_flows_of", { count: left.flows }),
      }),
    );
  }

  /** @param {import("./nameindex.js").Named & {precision_m?: number}} named */
  #toNamed(named) {
    const { page } = this;
    if (named.group === "actor") {
      page.choose({ kind: /** @type {any} */ ("actor"), id: named.id });
    } else if (named.group === "place") {
      const [lon, lat] = /** @type {number[]} */ (named.point);
      page.map.setView([lat, lon], Math.max(page.map.getZoom(), PLACE_ZOOM), { animate: false });
    } else {
      this.#goTo(named);
      page.choose({ kind: "site", id: named.id });
    }
  }

  /** @param {string} id */
  #toSite(id) {
    const compared = this.comparing.compared.get(id);
    const site = this.page.allSites.get(id) ?? compared?.site;
    if (site?.point) this.#goTo({ id, point: site.point, precision_m: site.precision_m });
    this.page.choose({ kind: "site", id });
    // Once the panel is written: the keyboard follows to what was opened.
    setTimeout(() => this.page.panel.enter(), 60);
  }

  /** @param {{id: string, point: readonly number[] | null, precision_m?: number}} site */
  #goTo({ id, point, precision_m: precision }) {
    const { map, hand } = this.page;
    if (!point) return;
    const seen = map.getBounds().pad(-0.1).contains([point[1], point[0]]);
    if (!seen || map.getZoom() < NEAR) hand.zoomTo({ site_id: id, point, precision_m: precision });
  }

  /**
   * What is shown of a layer, as a query to the API.
   * @param {import("./query.js").Layer} layer
   * @returns {import("./query.js").Query}
   */
  query(layer) {
    const { store, records, allSites } = this.page;
    const { state } = store;
    const ids = {
      hotspots: () =>
        [...allSites.values()]
          .filter((site) => records.shows(site, state))
          .map(({ site_id: id }) => id),
      reports: () => records.reportsIn(state).map(({ claim }) => claim.report_id),
      displacement: () => records.flowsIn(state).map(({ claim }) => claim.flow_id),
    };
    const given = isAsking(state) && !(records.served && layer === "reports");
    return apiQuery(layer, { ...state, ids: given ? (ids[layer]?.() ?? null) : null });
  }

  /** What is asked and what is left, for tests and for whoever embeds the map. */
  snapshot() {
    const { filters, q, compare } = this.page.store.state;
    return {
      filters,
      q,
      counting: this.waiting !== undefined,
      compare: compare === null ? null : isoDay(compare),
      ...this.comparing.snapshot(),
    };
  }
}

/** @param {string} name @param {HTMLElement} main @returns {HTMLElement} */
function sheet(name, main) {
  const root = h("section", {
    id: `sheet-${name}`,
    class: "sheet",
    "aria-label": t(`asking.${name}`),
    hidden: true,
  });
  main.append(root);
  return root;
}
