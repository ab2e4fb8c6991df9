/** What the reader asks for beside time and place, and how the address says it. */

import { isoDay, parseDay } from "../days.js";

/**
 * @typedef {"country" | "region" | "kind" | "activity" | "event" | "actor" | "role" | "source"} List
 * @typedef {object} Thresholds
 * @property {number} [credibility] Admiralty number that a claim must reach, 1 to 5
 * @property {string} [reliability] Admiralty letter that its source must reach, A to E
 * @property {boolean} [publishers] only what two publishers report
 * @property {boolean} [members] those that belong to a chosen actor are meant too
 * @property {boolean} [window] only sites with a report in the window
 * @typedef {Partial<Record<List, readonly string[]>> & Thresholds} Filters a list that is empty or
 *   missing asks nothing; values of one list are alternatives, lists are conditions that all hold
 * @typedef {object} Asked
 * @property {Filters} filters
 * @property {string} q words that a claim must hold
 * @property {import("../days.js").Day | null} compare the other date of a comparison
 * @property {number | null} swipe where the divider between the two dates stands: per cent of the
 *   map's width from its left edge; null: only the date shown is drawn
 */

export const LISTS = /** @type {const} */ ([
  "country",
  "region",
  "kind",
  "activity",
  "event",
  "actor",
  "role",
  "source",
]);
export const CREDIBILITIES = [1, 2, 3, 4, 5];
export const RELIABILITIES = ["A", "B", "C", "D", "E"];
const LONGEST_LIST = 300;
const LONGEST_TEXT = 200;

/** @type {Asked} */
export const NOTHING_ASKED = Object.freeze({
  filters: Object.freeze({}),
  q: "",
  compare: null,
  swipe: null,
});

/** A region is named with its country, since two countries may have one of the same name. */
export const regionKey = (/** @type {any} */ country, /** @type {any} */ admin1) =>
  admin1 ? `${country ?? ""}/${admin1}` : "";

/**
 * One form for each meaning, so that equal filters are equal as text.
 * @param {Filters} filters
 * @returns {Filters}
 */
export function tidy(filters) {
  /** @type {any} */
  const tidied = {};
  for (const list of LISTS) {
    const values = [...new Set(filters[list] ?? [])].filter(Boolean).sort();
    if (values.length) tidied[list] = values.slice(0, LONGEST_LIST);
  }
  const { credibility, reliability, members, publishers, window } = filters;
  if (CREDIBILITIES.includes(Number(credibility))) tidied.credibility = Number(credibility);
  if (RELIABILITIES.includes(String(reliability))) tidied.reliability = reliability;
  if (members && tidied.actor) tidied.members = true;
  if (publishers) tidied.publishers = true;
  if (window) tidied.window = true;
  return Object.freeze(tidied);
}

/** @param {Filters} filters @param {List} list @param {string} value @returns {Filters} with or without it */
export function toggled(filters, list, value) {
  const before = filters[list] ?? [];
  const after = before.includes(value)
    ? before.filter((other) => other !== value)
    : [...before, value];
  return tidy({ ...filters, [list]: after });
}

/** @param {{filters: Filters, q: string}} asked whether anything is left out */
export const isAsking = ({ filters, q }) => q !== "" || Object.keys(filters).length > 0;

/** @param {string} text @returns {string} */
export const tidyText = (text) =>
  [...text.normalize("NFC").trim().replace(/\s+/g, " ")].slice(0, LONGEST_TEXT).join("");

const inList = (/** @type {string} */ value) => value.replace(/[%,]/g, encodeURIComponent);

/** @param {Asked} asked @returns {string[]} parts of the address */
export function encodeAsking({ filters, q, compare, swipe }) {
  const parts = [];
  for (const [name, value] of Object.entries(filters)) {
    const text = Array.isArray(value) ? value.map(inList).join(",") : value === true ? 1 : value;
    parts.push(`f.${name}=${encodeURIComponent(String(text)).replaceAll("%2C", ",")}`);
  }
  if (q) parts.push(`q=${encodeURIComponent(q)}`);
  if (compare !== null) parts.push(`compare=${isoDay(compare)}`);
  if (compare !== null && swipe !== null) parts.push(`swipe=${swipe}`);
  return parts;
}

/**
 * What makes no sense is left out.
 * @param {URLSearchParams} given
 * @param {{firstDay: number, lastDay: number}} limits
 * @returns {Asked}
 */
export function decodeAsking(given, { firstDay, lastDay }) {
  /** @type {any} */
  const filters = {};
  for (const list of LISTS) {
    const text = given.get(`f.${list}`);
    if (text) filters[list] = text.split(",").map(fromList);
  }
  for (const name of ["credibility", "reliability", "members", "publishers", "window"]) {
    filters[name] = given.get(`f.${name}`) ?? undefined;
  }
  const day = parseDay(given.get("compare"));
  const swipe = given.get("swipe") ?? "";
  return {
    filters: tidy(filters),
    q: tidyText(given.get("q") ?? ""),
    compare: day === null ? null : Math.max(firstDay, Math.min(lastDay, day)),
    swipe: day !== null && /^\d{1,3}$/.test(swipe) ? Math.min(Number(swipe), 100) : null,
  };
}

/** @param {string} text */
function fromList(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is only itself
  }
}
