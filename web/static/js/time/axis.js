/** The stretch of time that the bar shows: its scale, its units, and how it is zoomed. */

import { dayOf, monthEnd, monthNumber, monthStart, partsOf, startOfMonthNumber } from "../days.js";

/**
 * @typedef {import("../days.js").Day} Day
 * @typedef {{first: Day, last: Day}} Axis both days belong to it
 * @typedef {"day" | "week" | "month" | "quarter" | "year"} Unit
 */

/** The shortest stretch that can be shown, in days. */
const SHORTEST = 28;
/** Share of the reports that the usual axis may leave before its first year. */
export const EARLY_SHARE = 0.02;
/** A bar narrower than this is taken together with its neighbours, in pixels. */
const NARROWEST_BAR = 6;
/** 5 January 1970 was a Monday. */
const FIRST_MONDAY = 4;

const DAYS = { day: 1, week: 7, month: 30.44, quarter: 91.31, year: 365.25 };
const MONTHS_OF = { month: 1, quarter: 3, year: 12 };
const UNITS = /** @type {Unit[]} */ (Object.keys(DAYS));

/** @param {Axis} axis @returns {number} its length in days */
export const lengthOf = ({ first, last }) => last + 1 - first;

/** @param {Axis} axis @param {Day} day @returns {number} 0 to 1 along the axis, beyond it outside */
export const along = (axis, day) => (day - axis.first) / lengthOf(axis);

/** @param {Axis} axis @param {number} share 0 to 1 along the axis @returns {Day} */
export const dayAt = (axis, share) => Math.floor(axis.first + share * lengthOf(axis));

/** @param {{firstDay: Day, lastDay: Day}} limits @returns {Axis} all that can be shown */
export const wholeAxis = ({ firstDay, lastDay }) => ({
  first: monthStart(firstDay),
  last: monthEnd(lastDay),
});

/**
 * The axis first shown: from the year before which only a few of all reports lie.
 * @param {{from: Day, to: Day}[]} reports
 * @param {Axis} whole
 * @returns {Axis}
 */
export function usualAxis(reports, whole) {
  const starts = Float64Array.from(reports, ({ from, to }) => (Number.isFinite(from) ? from : to));
  const known = starts.filter(Number.isFinite).sort();
  const early = known[Math.floor(known.length * EARLY_SHARE)];
  if (early === undefined) return whole;
  return { first: Math.max(whole.first, dayOf(partsOf(early).year, 0, 1)), last: whole.last };
}

/**
 * @param {Axis} axis
 * @param {number} factor below 1 shows less
 * @param {number} share the place along the axis that stays where it is
 * @param {Axis} whole
 * @returns {Axis}
 */
export function zoomed(axis, factor, share, whole) {
  const length = lengthOf(axis);
  const wanted = Math.round(length * factor);
  const next = Math.max(Math.min(SHORTEST, length), Math.min(lengthOf(whole), wanted));
  return placed(Math.round(axis.first + share * length - share * next), next, whole);
}

/** @param {Axis} axis @param {number} days to the future @param {Axis} whole @returns {Axis} */
export const panned = (axis, days, whole) =>
  placed(axis.first + Math.round(days), lengthOf(axis), whole);

/** @param {Day} first @param {number} length @param {Axis} whole @returns {Axis} */
function placed(first, length, whole) {
  const start = Math.max(whole.first, Math.min(first, whole.last + 1 - length));
  return { first: start, last: Math.min(whole.last, start + length - 1) };
}

/**
 * The axis moved just so far that a stretch is in sight; of a stretch longer than it, the end.
 * @param {Axis} axis
 * @param {{from: Day, to: Day}} span
 * @param {Axis} whole
 * @returns {Axis}
 */
export function following(axis, { from, to }, whole) {
  if (to > axis.last) return panned(axis, to - axis.last, whole);
  const start = Math.max(from, to + 1 - lengthOf(axis));
  return start < axis.first ? panned(axis, start - axis.first, whole) : axis;
}

/**
 * An axis that shows a stretch with some room beside it.
 * @param {{from: Day, to: Day}} span
 * @param {Axis} whole
 * @returns {Axis}
 */
export function around({ from, to }, whole) {
  const room = Math.max(3, Math.round((to + 1 - from) * 0.06));
  const length = Math.max(SHORTEST, to + 1 - from + 2 * room);
  const middle = (from + to + 1) / 2;
  return placed(Math.round(middle - length / 2), Math.min(length, lengthOf(whole)), whole);
}

/** @param {Axis} axis @param {number} width pixels @param {number} least pixels of one unit @returns {Unit} */
export function unitOf(axis, width, least = NARROWEST_BAR, finest = "day") {
  const pixels = width / lengthOf(axis);
  return UNITS.slice(UNITS.indexOf(/** @type {Unit} */ (finest))).find((unit) => DAYS[unit] * pixels >= least) ?? "year";
}

/**
 * The starts of the units that cover an axis, and the start of the one after them.
 * @param {Axis} axis
 * @param {Unit} unit
 * @param {number} [every] take only each so-maniest
 * @returns {Day[]}
 */
export function startsOf(axis, unit, every = 1) {
  const starts = [];
  if (unit === "day" || unit === "week") {
    const step = DAYS[unit] * every;
    const first = axis.first - modulo(axis.first - FIRST_MONDAY, step);
    for (let day = first; ; day += step) {
      starts.push(day);
      if (day > axis.last) return starts;
    }
  }
  const step = MONTHS_OF[unit] * every;
  const first = monthNumber(axis.first);
  for (let month = first - modulo(first, step); ; month += step) {
    const day = startOfMonthNumber(month);
    starts.push(day);
    if (day > axis.last) return starts;
  }
}

/** @param {number} value @param {number} step */
const modulo = (value, step) => ((value % step) + step) % step;
