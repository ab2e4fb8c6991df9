/** The part of the address after `#` holds the view, so that a copied link brings it back. */

import { decodeAsking, encodeAsking } from "./asking/state.js";
import { isoDay, parseDay } from "./days.js";
import { decodeTime, encodeTime } from "./time/state.js";

/**
 * @typedef {import("./days.js").Day} Day
 * @typedef {{zoom: number, lat: number, lon: number}} View
 * @typedef {{kind: "site" | "flow" | "actor" | "place" | "page", id: string}} Choice `place`: the
 *   gathered symbol that holds this site; `page`: a text in the panel, such as the method
 * @typedef {object} State
 * @property {View} view
 * @property {Day} from
 * @property {Day} to the day whose state is shown
 * @property {Choice | null} choice
 * @property {ReadonlySet<string>} off layers switched off
 * @property {import("./symbols.js").Colouring} colour what the colours of sites stand for
 * @property {import("./time/axis.js").Axis | null} axis the stretch that the axis is zoomed to
 * @property {boolean} single whether one date is shown in place of a window
 * @property {"activity" | "kind"} bars what the bars of the time bar are stacked by
 * @property {boolean} allReports whether the panel lists reports outside the window too
 * @property {import("./asking/state.js").Filters} filters
 * @property {string} q words that a claim must hold
 * @property {Day | null} compare the other date of a comparison
 * @property {number | null} swipe per cent of the map's width that shows the other date
 * @property {import("./table.js").Asked | null} table the table twin, while it is open
 */

const CHOICES = /** @type {const} */ (["site", "flow", "actor", "place", "page"]);

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
  if (state.colour !== "activity") parts.push(`colour=${state.colour}`);
  parts.push(...encodeTime(state));
  if (state.allReports) parts.push("reports=all");
  if (state.table) {
    const { of, sort, find } = state.table;
    parts.push(`table=${[of, sort, find].map(encodeURIComponent).join("/").replace(/\/+$/, "")}`);
  }
  parts.push(...encodeAsking(state));
  return `#${parts.join("&")}`;
}

/** @param {number} value @param {number} digits */
const trim = (value, digits) => String(Number(value.toFixed(digits)));

/**
 * Read what can be read; what is missing or makes no sense keeps its default.
 * @param {string} hash
 * @param {State} defaults
 * @param {{firstDay: Day, lastDay: Day, layers: readonly string[], tables: readonly string[]}} limits
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
  state.colour = given.get("colour") === "actor" ? "actor" : "activity";
  Object.assign(state, decodeTime(given, state, limits));
  state.allReports = given.get("reports") === "all";
  const [of, sort = "", ...find] = (given.get("table") ?? "").split("/");
  state.table = limits.tables.includes(of) ? { of, sort, find: find.join("/") } : null;
  return Object.assign(state, decodeAsking(given, limits));
}
