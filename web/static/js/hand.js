/** Pointing at the map, and moving it to what is chosen. */

/* global L */

import { fill, stored } from "./dom.js";

const NARROW = matchMedia("(max-width: 760px)");
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
/** From this zoom on gathered sites are fanned out; before, the map zooms in to part them. */
const NEAREST = 12;
/** Pixels that a mouse, or a finger, may miss by. */
const SLACK = { mouse: 4, finger: 12 };

/**
 * @typedef {object} Holder the page, as far as the hand needs it
 * @property {any} map the Leaflet map
 * @property {import("./overlay.js").Overlay} overlay
 * @property {import("./words.js").Words} words
 * @property {import("./store.js").Store} store
 * @property {Map<string, Record<string, any>>} sites
 * @property {(choice: import("./hash.js").Choice | null) => void} choose
 */

export class Hand {
  /**
   * @param {Holder} page
   * @param {HTMLElement} tip
   * @param {HTMLElement} panel which covers part of a narrow map
   */
  constructor(page, tip, panel) {
    this.page = page;
    this.tip = tip;
    this.panel = panel;
    const { map } = page;
    map.on("mousemove", (/** @type {any} */ event) => this.#point(event.containerPoint));
    map.on("mouseout", () => this.#leave());
    map.on("click", (/** @type {any} */ event) => this.#click(event.containerPoint));
  }

  /** @param {{x: number, y: number}} point */
  #point(point) {
    const { overlay, map } = this.page;
    const hit = overlay.hit(point, SLACK.mouse);
    if (hit?.id !== overlay.hovered?.id) overlay.update({ hovered: hit });
    map.getContainer().classList.toggle("over", hit !== null);
    this.tip.hidden = hit === null;
    if (!hit) return;
    fill(this.tip, stored(this.#words(hit)));
    const right = point.x > map.getSize().x - 260;
    const shift = right ? " translateX(-100%)" : "";
    this.tip.style.transform = `translate(${point.x + (right ? -12 : 14)}px, ${point.y + 14}px)${shift}`;
  }

  #leave() {
    this.tip.hidden = true;
    if (this.page.overlay.hovered) this.page.overlay.update({ hovered: null });
  }

  /** @param {{x: number, y: number}} point */
  #click(point) {
    const { overlay, store } = this.page;
    const hit = overlay.hit(point, NARROW.matches ? SLACK.finger : SLACK.mouse);
    this.tip.hidden = true;
    if (!hit) {
      if (store.state.choice) this.page.choose(null);
    } else if (hit.gathering) {
      this.#open(hit.gathering);
    } else {
      this.page.choose({ kind: hit.kind, id: hit.id });
    }
  }

  /** @param {import("./overlay.js").Hit} hit */
  #words({ flow, place, gathering }) {
    const { words } = this.page;
    if (flow) return `Reported move: ${words.route(flow.claim)}`;
    if (place) return `${place.site.name}: ${words.activity(place.site.activity)}`;
    const names = (gathering?.members ?? []).map(({ site }) => site.name);
    return `${names.length} sites here: ${names.slice(0, 3).join(", ")}${names.length > 3 ? " …" : ""}`;
  }

  /**
   * Part near sites by zooming; what no zoom can part is fanned out.
   * @param {import("./gathering.js").Gathering} gathering
   */
  #open({ id, members, onePoint }) {
    const { map, sites } = this.page;
    if (onePoint || map.getZoom() >= NEAREST) {
      this.page.choose({ kind: "place", id });
      return;
    }
    const points = members.map((place) => sites.get(place.id)?.point).filter(Boolean);
    const bounds = L.latLngBounds(points.map(([lon, lat]) => [lat, lon]));
    map.fitBounds(bounds, { padding: [90, 90], maxZoom: NEAREST, animate: !STILL.matches });
  }

  /** Zoom until the circle of precision fills about half of the map. @param {Record<string, any>} site */
  zoomTo(site) {
    const point = site.point ?? this.page.sites.get(site.site_id)?.point;
    if (!point) return;
    const metres = Math.max(site.precision_m ?? 5000, 1500);
    const bounds = L.latLng(point[1], point[0]).toBounds(4 * metres);
    this.page.map.fitBounds(bounds, { maxZoom: NEAREST, animate: !STILL.matches });
  }

  /** Move the map if the chosen site lies outside it or under the sheet. @param {string} id */
  reveal(id) {
    const { map, sites } = this.page;
    const point = sites.get(id)?.point;
    if (!point) return;
    const { x, y } = map.latLngToContainerPoint([point[1], point[0]]);
    const size = map.getSize();
    const height = size.y - (NARROW.matches ? this.panel.offsetHeight : 0);
    if (x > 30 && y > 30 && x < size.x - 30 && y < height - 30) return;
    const shift = [x - size.x / 2, y - Math.max(height / 2, 70)];
    map.panBy(shift, { animate: !STILL.matches });
  }
}
