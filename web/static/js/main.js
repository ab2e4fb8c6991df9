/**
 * The time map: takes over the Leaflet map that Folium made, and fills it from the public API.
 * What it needs to know stands in the page's one block of JSON.
 */

import { Api } from "./api.js";
import { Basemap } from "./basemap.js";
import { addMonths, isoDay, longDate, parseDay, plural } from "./days.js";
import { DayLoader } from "./dayloader.js";
import { fill, h, stored } from "./dom.js";
import { toFlows } from "./flows.js";
import { Hand } from "./hand.js";
import { encode } from "./hash.js";
import { buildLegend, LAYERS } from "./legend.js";
import { Overlay } from "./overlay.js";
import { Panel } from "./panel.js";
import { possibleDays, Records } from "./records.js";
import { Store } from "./store.js";
import { Symbology } from "./symbols.js";
import { speak } from "./text.js";
import { TimeBar } from "./timebar.js";
import { Words } from "./words.js";

const NARROW = matchMedia("(max-width: 760px)");
/** While the window is dragged the list beside the map is rewritten no more often than this. */
const PANEL_MS = 160;

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
    this.sites = new Map();
    /** @type {number | null} */
    this.day = null;
    this.panelRendered = -Infinity;
    this.store = this.#store(config);
    this.panel = new Panel(element("panel"));
    this.loader = new DayLoader(
      this.api,
      (day, features) => this.#onDay(day, features),
      (error) => this.#failed(error),
    );
    this.timebar = new TimeBar(element("timebar"), this.store, this.symbology, (day) =>
      this.loader.want(day),
    );
    // Only now has the map the size that it keeps.
    this.#map();
    this.overlay = new Overlay(this.map, this.symbology);
    this.basemap = new Basemap(this.map, this.api, () =>
      this.overlay.update({ names: this.basemap.names }),
    );
    this.timebar.onPause = () => this.#announce();
    buildLegend(element("legend"), this.symbology, this.store, { open: innerWidth > 1100 });
    this.overlay.update({ off: this.store.state.off, choice: this.store.state.choice });
    if (this.store.state.choice) this.panel.open(true);
    this.store.subscribe((state, changed) => this.#changed(state, changed));
    this.hand = new Hand(this, element("tip"), element("panel"));
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
    const rest = { choice: null, off: new Set(), wholeAxis: false, allReports: false };
    return new Store(
      { view, from, to, ...rest },
      { firstDay, lastDay, layers: Object.keys(LAYERS) },
    );
  }

  #map() {
    const container = this.map.getContainer();
    container.setAttribute("role", "application");
    container.setAttribute(
      "aria-label",
      "Map of reported sites. Arrow keys move it, plus and minus zoom. The list beside it holds the same sites.",
    );
    const { view } = this.store.state;
    this.map.invalidateSize({ pan: false });
    this.map.setView([view.lat, view.lon], view.zoom, { animate: false });
    this.map.on("moveend", () => {
      const { lat, lng } = this.map.getCenter();
      const next = {
        zoom: this.map.getZoom(),
        lat: Number(lat.toFixed(4)),
        lon: Number(lng.toFixed(4)),
      };
      this.store.set({ view: next });
    });
    new ResizeObserver(() => this.map.invalidateSize({ animate: false })).observe(container);
  }

  async #load() {
    const { state } = this.store;
    this.#render();
    const days = this.loader.want(state.to);
    try {
      const [reports, flows] = await Promise.all([this.api.reports(), this.api.displacement()]);
      this.records.setReports(reports);
      this.records.flows = toFlows(flows, possibleDays);
      this.timebar.setReports(this.records.reports);
      this.#window();
      await days;
      await this.basemap.ready;
    } catch (error) {
      this.#failed(/** @type {Error} */ (error));
    }
    this.loaded = true;
    this.#render();
    this.#announce();
  }

  /** @param {Error} error */
  #failed(error) {
    const message = `The data could not be loaded (${error.message}). What is shown may be old; try again by reloading the page.`;
    fill(element("notice"), h("p", {}, stored(message)));
    element("notice").hidden = false;
  }

  /** @param {number} day @param {import("./api.js").Feature[]} features */
  #onDay(day, features) {
    this.day = day;
    this.features = features;
    this.sites = new Map(
      features.map(({ geometry, properties }) => [
        properties.site_id,
        { ...properties, point: geometry?.coordinates ?? null },
      ]),
    );
    this.overlay.setSites(features);
    element("notice").hidden = true;
    this.#render();
    this.#announceSoon();
  }

  /** @param {import("./hash.js").State} state @param {Set<string>} changed */
  #changed(state, changed) {
    if (changed.has("view")) this.#follow(state.view);
    if (changed.has("to")) this.loader.want(state.to);
    if (changed.has("from") || changed.has("to")) this.#window();
    if (changed.has("from") || changed.has("to") || changed.has("wholeAxis")) this.timebar.render();
    if (changed.has("choice")) {
      this.overlay.update({ choice: state.choice, hovered: null });
      this.panel.open(state.choice !== null);
    }
    if (changed.has("off")) this.overlay.update({ off: state.off });
    this.#render();
    this.#announceSoon();
  }

  /** @param {import("./hash.js").View} view */
  #follow({ zoom, lat, lon }) {
    const center = this.map.getCenter();
    const moved = Math.abs(center.lat - lat) > 1e-3 || Math.abs(center.lng - lon) > 1e-3;
    if (moved || Math.abs(this.map.getZoom() - zoom) > 0.01) {
      this.map.setView([lat, lon], zoom, { animate: false });
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
      const { running, reports, flows } = this.counts();
      this.timebar.setCounts(
        `${plural(running, "site")} reported active or expanding · ${plural(reports, "report")} and ` +
          `${plural(flows, "move")} in the window`,
      );
      document.body.classList.toggle("waiting", this.day !== state.to);
      const due = this.panelRendered + PANEL_MS - performance.now();
      if (due <= 0 || state.choice !== this.panelChoice) this.#renderPanel();
      else this.panelWaiting ??= setTimeout(() => this.#renderPanel(), due);
    });
  }

  #renderPanel() {
    clearTimeout(this.panelWaiting);
    this.panelWaiting = undefined;
    this.panelRendered = performance.now();
    this.panelChoice = this.store.state.choice;
    this.panel.render(this.#context());
  }

  /** @returns {import("./panel.js").Context} */
  #context() {
    const { store, records, words, symbology, sites } = this;
    return {
      state: store.state,
      store,
      records,
      words,
      symbology,
      sites,
      inView: this.#inView(),
      gathered: this.#gathered(),
      actions: {
        choose: (choice) => this.choose(choice),
        zoomTo: (site) => this.hand.zoomTo(site),
      },
    };
  }

  #inView() {
    const bounds = this.map.getBounds();
    const ids = [];
    for (const [id, { point }] of this.sites) {
      if (point && bounds.contains([point[1], point[0]])) ids.push(id);
    }
    return ids;
  }

  #gathered() {
    const { choice } = this.store.state;
    if (choice?.kind !== "place") return [];
    return this.overlay.gatheringOf(choice.id) ?? [choice.id];
  }

  counts() {
    const { state } = this.store;
    const hotspots = [...this.sites.values()].filter((site) => site.place_role !== "context");
    const running = hotspots.filter(
      ({ activity }) => activity === "active" || activity === "expanding",
    );
    return {
      day: this.day ?? state.to,
      running: running.length,
      known: hotspots.length,
      reports: this.records.reportsIn(state).length,
      flows: this.records.flowsIn(state).length,
    };
  }

  #announceSoon() {
    clearTimeout(this.speaking);
    if (!this.timebar?.playing) this.speaking = setTimeout(() => this.#announce(), 700);
  }

  #announce() {
    const { choice } = this.store.state;
    const summary = this.words.summary(this.counts());
    const title = choice ? this.panel.body.querySelector("h2")?.textContent : null;
    const said = title ? `${title} is open in the panel. ${summary}` : summary;
    if (element("live").textContent !== said) element("live").textContent = said;
  }

  /** @param {import("./hash.js").Choice | null} choice */
  choose(choice) {
    this.store.set({ choice }, { step: true });
    // Once the panel is written: a sheet is as high as what it says.
    if (choice?.kind === "site") setTimeout(() => this.hand.reveal(choice.id), 60);
  }

  /** What is drawn and said, for tests and for whoever embeds the map. */
  snapshot() {
    const { state } = this.store;
    return {
      ready: this.loaded === true && this.day === state.to && this.panelWaiting === undefined,
      statesOf: this.day === null ? null : isoDay(this.day),
      window: { from: isoDay(state.from), to: isoDay(state.to) },
      view: state.view,
      choice: state.choice,
      off: [...state.off].sort(),
      playing: this.timebar.playing,
      counts: this.counts(),
      hash: encode(state),
      date: longDate(state.to),
      ...this.overlay.snapshot(),
    };
  }
}

/** @param {string} id @returns {HTMLElement} */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const config = JSON.parse(element("atlas-config").textContent ?? "{}");
speak(config.texts);
const atlas = new Atlas(config);

element("skip").addEventListener("click", (event) => {
  event.preventDefault(); // the part after # belongs to the view
  atlas.panel.enter();
});

globalThis.scamAtlas = Object.freeze({
  /** Settles when the first picture is complete. */
  ready: atlas.ready,
  snapshot: () => atlas.snapshot(),
  /** Where a site or flow is drawn, in pixels from the map's corner. */
  whereIs: (/** @type {string} */ id) => atlas.overlay.whereIs(id),
});
