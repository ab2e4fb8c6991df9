/**
 * The time map: takes over the Leaflet map that Folium made, and fills it from the public API.
 * What it needs to know stands in the page's one block of JSON.
 */

import { Api } from "./api.js";
import { Asking } from "./asking/asking.js";
import { NOTHING_ASKED } from "./asking/state.js";
import { Basemap } from "./basemap.js";
import { addMonths, parseDay } from "./days.js";
import { DayLoader, ServedDayLoader } from "./dayloader.js";
import { fill, h, plainText, stored } from "./dom.js";
import { toFlows } from "./flows.js";
import { Hand } from "./hand.js";
import { LAYERS, Legend } from "./legend.js";
import { MapView } from "./mapview.js";
import { openToOthers } from "./outside.js";
import { Overlay } from "./overlay.js";
import { Panel } from "./panel.js";
import { possibleDays, Records } from "./records.js";
import { Served } from "./served.js";
import { Store } from "./store.js";
import { startScheme } from "./scheme.js";
import { startSharingOf } from "./sharing/start.js";
import { Symbology } from "./symbols.js";
import { Table } from "./table.js";
import { KINDS } from "./tablerows.js";
import { speak } from "./text.js";
import { TIME } from "./time/state.js";
import { TimeBar } from "./time/timebar.js";
import { startPage } from "./topbar.js";
import { Words } from "./words.js";

const NARROW = matchMedia("(max-width: 760px)");
/** While the window is dragged the list beside the map is rewritten no more often than this. */
const PANEL_MS = 160;
/** A panel that takes long is rewritten more rarely still: at most this share of the time is its. */
const PANEL_SHARE = 1 / 25;
const PANEL_LONGEST_MS = 1500;

class Atlas {
  /** @param {any} config `web.timemap.MapConfig` as JSON */
  constructor(config) {
    this.config = config;
    this.map = globalThis[config.map_name];
    this.symbology = new Symbology(config.symbols);
    this.words = new Words(config.vocabulary, this.symbology);
    this.records = new Records();
    this.api = new Api(config);
    /** @type {import("./api.js").Feature[]} */
    this.features = [];
    /** @type {Map<string, Record<string, any>>} */
    this.allSites = new Map();
    /** What of them the filters leave, and what is chosen. */
    this.sites = this.allSites;
    /** @type {number | null} */
    this.day = null;
    this.panelRendered = -Infinity;
    this.panelTook = 0;
    this.store = this.#store(config);
    this.panel = new Panel(element("panel"));
    this.table = new Table(element("table"), element("table-switch"), this.store, (words) => {
      clearTimeout(this.speaking); // the answer to what was just done, not the summary
      element("live").textContent = words;
    });
    const onDay = (/** @type {number} */ day, /** @type {any} */ features) => this.#onDay(day, features);
    this.loader = this.api.counted
      ? new ServedDayLoader(this.api, onDay)
      : new DayLoader(this.api.timelines(this.records), onDay);
    if (this.api.counted) {
      this.records.served = new Served(this.api, {
        histogram: () => this.refiltered(),
        counts: () => this.#counted(),
        failed: (error) => this.failed(error),
      });
    }
    this.timebar = new TimeBar(element("timebar"), {
      ...this,
      groups: config.event_groups,
      shown: (day) => this.loader.want(day),
      choose: (choice) => this.choose(choice),
      nameOf: (id) => plainText(this.sites.get(id)?.name, 80),
    });
    // Only now has the map the size that it keeps.
    this.view = new MapView(this.map, this.store);
    this.overlay = new Overlay(this.map, this.symbology);
    this.basemap = new Basemap(
      this.map,
      this.api,
      () => this.symbology.symbols,
      () => this.overlay.update({ names: this.basemap.names }),
    );
    this.timebar.onPause = () => {
      this.overlay.play(false);
      this.#announce();
    };
    this.symbology.setColouring(this.store.state.colour);
    this.legend = new Legend(element("legend"), this, { open: innerWidth > 1100 });
    this.overlay.update({ off: this.store.state.off, choice: this.store.state.choice });
    if (this.store.state.choice) this.panel.open(true);
    this.store.subscribe((state, changed) => this.#changed(state, changed));
    this.hand = new Hand(this, element("tip"), element("panel"));
    this.asking = new Asking(this, {
      bar: element("asking"),
      chips: element("chips"),
      main: element("main"),
    });
    startSharingOf(this);
    this.ready = this.#load();
  }

  /** @param {any} config */
  #store(config) {
    const lastDay = /** @type {number} */ (parseDay(config.last_day));
    const firstDay = /** @type {number} */ (parseDay(config.first_day));
    const to = /** @type {number} */ (parseDay(config.opening_day));
    const from = Math.max(firstDay, addMonths(to + 1, -12));
    const first = NARROW.matches ? config.first_view_narrow : config.first_view;
    const view = { lat: first[0], lon: first[1], zoom: first[2] };
    const rest = { ...TIME, choice: null, colour: "activity", off: new Set(), allReports: false, table: null };
    return new Store(
      { view, from, to, ...rest, ...NOTHING_ASKED },
      { firstDay, lastDay, layers: Object.keys(LAYERS), tables: Object.keys(KINDS) },
    );
  }

