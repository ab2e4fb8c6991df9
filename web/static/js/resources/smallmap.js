/**
 * The small map of a page of features: draws what the page's block of JSON holds, over our own
 * base map. A click on a place goes to its row in the table; without a table it only tells names.
 */

/* global L */

import { Api } from "../api.js";
import { Basemap } from "../basemap.js";
import { addCanvas, mercator, pixelsPerMetre, toPixel } from "../canvaslayer.js";
import { Labels } from "../labels.js";
import { placeBaseNames } from "../names.js";

/**
 * @typedef {{row: number, name: string, at: number[][], precision: (number | null)[], colour: string}} Drawn
 * @typedef {object} Place features that share their place, drawn as one
 * @property {Drawn[]} features
 * @property {[number, number][]} units
 */

const RADIUS = 6;
const MISS = { mouse: 5, finger: 14 };
const SAID = 3;

class SmallMap {
  /** @param {any} data `web.resources.mapdata` */
  constructor(data) {
    this.data = data;
    /** @type {Place[]} */
    this.places = [...gather(data.features).values()];
    this.single = data.features.length === 1;
    this.map = L.map("map", {
      attributionControl: false,
      zoomSnap: 0.25,
      minZoom: 2,
      maxZoom: 14,
      scrollWheelZoom: false, // a page that is scrolled must not stop at the map
      zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    L.control.scale({ imperial: false }).addTo(this.map);
    this.#view();
    this.basemap = new Basemap(
      this.map,
      new Api({ layers_root: "", ...data }),
      () => data.ground,
      () => this.canvas?.redraw(),
    );
    this.canvas = addCanvas(this.map, "atlas-small", 400, (context, frame) =>
      this.#draw(context, frame),
    );
    this.map.on("mousemove", (/** @type {any} */ event) => this.#point(event.containerPoint));
    this.map.on("click", (/** @type {any} */ event) => this.#choose(event.containerPoint));
    new ResizeObserver(() => this.map.invalidateSize({ animate: false })).observe(
      this.map.getContainer(),
    );
  }

  /** All that is drawn in view; one place with its whole circle. */
  #view() {
    const bounds = L.latLngBounds([]);
    for (const { at, precision } of this.data.features) {
      at.forEach(([lon, lat], index) => {
        bounds.extend([lat, lon]);
        const radius = precision[index] ?? 0;
        if (this.single && at.length === 1 && radius) bounds.extend(L.latLng(lat, lon).toBounds(2 * radius));
      });
    }
    this.map.fitBounds(bounds, { padding: [24, 24], maxZoom: this.single ? 13 : 11 });
  }

  /** @param {CanvasRenderingContext2D} context @param {import("../canvaslayer.js").Frame} frame */
  #draw(context, frame) {
    const labels = new Labels(context);
    const gatherings = [];
    for (const place of this.places) this.#circles(context, frame, place);
    for (const place of this.places) {
      const points = place.units.map((unit) => toPixel(frame, unit));
      if (points.length > 1) this.#line(context, points, place);
      else if (!this.#isRegion(place, 0)) this.#dot(context, points[0], place);
      for (const [x, y] of points) {
        labels.reserve({ left: x - RADIUS, right: x + RADIUS, top: y - RADIUS, bottom: y + RADIUS });
        gatherings.push({ x, y, reach: RADIUS });
      }
    }
    const { labels: colours } = this.data.ground;
    const drawn = { gatherings, named: new Set(), regions: [], colours };
    placeBaseNames(context, labels, frame, this.basemap.names, /** @type {any} */ (drawn));
    labels.draw();
  }

  /** @param {Pick<Place, "features">} place @param {number} index of the point */
  #isRegion({ features }, index) {
    return (features[0].precision[index] ?? 0) >= this.data.region_precision_m;
  }

  /**
   * How exactly the place is known: near, or where there is only one; regions always.
   * @param {CanvasRenderingContext2D} context
   * @param {import("../canvaslayer.js").Frame} frame
   * @param {Place} place
   */
  #circles(context, frame, place) {
    const { circle_zoom: near, circle_precision_m: most } = this.data;
    const [{ at, precision, colour }] = place.features;
    place.units.forEach((unit, index) => {
      const radius = precision[index];
      const region = this.#isRegion(place, index);
      if (region && place.units.length > 1) return;
      const shown = this.single || region || (frame.zoom >= near && (radius ?? 0) <= most);
      if (!radius || !shown) return;
      const [x, y] = toPixel(frame, unit);
      context.beginPath();
      context.arc(x, y, radius * pixelsPerMetre(frame, at[index][1]), 0, 2 * Math.PI);
      context.save();
      context.strokeStyle = colour;
      context.fillStyle = colour;
      context.lineWidth = 1.25;
      context.setLineDash([5, 4]);
      context.globalAlpha = 0.06;
      context.fill();
      context.globalAlpha = 0.75;
      context.stroke();
      context.restore();
    });
  }

  /** @param {CanvasRenderingContext2D} context @param {[number, number]} point @param {Place} place */
  #dot(context, [x, y], { features }) {
    const radius = RADIUS + Math.min(4, Math.log2(features.length));
    const share = (2 * Math.PI) / features.length;
    const colours = features.map(({ colour }) => colour).sort();
    let from = -Math.PI / 2;
    for (const colour of new Set(colours)) {
      const to = from + share * colours.filter((other) => other === colour).length;
      context.beginPath();
      context.moveTo(x, y);
      context.arc(x, y, radius, from, to);
      context.fillStyle = colour;
      context.fill();
      from = to;
    }
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.strokeStyle = this.data.ground.paper;
    context.lineWidth = 2;
    context.stroke();
  }

