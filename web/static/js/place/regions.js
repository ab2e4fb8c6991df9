/**
 * Claims on a whole state or country: a soft area and a label, at the border of the view where the
 * middle lies outside it. Never a pin: nobody said where in the region it is.
 */

import { toPixel } from "../canvaslayer.js";
import { drawSoftArea, radiusOf } from "./circles.js";
import { labelText } from "../labels.js";
import { t } from "../text.js";
import { country } from "../words.js";

/**
 * @typedef {import("../canvaslayer.js").Frame} Frame
 * @typedef {import("../labels.js").Labels} Labels
 * @typedef {import("../labels.js").Box} Box
 * @typedef {import("./siteindex.js").Place} Place
 * @typedef {{place: Place, box: Box, atBorder: boolean}} Region a label as drawn
 */

/** Where the label of a region may stand: pixels below its middle. */
const SPOTS = [20, -20, 42, -42];
/** Along the border, if its place is taken: pixels from it. */
const ALONG = [0, 20, -20, 40, -40, 60, -60, 80, -80, 100, -100];
const INSET = 16;
/** The line of attribution at the foot of the map. */
const FOOT = 20;
/** Zoom from which states and the like are told; of countries at every zoom. */
const STATE_ZOOM = 6;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Frame} frame
 * @param {Place[]} regions
 * @param {Map<string, number>} reportsOf reports of the window by site
 * @param {string} colour
 */
export function drawSoftAreas(context, frame, regions, reportsOf, colour) {
  if (frame.zoom < STATE_ZOOM) return;
  // At one point, with one radius, it is one area, however many regions share it.
  const areas = new Map();
  for (const place of regions) {
    if (place.site.kind === "country" || !reportsOf.get(place.id)) continue;
    areas.set(`${place.unit} ${place.site.precision_m}`, place);
  }
  for (const place of areas.values()) drawSoftArea(context, frame, place, colour);
}

/**
 * @param {Labels} labels
 * @param {Frame} frame
 * @param {Place[]} regions
 * @param {object} shown
 * @param {Map<string, number>} shown.reportsOf reports of the window by site
 * @param {Set<string>} shown.countries in which sites are in view
 * @param {Map<string, [number, number]>} shown.middles where the names of countries stand best, Mercator
 * @param {Box | null} shown.cover of the legend, in the frame
 * @param {import("../labels.js").Style} shown.style
 * @returns {Region[]} those that found room
 */
export function placeRegions(labels, frame, regions, shown) {
  const { reportsOf, countries, middles, cover, style } = shown;
  const drawn = [];
  for (const place of regions) {
    const count = reportsOf.get(place.id) ?? 0;
    const isCountry = place.site.kind === "country";
    if (!count || (!isCountry && frame.zoom < STATE_ZOOM)) continue;
    const unit = (isCountry && middles.get(place.site.country)) || place.unit;
    const [x, y] = toPixel(frame, unit);
    const name = isCountry ? country(place.site.country) : labelText(place.site.name);
    const key = isCountry ? "place.country_wide" : "place.region_wide";
    const text = t(key, { name, count });
    const region = inView(frame, x, y) && !(cover && isIn(cover, x, y))
      ? within(labels, frame, text, x, y, isCountry, style)
      : reaches(frame, place, x, y, isCountry, countries)
        ? atBorder(labels, frame, cover, text, x, y, style)
        : null;
    if (region) drawn.push({ place, ...region });
  }
  return drawn;
}

/** @param {Labels} labels @param {Frame} frame @param {string} text @param {number} x @param {number} y @param {boolean} isCountry @param {import("../labels.js").Style} style */
function within(labels, { corner, visible }, text, x, y, isCountry, style) {
  const half = labels.width(text, style) / 2 + 6;
  const column = clamp(x, corner.x + half, corner.x + visible.x - half);
  for (const down of isCountry ? [0, ...SPOTS] : SPOTS) {
    const box = labels.placeOn(text, column, y + down, style);
    if (box) return { box, atBorder: false };
  }
  return null;
}

/** @param {Labels} labels @param {Frame} frame @param {Box | null} cover @param {string} text @param {number} x @param {number} y @param {import("../labels.js").Style} style */
function atBorder(labels, { corner, visible }, cover, text, x, y, style) {
  const [left, top] = [corner.x, corner.y];
  const [right, bottom] = [left + visible.x, top + visible.y];
  const covered = cover !== null && isIn(cover, x, y);
  const beside = covered || x < left || x > right;
  const arrow = beside ? (covered || x < left ? "←" : "→") : y < top ? "↑" : "↓";
  const told = arrow === "→" ? `${text} ${arrow}` : `${arrow} ${text}`;
  const half = labels.width(told, style) / 2 + INSET;
  // Beside the legend the border of the view is the legend's.
  const columnAt = (/** @type {number} */ row) => {
    const behind = cover && row > cover.top - INSET && row < cover.bottom + INSET;
    const edge = behind ? Math.max(left, cover.right) : left;
    return clamp(x, Math.min(edge + half, right - half), right - half);
  };
  const [first, last] = [top + INSET, bottom - INSET - FOOT];
  const row = clamp(y, first, last);
  for (const shift of ALONG) {
    const down = clamp(row + shift, first, last);
    /** @type {[number, number]} */
    const spot = beside
      ? [columnAt(down), down]
      : [clamp(columnAt(row) + 3 * shift, left + half, right - half), row];
    const box = labels.placeOn(told, ...spot, style);
    if (box) return { box, atBorder: true };
  }
  return null;
}

/** @param {Box} box @param {number} x @param {number} y */
const isIn = (box, x, y) => x > box.left && x < box.right && y > box.top && y < box.bottom;

/** @param {number} value @param {number} least @param {number} most */
const clamp = (value, least, most) => Math.max(least, Math.min(most, value));

/** @param {Frame} frame @param {number} x @param {number} y */
const inView = ({ corner, visible }, x, y) =>
  x >= corner.x && y >= corner.y && x <= corner.x + visible.x && y <= corner.y + visible.y;

/** Whether the view lies in the region, or holds a part of it. @param {Frame} frame @param {Place} place @param {number} x @param {number} y @param {boolean} isCountry @param {Set<string>} countries */
function reaches(frame, place, x, y, isCountry, countries) {
  if (isCountry) return countries.has(place.site.country);
  const { corner, visible } = frame;
  const [dx, dy] = [
    Math.max(corner.x - x, 0, x - corner.x - visible.x),
    Math.max(corner.y - y, 0, y - corner.y - visible.y),
  ];
  return Math.hypot(dx, dy) < radiusOf(place, frame);
}
