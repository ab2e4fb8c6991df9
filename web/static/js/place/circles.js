/** How exactly a place is known: circles of precision, and soft areas where only a region is. */

import { pixelsPerMetre, toPixel } from "../canvaslayer.js";
import { pointKey } from "./siteindex.js";

/**
 * @typedef {import("../canvaslayer.js").Frame} Frame
 * @typedef {import("./siteindex.js").Place} Place
 */

/** Dashes cost more than the circle: a crowd is drawn without. */
const MOST_DASHED = 200;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 * @param {Iterable<Place>} places
 * @param {any} symbols of the scheme
 * @param {{chosen: string | null, all: boolean}} which
 * @returns {string[]} ids of the sites whose circle is drawn
 */
export function drawCircles(context, frame, places, symbols, { chosen, all }) {
  const { circle_precision_m: limit, circle_zoom: zoom, ink } = symbols;
  const near = all && frame.zoom >= zoom;
  if (!near && !chosen) return [];
  const ids = [];
  const circles = new Map();
  for (const place of places) {
    const { precision_m: metres } = place.site;
    if (!metres || !(place.id === chosen || (near && metres <= limit))) continue;
    ids.push(place.id);
    // Sites with one point and one radius have one circle.
    const key = `${pointKey(place.unit)} ${metres}`;
    if (!circles.has(key) || place.id === chosen) circles.set(key, place);
  }
  // One stroke for all: thousands of them lie in a crowded view.
  const [others, own] = [new Path2D(), new Path2D()];
  for (const place of circles.values()) {
    const [x, y] = toPixel(frame, place.unit);
    const radius = radiusOf(place, frame);
    if (!touches(frame, x, y, radius)) continue;
    const path = place.id === chosen ? own : others;
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.save();
  context.lineWidth = 1;
  context.strokeStyle = `${ink}4d`;
  context.setLineDash(circles.size > MOST_DASHED ? [] : [2, 4]);
  context.stroke(others);
  context.setLineDash([]);
  context.fillStyle = `${ink}14`;
  context.fill(own);
  context.lineWidth = 1.4;
  context.strokeStyle = `${ink}b0`;
  context.stroke(own);
  context.restore();
  return ids;
}

/** A region as a soft area: no edge, no middle that could be taken for a place. @param {CanvasRenderingContext2D} context @param {Frame} frame @param {Place} place @param {string} colour */
export function drawSoftArea(context, frame, place, colour) {
  const [x, y] = toPixel(frame, place.unit);
  const radius = radiusOf(place, frame);
  // What fills the view says nothing any more: its label stands at the border.
  const { visible } = frame;
  if (!touches(frame, x, y, radius) || radius > Math.hypot(visible.x, visible.y) / 2) return;
  const shade = context.createRadialGradient(x, y, 0, x, y, radius);
  shade.addColorStop(0, `${colour}26`);
  shade.addColorStop(0.55, `${colour}1c`);
  shade.addColorStop(1, `${colour}00`);
  context.fillStyle = shade;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** @param {Place} place @param {Frame} frame @returns {number} pixels */
export const radiusOf = (place, frame) =>
  (place.site.precision_m ?? 0) * pixelsPerMetre(frame, place.lonLat[1]);

/** @param {Frame} frame @param {number} x @param {number} y @param {number} margin */
const touches = (frame, x, y, margin) =>
  x > -margin && y > -margin && x < frame.width + margin && y < frame.height + margin;