  /** @param {CanvasRenderingContext2D} context @param {[number, number][]} points @param {Place} place */
  #line(context, points, { features }) {
    const [[x0, y0], [x1, y1]] = points.slice(-2);
    const angle = Math.atan2(y1 - y0, x1 - x0);
    context.save();
    context.strokeStyle = features[0].colour;
    context.fillStyle = features[0].colour;
    context.lineWidth = 2;
    if (points.some((_, index) => this.#isRegion({ features }, index))) context.setLineDash([6, 5]);
    context.beginPath();
    points.forEach(([x, y], index) => (index ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    context.moveTo(x1, y1);
    for (const turn of [-0.4, 0.4]) {
      context.lineTo(x1 - 11 * Math.cos(angle + turn), y1 - 11 * Math.sin(angle + turn));
    }
    context.fill();
    context.restore();
  }

  /** @param {{x: number, y: number}} point @param {number} miss pixels @returns {Place | null} */
  #hit(point, miss) {
    let best = null;
    let nearest = RADIUS + miss;
    for (const place of this.places) {
      const pixels = place.features[0].at.map(([lon, lat]) =>
        this.map.latLngToContainerPoint([lat, lon]),
      );
      const [from, to] = [pixels[0], pixels.at(-1)];
      const distance =
        pixels.length > 1
          ? L.LineUtil.pointToSegmentDistance(L.point(point), from, to)
          : from.distanceTo(point);
      if (distance <= nearest) [best, nearest] = [place, distance];
    }
    return best;
  }

  /** @param {{x: number, y: number}} point */
  #point(point) {
    const place = this.#hit(point, MISS.mouse);
    this.map.getContainer().classList.toggle("over", place !== null);
    if (place) says(place);
  }

  /** @param {{x: number, y: number}} point */
  #choose(point) {
    const miss = matchMedia("(pointer: coarse)").matches ? MISS.finger : MISS.mouse;
    const place = this.#hit(point, miss);
    if (!place) return;
    says(place);
    const rows = place.features.map(({ row }) => document.getElementById(`row-${row}`));
    for (const chosen of document.querySelectorAll("tr.chosen")) chosen.classList.remove("chosen");
    for (const row of rows) row?.classList.add("chosen");
    rows[0]?.scrollIntoView({ block: "center" });
    /** @type {HTMLElement | null | undefined} */ (rows[0]?.querySelector("a"))?.focus({
      preventScroll: true,
    });
  }
}

/** @param {Drawn[]} features @returns {Map<string, Place>} */
function gather(features) {
  const places = new Map();
  for (const feature of features) {
    const key = JSON.stringify(feature.at);
    const place = places.get(key);
    if (place) place.features.push(feature);
    else places.set(key, { features: [feature], units: feature.at.map(mercator) });
  }
  return places;
}

/** @param {Place} place */
function says({ features }) {
  const names = [...new Set(features.map(({ name }) => name))];
  const more = names.length > SAID ? ` and ${names.length - SAID} more` : "";
  const line = document.getElementById("map-says");
  if (line) line.textContent = names.slice(0, SAID).join("; ") + more;
}

const block = document.getElementById("map-data");
if (block) globalThis.smallMap = new SmallMap(JSON.parse(block.textContent ?? ""));
