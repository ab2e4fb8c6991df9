/** The time bar's part of the address. */

import { isoDay, parseDay } from "../days.js";

/**
 * @typedef {import("../days.js").Day} Day
 * @typedef {object} TimeState
 * @property {Day} from
 * @property {Day} to
 * @property {import("./axis.js").Axis | null} axis the stretch that the axis is zoomed to
 * @property {boolean} single whether one date is shown in place of a window
 * @property {"activity" | "kind"} bars what they are stacked by
 */

/** As at first. @type {Pick<TimeState, "axis" | "single" | "bars">} */
export const TIME = { axis: null, single: false, bars: "activity" };

/** @param {TimeState} state @returns {string[]} */
export function encodeTime({ axis, single, bars }) {
  const parts = [];
  if (axis) parts.push(`axis=${isoDay(axis.first)}/${isoDay(axis.last)}`);
  if (single) parts.push("time=day");
  if (bars !== TIME.bars) parts.push(`bars=${bars}`);
  return parts;
}

/**
 * @param {URLSearchParams} given
 * @param {{from: Day, to: Day}} window
 * @param {{firstDay: Day, lastDay: Day}} limits
 * @returns {Omit<TimeState, "to">}
 */
export function decodeTime(given, { from, to }, limits) {
  const single = given.get("time") === "day";
  return {
    from: single ? to : from,
    axis: decodeAxis(given.get("axis"), limits),
    single,
    bars: given.get("bars") === "kind" ? "kind" : "activity",
  };
}

/** @param {string | null} text @param {{firstDay: Day, lastDay: Day}} limits */
function decodeAxis(text, { firstDay, lastDay }) {
  const [start, end] = (text ?? "").split("/").map(parseDay);
  if ((start ?? null) === null || (end ?? null) === null) return null;
  // Whole months beyond the first and last day belong to the axis.
  const first = Math.max(start, firstDay - 31);
  const last = Math.min(end, lastDay + 31);
  return first < last ? { first, last } : null;
}
