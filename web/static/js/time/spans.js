/** The window of time: how it is shifted, stretched and brought to a claim. */

import { addMonths, dayOf, monthEnd, monthNumber, monthStart } from "../days.js";

/**
 * @typedef {import("../days.js").Day} Day
 * @typedef {{from: Day, to: Day}} Span
 * @typedef {{firstDay: Day, lastDay: Day}} Limits
 * @typedef {"from" | "to" | "both"} Grip
 * @typedef {{months?: number, days?: number}} Step
 */

/** What one step can be, by the code of its choice. */
export const STEPS = /** @type {Record<string, Step>} */ ({
  day: { days: 1 },
  month: { months: 1 },
  quarter: { months: 3 },
});

/** @param {Step} step @param {number} times @returns {Step} */
export const times = ({ months = 0, days = 0 }, times) => ({
  months: months * times,
  days: days * times,
});

/** @param {Day} day @param {Step} step @returns {Day} */
export const later = (day, { months = 0, days = 0 }) =>
  (months ? addMonths(day, Math.max(-12_000, Math.min(12_000, months))) : day) + days;

/**
 * The window some time later. It keeps its length, and a window of whole months stays one,
 * whatever the number of their days.
 * @param {Span} span @param {Step} step @param {Limits} limits @returns {Span}
 */
export function shifted({ from, to }, step, { firstDay, lastDay }) {
  const length = to - from;
  const end = later(to, step);
  if (end >= lastDay) return { from: Math.max(firstDay, lastDay - length), to: lastDay };
  const start = from === to ? end : later(from, step);
  if (start <= firstDay) return { from: firstDay, to: Math.min(lastDay, firstDay + length) };
  return { from: start, to: Math.max(start, end) };
}

/**
 * One end of the window moved, as far as the other end and the limits let it.
 * @param {Span} span @param {Grip} grip @param {Step} step @param {Limits} limits @returns {Span}
 */
export function moved(span, grip, step, limits) {
  if (grip === "both") return shifted(span, step, limits);
  return withEnd(span, grip, later(span[grip], step), limits);
}

/** @param {Span} span @param {"from" | "to"} end @param {Day} day @param {Limits} limits @returns {Span} */
export function withEnd({ from, to }, end, day, { firstDay, lastDay }) {
  if (end === "from") return { from: Math.max(firstDay, Math.min(day, to)), to };
  return { from, to: Math.min(lastDay, Math.max(day, from)) };
}

/**
 * One end of the window brought to a place on the axis.
 * @param {Span} span @param {"from" | "to"} end @param {Day} day
 * @param {boolean} months whether the window keeps to whole months
 * @param {Limits} limits @returns {Span}
 */
export function stretched(span, end, day, months, limits) {
  if (!months) return withEnd(span, end, day, limits);
  if (end === "from")
    return withEnd(span, end, Math.min(monthStart(day), monthStart(span.to)), limits);
  return withEnd(span, end, Math.max(monthEnd(day), monthEnd(span.from)), limits);
}

/**
 * The window between two places on the axis.
 * @param {Day} one @param {Day} other @param {boolean} months @param {Limits} limits @returns {Span}
 */
export function between(one, other, months, { firstDay, lastDay }) {
  const [from, to] = one < other ? [one, other] : [other, one];
  return {
    from: Math.max(firstDay, Math.min(lastDay, months ? monthStart(from) : from)),
    to: Math.min(lastDay, Math.max(firstDay, months ? monthEnd(to) : to)),
  };
}

/** @param {Day} from @param {Day} to @param {boolean} months @returns {Step} from one place to the other */
export const stepBetween = (from, to, months) =>
  months ? { months: monthNumber(to) - monthNumber(from) } : { days: to - from };

/**
 * The window moved to a claim: it ends with the last day on which the claim may lie, which then is
 * the date shown. It stays where it holds all of these days already.
 * @param {Span} span @param {Span} claim @param {Limits} limits @returns {Span}
 */
export function showing(span, claim, limits) {
  const end = Math.min(limits.lastDay, Number.isFinite(claim.to) ? claim.to : claim.from);
  const start = Math.max(limits.firstDay, Number.isFinite(claim.from) ? claim.from : end);
  if (!Number.isFinite(end) || (start >= span.from && end <= span.to)) return span;
  return shifted({ from: end - (span.to - span.from), to: end }, { days: 0 }, limits);
}

/** @param {Span} span @returns {number} its length in months, rounded */
export const monthsOf = ({ from, to }) => Math.round((to + 1 - from) / 30.44);

/**
 * A day as people type it: 2025-03-10, 2025-03 or 2025.
 * @param {string} text
 * @param {"from" | "to"} end of a year or month that is meant
 * @returns {Day | null} null where it is no date of the calendar
 */
export function typedDay(text, end) {
  const match = /^\s*(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\s*$/.exec(text);
  if (!match) return null;
  const [year, month, day] = match.slice(1).map((part) => (part ? Number(part) : null));
  if (month !== null && (month < 1 || month > 12)) return null;
  if (day !== null) {
    const given = dayOf(year, month - 1, day);
    return day >= 1 && given <= dayOf(year, month, 0) ? given : null;
  }
  if (end === "from") return dayOf(year, (month ?? 1) - 1, 1);
  return dayOf(year, month ?? 12, 0);
}