  async #load() {
    const { state } = this.store;
    this.#render();
    const days = this.loader.want(state.to);
    try {
      const [reports, flows] = await Promise.all([this.api.reports(), this.api.displacement()]);
      this.records.setReports(reports);
      this.records.flows = toFlows(flows, possibleDays);
      this.asking.claims();
      this.refiltered();
      this.records.served?.want(state, this.records.filter);
      await Promise.all([days, this.basemap.ready, this.#loadBehind()]);
      await this.#complete();
    } catch (error) {
      this.failed(/** @type {Error} */ (error));
    }
    this.loaded = true;
    this.#render();
    this.#announce();
  }

  /** What the first picture does not need. */
  async #loadBehind() {
    const [control, actors, sources] = await Promise.all([
      this.api.control(),
      this.api.actors(),
      this.api.sources(),
    ]);
    this.records.setControl(control);
    this.records.setActors(actors);
    this.symbology.setActors(this.records.control, this.records.actors);
    this.overlay.relook();
    this.legend.render();
    this.records.setSources(sources);
    this.loader.again(); // the states name who holds a role
    this.asking.claims();
    this.timebar.renderLane();
    this.#render();
  }

  /** What the filters leave is shown, and nothing else. */
  refiltered() {
    this.timebar.refresh();
    this.#window();
    this.#showSites();
    this.#render();
  }

  /** @param {Error} error */
  failed(error) {
    const message = `The data could not be loaded (${error.message}). What is shown may be old; try again by reloading the page.`;
    fill(element("notice"), h("p", {}, stored(message)));
    element("notice").hidden = false;
  }

