/** Pointing at the map, and moving it to what is chosen. */

/* global L */

import { longDate } from "./days.js";
import { fill, stored } from "./dom.js";
import { t } from "./text.js";
import { shortName } from "./words.js";

const NARROW = matchMedia("(max-width: 760px)");
/** Names that the tip of a gathered symbol tells. */
const NAMED = 3;
const STILL = matchMedia("(prefers-reduced-motion: reduce)");
/** From this zoom on gathered sites are fanned out; before, the map zooms in to part them. */
const NEAREST = 12;
/** Pixels that a mouse, or a finger, may miss by. */
const SLACK = { mouse: 4, finger: 12 };

/**
 * @typedef {object} Side what is drawn at a point of the map
 * @property {import("./overlay.js").Overlay} overlay
 * @property {number | null} day told where two dates share the map
 * @typedef {object} Holder the page, as far as the hand needs it
 * @property {any} map the Leaflet map
 * @property {import("./overlay.js").Overlay} overlay
 * @property {import("./asking/asking.js").Asking} asking
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
    /** @type {import("./overlay.js").Overlay | null} that was pointed at last */
    this.over = null;
    const { map } = page;
    map.on("mousemove", (/** @type {any} */ event) => this.#point(event.containerPoint));
    map.on("mouseout", () => this.#leave());
    map.on("click", (/** @type {any} */ event) => this.#click(event.containerPoint));
  }

  /** Two dates may share the map. @param {{x: number, y: number}} point @returns {Side} */
  #sideAt(point) {
    const { asking, overlay } = this.page;
    return asking.comparing.swipe.sideAt(point) ?? { overlay, day: null };
  }

  /** @param {{x: number, y: number}} point */
  #point(point) {
    const { map } = this.page;
    const side = this.#sideAt(point);
    const { overlay } = side;
    if (this.over !== overlay) this.#forget();
    this.over = overlay;
    const hit = overlay.hit(point, SLACK.mouse);
    if (hit?.id !== overlay.hovered?.id) overlay.update({ hovered: hit });
    map.getContainer().classList.toggle("over", hit !== null);
    this.tip.hidden = hit === null;
    if (!hit) return;
    fill(this.tip, stored(this.#words(hit, side)));
    const right = point.x > map.getSize().x - 260;
    const shift = right ? " translateX(-100%)" : "";
    this.tip.style.transform = `translate(${point.x + (right ? -12 : 14)}px, ${point.y + 14}px)${shift}`;
  }

  #leave() {
    this.tip.hidden = true;
    this.#forget();
  }

  #forget() {
    if (this.over?.hovered) this.over.update({ hovered: null });
  }

  /** @param {{x: number, y: number}} point */
  #click(point) {
    const { store } = this.page;
    const { overlay } = this.#sideAt(point);
    const hit = overlay.hit(point, NARROW.matches ? SLACK.finger : SLACK.mouse);
    this.tip.hidden = true;
    if (!hit) {
      if (store.state.choice) this.page.choose(null);
    } else if (hit.gathering) {
      this.#open(hit.gathering);
    } else if (!hit.bundle || !this.#part(hit.bundle, overlay)) {
      this.page.choose({ kind: hit.kind, id: hit.id });
    }
  }

  /** @param {import("./place/hits.js").Hit} hit @param {Side} side */
  #words(hit, { overlay, day }) {
    const words = this.#undated(hit, overlay);
    return day === null ? words : t("asking.side_tip", { words, day: longDate(day) });
  }

  /** @param {import("./place/hits.js").Hit} hit @param {import("./overlay.js").Overlay} overlay */
  #undated({ bundle, place, gathering }, overlay) {
    if (bundle) return this.#moves(bundle);
    if (place) return this.#site(place, overlay);
    const { reportsOf } = overlay;
    const members = gathering?.members ?? [];
    const told = members.filter(({ id }) => reportsOf.has(id)).length;
    const names = members.slice(0, NAMED).map(({ site }) => shortName(site.name));
    const more = members.length > NAMED ? " …" : "";
    const told_here = t("place.tip.told", { count: told });
    return `${t("place.tip.gathered", { count: members.length })}, ${told_here}: ${names.join(", ")}${more}`;
  }

  /** @param {import("./place/siteindex.js").Place} place @param {import("./overlay.js").Overlay} overlay */
  #site({ site, look }, overlay) {
    const { words } = this.page;
    const { actors, colouring } = overlay.symbology;
    const state = `${shortName(site.name)}: ${words.activity(site.activity)}`;
    if (colouring === "activity" || !look.classes.length) return state;
    return `${state}; ${look.classes.map((key) => actors.label(key)).join(", ")}`;
  }

  /** @param {import("./flows.js").Bundle} bundle */
  #moves({ flows, names }) {
    if (flows.length === 1) {
      return t("place.tip.move", { route: this.page.words.route(flows[0].claim) });
    }
    const [from, to] = names.map((set) => {
      const some = [...set].slice(0, NAMED).map(shortName).join(", ");
      return some ? some + (set.size > NAMED ? " …" : "") : t("place.tip.unknown_place");
    });
    const route = `${from} → ${to}`;
    return t("place.tip.moves", { count: flows.length, route });
  }

  /**
   * Come near enough to part a bundle of claims with different ends.
   * @param {import("./flows.js").Bundle} bundle
   * @param {import("./overlay.js").Overlay} overlay
   * @returns {boolean} whether the map moves; if not, the first claim is to be opened
   */
  #part({ flows, parted }, overlay) {
    const { map } = this.page;
    const { claim_zoom: near } = overlay.symbology.symbols.flow;
    const routes = new Set(flows.map(({ claim }) => `${claim.from_site_id} ${claim.to_site_id}`));
    if (parted || routes.size < 2 || map.getZoom() >= near) return false;
    const ends = flows.flatMap((flow) => flow.ends).map(fromMercator);
    const zoom = map.getBoundsZoom(L.latLngBounds(ends), false, L.point(80, 80));
    const next = Math.min(near, Math.max(zoom, map.getZoom() + 1.5));
    map.flyTo(L.latLngBounds(ends).getCenter(), next, { animate: !STILL.matches, duration: 0.6 });
    return true;
  }

  /**
   * Part near sites by zooming; what no zoom can part is fanned out.
   * @param {import("./gathering.js").Gathering} gathering
   */
  #open({ id, members, onePoint }) {
    const { map } = this.page;
    if (onePoint || map.getZoom() >= NEAREST) {
      this.page.choose({ kind: "place", id });
      return;
    }
    const bounds = L.latLngBounds(members.map(({ lonLat: [lon, lat] }) => [lat, lon]));
    // What spreads over the whole view is parted by one step nearer.
    const wanted = map.getBoundsZoom(bounds, false, L.point(180, 180));
    const zoom = Math.min(NEAREST, Math.max(wanted, map.getZoom() + 0.75));
    map.setView(bounds.getCenter(), zoom, { animate: !STILL.matches });
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

/** @param {readonly [number, number]} unit @returns {[number, number]} latitude and longitude, degrees */
function fromMercator([x, y]) {
  const lat = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  return [lat, (x - 0.5) * 360];
}
