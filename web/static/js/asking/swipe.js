/**
 * Two dates on one map: left of a divider the symbols as reported as of the other date, right of it
 * those of the date shown. Both are drawn whole; a divider that is dragged only moves the edge at
 * which each is cut.
 */

import { isoDay, longDate } from "../days.js";
import { Overlay } from "../overlay.js";
import { narrowed, seen, whereIs } from "../place/hits.js";
import { CompareLayer } from "./comparelayer.js";
import { Divider } from "./divider.js";

/**
 * @typedef {object} Other what is drawn left of the divider
 * @property {number} day
 * @property {import("../api.js").Feature[]} features the sites that the filters leave
 * @property {import("../flows.js").Flow[]} flows of the window that ends on the day
 * @property {Map<string, number>} reportsOf reports of that window by site
 * @property {Map<string, import("./comparison.js").Class>} classes
 */

const PANES = {
  left: ["atlas-other", "atlas-other-comparison"],
  right: ["atlas-overlay", "atlas-motion", "atlas-comparison"],
};
/** Beyond every edge of the map, in pixels: a side is cut only at the divider. */
const FAR = 1e5;

export class Swipe {
  /** @param {import("./asking.js").Page} page */
  constructor(page) {
    this.page = page;
    this.on = false;
    /** @type {number | null} */
    this.day = null;
    /** @type {Overlay | null} */
    this.other = null;
    /** @type {CompareLayer | null} */
    this.marks = null;
    this.divider = new Divider(page.map.getContainer(), {
      moved: () => this.#cut(),
      rested: (at) => {
        this.#part();
        page.store.set({ swipe: at });
      },
    });
    page.map.on("move zoom viewreset resize", () => this.#cut());
  }

  /** @param {Other} what */
  show({ day, features, flows, reportsOf, classes }) {
    const { store, overlay } = this.page;
    const { swipe, to } = store.state;
    const { other, marks } = this.#start();
    this.day = day;
    other.setSites(features);
    other.update({ flows, reportsOf });
    marks.show(classes);
    if (overlay.twin !== other) {
      overlay.twin = other;
      const { names, off, choice, cover } = overlay;
      other.update({ names, off, choice, cover });
    }
    this.divider.show(swipe ?? 50, { left: longDate(day), right: longDate(to) });
    this.#part();
  }

  /** Names keep to their side: cut by the divider, two of them would read as one. */
  #part() {
    const at = this.divider.at / 100;
    this.page.overlay.update({ part: { from: at, to: 1 } });
    this.other?.update({ part: { from: 0, to: at } });
  }

  #start() {
    const { map, symbology } = this.page;
    this.other ??= new Overlay(map, symbology, { pane: PANES.left[0], still: true });
    this.marks ??= new CompareLayer(map, this.other, PANES.left[1]);
    if (!this.on) for (const { canvas } of [this.other, this.marks]) canvas.show(true);
    this.on = true;
    return { other: this.other, marks: this.marks };
  }

  end() {
    if (!this.on) return;
    this.on = false;
    this.page.overlay.twin = null;
    this.page.overlay.update({ part: null });
    for (const layer of [this.other, this.marks]) layer?.canvas.show(false);
    this.divider.hide();
    for (const pane of PANES.right) this.page.map.getPane(pane).style.clipPath = "";
  }

  /** The state may have another place for the divider. */
  follow() {
    const { swipe } = this.page.store.state;
    if (this.on && swipe !== null && swipe !== this.divider.at) {
      this.divider.to(swipe);
      this.#part();
    }
    this.marks?.follow();
  }

  /** Cut both sides at the divider. */
  #cut() {
    if (!this.on) return;
    const { map } = this.page;
    const edge = map.containerPointToLayerPoint([this.#edge(), 0]).x;
    for (const [side, far] of /** @type {const} */ ([["left", -FAR], ["right", FAR]])) {
      const corners = [[edge, -FAR], [far, -FAR], [far, FAR], [edge, FAR]];
      const polygon = corners.map(([x, y]) => `${x}px ${y}px`).join(", ");
      for (const pane of PANES[side]) {
        const found = map.getPane(pane);
        if (found) found.style.clipPath = `polygon(${polygon})`;
      }
    }
  }

  /** @returns {number} pixels between the map's left edge and the divider */
  #edge() {
    return (this.page.map.getSize().x * this.divider.at) / 100;
  }

  /**
   * What is drawn at a point of the map, and as of which day; null while one date is shown.
   * @param {{x: number, y: number}} point pixels from the map's corner
   */
  sideAt({ x }) {
    if (!this.on || !this.other) return null;
    const left = x < this.#edge();
    const { overlay, store } = this.page;
    return {
      overlay: left ? this.other : overlay,
      day: /** @type {number} */ (left ? this.day : store.state.to),
    };
  }

  /** @param {string} id @returns {{x: number, y: number} | null} where the other date shows it, from the map's corner */
  whereIs(id) {
    return this.on && this.other ? whereIs(this.other.drawn, id) : null;
  }

  /** What is seen on either side, for tests and for whoever embeds the map. */
  snapshot() {
    if (!this.on || !this.other) return null;
    const { overlay, store } = this.page;
    const at = this.divider.at / 100;
    return {
      at: Math.round(this.divider.at),
      edge: this.#edge(),
      left: { day: isoDay(/** @type {number} */ (this.day)), ...this.#seen(this.other, 0, at) },
      right: { day: isoDay(store.state.to), ...this.#seen(overlay, at, 1) },
    };
  }

  /** @param {Overlay} overlay @param {number} from @param {number} to */
  #seen({ drawn }, from, to) {
    return seen(drawn && { ...drawn, frame: narrowed(drawn.frame, { from, to }) });
  }
}