  /** @param {number} day @param {import("./api.js").Feature[]} features */
  #onDay(day, features) {
    this.day = day;
    this.features = features;
    this.allSites = new Map(features.map(({ id, properties }) => [id, properties]));
    this.#showSites();
    this.asking.dayChanged();
    if (this.api.counted) this.#complete();
    this.#render();
    this.#announceSoon();
  }

  /** The service has counted. */
  #counted() {
    this.#window();
    this.#showSites();
    this.#render();
  }

  #showSites() {
    const { records, features, allSites } = this;
    const { state } = this.store;
    const chosen = state.choice?.kind === "site" ? state.choice.id : null;
    const left = (/** @type {Record<string, any>} */ site) =>
      site.site_id === chosen || records.shows(site, state);
    const all = records.filter === null;
    this.sites = all ? allSites : new Map([...allSites].filter(([, site]) => left(site)));
    this.overlay.setSites(all ? features : features.filter((one) => left(one.properties)));
  }

  /** @param {import("./hash.js").State} state @param {Set<string>} changed */
  #changed(state, changed) {
    if (changed.has("view")) this.view.follow(state.view);
    // What was asked for by a click is shown at once; a window that is dragged can wait for its list.
    if ([...changed].some((key) => !["from", "to", "view"].includes(key))) this.panelTook = 0;
    if (changed.has("to")) this.loader.want(state.to).catch((error) => this.failed(error));
    this.asking.changed(state, changed);
    if (["from", "to", "filters", "q"].some((key) => changed.has(key)))
      this.records.served?.want(state, this.records.filter);
    if (changed.has("from") || changed.has("to")) this.#window();
    const { filter } = this.records;
    if (filter && (changed.has("choice") || changed.has("from"))) this.#showSites();
    this.timebar.changed(changed);
    if (changed.has("choice")) {
      this.overlay.update({ choice: state.choice, hovered: null });
      this.panel.open(state.choice !== null);
      this.#complete();
    }
    if (changed.has("off")) this.overlay.update({ off: state.off });
    if (changed.has("colour")) {
      this.symbology.setColouring(state.colour);
      this.overlay.relook();
      this.legend.render();
    }
    this.overlay.play(this.timebar.playing);
    this.#render();
    if (changed.size > 1 || !changed.has("table")) this.#announceSoon();
  }

  /** Fetch what the panel says of a chosen site and the map did not need. */
  async #complete() {
    const { choice } = this.store.state;
    if (choice?.kind !== "site") return;
    try {
      if (await this.records.served?.complete(this.allSites.get(choice.id), this.day)) this.#render();
      if (!(await this.records.complete(choice.id, this.api))) return;
      if (this.api.counted) {
        this.asking.claims();
        this.refiltered();
      }
      this.timebar.renderLane();
      this.#render();
    } catch (error) {
      this.failed(/** @type {Error} */ (error));
    }
  }

  #window() {
    const { state } = this.store;
    this.overlay.update({
      flows: this.records.flowsIn(state),
      reportsOf: this.records.countBySite(state),
    });
  }

  /** Rewrite the counts, once for all changes of a frame, and the panel, once in a while. */
  #render() {
    this.rendering ??= requestAnimationFrame(() => {
      this.rendering = undefined;
      const { state } = this.store;
      this.timebar.setCounts(this.counts());
      document.body.classList.toggle("waiting", this.day !== state.to);
      const rest = Math.min(this.panelTook / PANEL_SHARE, PANEL_LONGEST_MS);
      const due = this.panelRendered + Math.max(PANEL_MS, rest) - performance.now();
      if (due <= 0 || state.choice !== this.panelChoice) this.#renderPanel();
      else this.panelWaiting ??= setTimeout(() => this.#renderPanel(), due);
    });
  }

  #renderPanel() {
    clearTimeout(this.panelWaiting);
    this.panelWaiting = undefined;
    const began = performance.now();
    this.panelChoice = this.store.state.choice;
    const context = this.context();
    this.panel.render(context);
    this.table.render(context);
    this.panelRendered = performance.now();
    this.panelTook = this.panelRendered - began;
  }

  /** @returns {import("./panel.js").Context} */
  context() {
    const { store, records, words, symbology, sites } = this;
    return {
      state: store.state,
      store,
      records,
      words,
      symbology,
      sites,
      config: this.config,
      allSites: this.allSites,
      inView: this.view.within(this.sites),
      bounds: this.view.bounds,
      gathered: this.#gathered(),
      actions: {
        choose: (choice) => this.choose(choice),
        zoomTo: (site) => this.hand.zoomTo(site),
      },
    };
  }

  #gathered() {
    const { choice } = this.store.state;
    if (choice?.kind !== "place") return [];
    return this.overlay.gatheringOf(choice.id) ?? [choice.id];
  }

  counts() {
    const { state } = this.store;
    // What is chosen is shown though the filters leave it out; it is not counted.
    const hotspots = [...this.sites.values()].filter(
      (site) => site.place_role !== "context" && this.records.shows(site, state),
    );
    const running = hotspots.filter(
      ({ activity }) => activity === "active" || activity === "expanding",
    );
    return {
      day: this.day ?? state.to,
      running: running.length,
      known: hotspots.length,
      reports: this.timebar.countIn(state),
      flows: this.records.flowsIn(state).length,
    };
  }

  /** One sentence on all that is shown. */
  summary() {
    return this.words.summary(this.counts());
  }

  #announceSoon() {
    clearTimeout(this.speaking);
    if (!this.timebar?.playing) this.speaking = setTimeout(() => this.#announce(), 700);
  }

  #announce() {
    const { choice } = this.store.state;
    const summary = this.summary();
    const title = choice ? this.panel.title : null;
    const said = title ? `${title} is open in the panel. ${summary}` : summary;
    if (element("live").textContent !== said) element("live").textContent = said;
  }

  /** @param {import("./hash.js").Choice | null} choice */
  choose(choice) {
    this.store.set({ choice }, { step: true });
    // Once the panel is written: a sheet is as high as what it says.
    if (choice?.kind === "site") setTimeout(() => this.hand.reveal(choice.id), 60);
  }
}

/** @param {string} id @returns {HTMLElement} */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const config = JSON.parse(element("atlas-config").textContent ?? "{}");
speak(config.texts);
startScheme();
const atlas = new Atlas(config);

startPage(atlas);
openToOthers(atlas);
