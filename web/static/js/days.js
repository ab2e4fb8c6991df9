/** Days as whole numbers, and how they are written. */

import { language, t } from "./text.js";

/**
 * Days since 1 January 1970, UTC. Every range here is closed.
 * @typedef {number} Day
 */

const MS_PER_DAY = 86_400_000;

/**
 * @param {number} year
 * @param {number} month 0 to 11; other values run on into the years before and after
 * @param {number} day
 * @returns {Day}
 */
export function dayOf(year, month, day) {
  return Math.round(Date.UTC(year, month, day) / MS_PER_DAY);
}

/**
 * @param {string | null | undefined} text an ISO date; anything after the day is ignored
 * @returns {Day | null} null where the text is no day of the calendar
 */
export function parseDay(text) {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text ?? "");
  if (!match) return null;
  const day = dayOf(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  return isoDay(day) === match[0] ? day : null;
}

/** @param {Day} day @returns {{year: number, month: number, day: number}} month 0 to 11 */
export function partsOf(day) {
  const date = new Date(day * MS_PER_DAY);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
  };
}

/** @param {Day} day @returns {string} ISO date */
export function isoDay(day) {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

/** @param {Day} day @returns {Day} */
export function monthStart(day) {
  const { year, month } = partsOf(day);
  return dayOf(year, month, 1);
}

/** @param {Day} day @returns {Day} */
export function monthEnd(day) {
  const { year, month } = partsOf(day);
  return dayOf(year, month + 1, 0);
}

/** @param {Day} day @returns {number} months since year 0 */
export function monthNumber(day) {
  const { year, month } = partsOf(day);
  return year * 12 + month;
}

/** @param {number} month months since year 0 @returns {Day} its first day */
export function startOfMonthNumber(month) {
  return dayOf(Math.floor(month / 12), month % 12, 1);
}

/**
 * The same day some months later. The last day of a month stays the last day of a month, and a
 * day that the new month lacks becomes its last.
 * @param {Day} day
 * @param {number} count may be negative
 * @returns {Day}
 */
export function addMonths(day, count) {
  const parts = partsOf(day);
  const last = dayOf(parts.year, parts.month + count + 1, 0);
  if (day === monthEnd(day)) return last;
  return Math.min(dayOf(parts.year, parts.month + count, parts.day), last);
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * A date in the language of the page; day before month in English, as our sources write it.
 * @param {Day} day
 * @param {Intl.DateTimeFormatOptions} options
 * @returns {string}
 */
export function written(day, options) {
  const code = language() === "en" ? "en-GB" : language();
  const key = `${code} ${Object.entries(options)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(code, { ...options, timeZone: "UTC" });
    formats.set(key, format);
  }
  return format.format(day * MS_PER_DAY);
}

/** @param {Day} day @returns {string} "10 March 2025" */
export const longDate = (day) => written(day, { day: "numeric", month: "long", year: "numeric" });

/** @param {Day} first @param {Day} last @returns {string} "12 months", "3 days" */
export function lengthInWords(first, last) {
  const months = monthNumber(last + 1) - monthNumber(first);
  if (months > 0 && addMonths(first, months) === last + 1) {
    const years = months % 12 === 0;
    const whole = counted(years ? months / 12 : months);
    return t(years ? "time.length.years" : "time.length.months", whole);
  }
  const days = last - first + 1;
  if (days < 62) return t("time.length.days", counted(days));
  const length = t("time.length.months", counted(Math.round(days / 30.44)));
  return t("time.length.about", { length });
}

/** @param {number} count @returns {{count: number, number: string}} for a text with plural forms */
export const counted = (count) => ({ count, number: count.toLocaleString(language()) });

/** @param {number} count @param {string} noun @param {string} [many] @returns {string} */
export function plural(count, noun, many = `${noun}s`) {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? noun : many}`;
}
