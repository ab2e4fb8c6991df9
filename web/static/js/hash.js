/** The part of the address after `#` holds the view, so that a copied link brings it back. */

import { isoDay, parseDay } from "./days.js";

/**
 * @typedef {import("./days.js").Day} Day
 * @typedef {{zoom: number, lat: number, lon: number}} View
 * @typedef {{kind: "site" | "flow" | "place", id: string}} Choice `place`: the gathered symbol
 *   that holds this site
 * @typedef {object} State
 * @property {View} view
 * @property {Day} from
 * @property {Day} to the day whose state is shown
 * @property {Choice | null} choice
 * @property {ReadonlySet<string>} off layers switched off
 * @property {boolean} wholeAxis whether the time axis begins with the first report
 * @property {boolean} allReports whether the panel lists reports outside the window too
 */

const CHOICES = /** @type {const} */ (["site", "flow", "place"]);

/** @param {State} state @returns {string} */
export function encode(state) {
  const { zoom, lat, lon } = state.view;
  const parts = [
    `map=${trim(zoom, 2)}/${trim(lat, 4)}/${trim(lon, 4)}`,
    `from=${isoDay(state.from)}`,
    `to=${isoDay(state.to)}`,
  ];
  if (state.choice) parts.push(`${state.choice.kind}=${encodeURIComponent(state.choice.id)}`);
  if (state.off.size) parts.push(`off=${[...state.off].sort().join(",")}`);
  if (state.wholeAxis) parts.push("axis=all");
  if (state.allReports) parts.push("reports=all");
  return `#${parts.join("&")}`;
}

/** @param {number} value @param {number} digits */
const trim = (value, digits) => String(Number(value.toFixed(digits)));

/**
 * Read what can be read; what is missing or makes no sense keeps its default.
 * @param {string} hash
 * @param {State} defaults
 * @param {{firstDay: Day, lastDay: Day, layers: readonly string[]}} limits
 * @returns {State}
 */
export function decode(hash, defaults, limits) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const state = { ...defaults };
  const view = (given.get("map") ?? "").split("/").map(Number);
  if (view.length === 3 && view.every(Number.isFinite)) {
    const [zoom, lat, lon] = view;
    if (zoom >= 2 && zoom <= 16 && Math.abs(lat) <= 85 && Math.abs(lon) <= 180) {
      state.view = { zoom, lat, lon };
    }
  }
  const from = parseDay(given.get("from"));
  const to = parseDay(given.get("to"));
  if (from !== null && to !== null && from <= to) {
    state.from = Math.max(Math.min(from, limits.lastDay), limits.firstDay);
    state.to = Math.max(Math.min(to, limits.lastDay), limits.firstDay);
  }
  state.choice = null;
  for (const kind of CHOICES) {
    const id = given.get(kind);
    if (id) state.choice = { kind, id };
  }
  const off = (given.get("off") ?? "").split(",");
  state.off = new Set(off.filter((layer) => limits.layers.includes(layer)));
  state.wholeAxis = given.get("axis") === "all";
  state.allReports = given.get("reports") === "all";
  return state;
}
