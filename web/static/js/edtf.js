/** EDTF level 1 dates in words. What the text leaves open, the words leave open. */

import { longDate, parseDay } from "./days.js";
import { language, t } from "./text.js";

const SEASONS = { 21: "spring", 22: "summer", 23: "autumn", 24: "winter" };
const QUALIFIERS = { "~": "about", "?": "perhaps", "%": "perhaps_about" };

/**
 * @typedef {object} DateWords
 * @property {string} name "27 October 2023", "October 2023", "2023", "the 2020s"
 * @property {string} qualifier "about", "perhaps", "perhaps_about" or ""
 * @property {boolean} exact whether it names one day
 */

/** @param {string} text one EDTF date @returns {DateWords | null} null where it cannot be read */
function readDate(text) {
  const match = /^(\d{4}|\d{3}X|\d{2}XX)(?:-(\d{2}|XX))?(?:-(\d{2}|XX))?([?~%]?)$/.exec(text);
  if (!match) return null;
  const [, year, month, day] = match;
  const named = { qualifier: QUALIFIERS[match[4]] ?? "", exact: false };
  if (year.endsWith("XX")) {
    const century = year.slice(0, 2);
    const name = t("reading.date.century", { first: `${century}00`, last: `${century}99` });
    return { name, ...named };
  }
  if (year.endsWith("X")) {
    return { name: t("reading.date.decade", { decade: `${year.slice(0, 3)}0` }), ...named };
  }
  if (!month || month === "XX") return { name: year, ...named };
  if (month in SEASONS) {
    const season = t(`reading.date.${SEASONS[month]}`);
    return { name: t("reading.date.season", { season, year }), ...named };
  }
  const first = parseDay(`${year}-${month}-01`);
  if (first === null) return null;
  if (!day || day === "XX") return { name: monthAndYear(year, month), ...named };
  const whole = parseDay(`${year}-${month}-${day}`);
  return whole === null ? null : { ...named, name: longDate(whole), exact: true };
}

/** @param {string} year @param {string} month @returns {string} "October 2023" */
function monthAndYear(year, month) {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, 1));
  const form = { month: "long", year: "numeric", timeZone: "UTC" };
  return date.toLocaleDateString(language(), /** @type {any} */ (form));
}

/** @param {DateWords} date @returns {string} as part of a range: no "some time in" */
const bare = ({ qualifier, name }) =>
  qualifier ? t(`reading.date.${qualifier}`, { date: name }) : name;

/**
 * @param {string | null | undefined} edtf
 * @param {"event" | "period"} [as] an event lies within its dates, a period fills them
 * @returns {string} e.g. "some time in October 2023", "about 2010", "by 2 January 2026"
 */
export function dateInWords(edtf, as = "event") {
  if (!edtf) return t("reading.date.not_known");
  if (!edtf.includes("/")) {
    const date = readDate(edtf);
    if (!date) return edtf;
    if (date.exact || date.qualifier) return bare(date);
    const key = as === "period" ? "in" : "some_time_in";
    return t(`reading.date.${key}`, { date: date.name });
  }
  const [startText, endText] = edtf.split("/");
  const start = isOpen(startText) ? null : readDate(startText);
  const end = isOpen(endText) ? null : readDate(endText);
  if ((!start && !isOpen(startText)) || (!end && !isOpen(endText))) return edtf;
  if (!start && !end) return t("reading.date.ends_not_known");
  if (!start) return t(`reading.date.${as === "period" ? "until" : "by"}`, { end: bare(end) });
  if (!end) return t("reading.date.from", { start: bare(start) });
  const range = { start: bare(withoutSharedYear(start, end)), end: bare(end) };
  return t(as === "period" ? "reading.date.from_to" : "reading.date.between", range);
}

/** @param {string} text */
const isOpen = (text) => text === ".." || text === "";

/** @param {DateWords} start @param {DateWords} end @returns {DateWords} */
function withoutSharedYear(start, end) {
  const year = end.name.slice(-4);
  const shared = start.name.endsWith(` ${year}`) && end.name.length > 4;
  return shared ? { ...start, name: start.name.slice(0, -5) } : start;
}

/** @param {string | null | undefined} edtf when a source was published @returns {string} */
export function publishedInWords(edtf) {
  if (!edtf) return t("reading.date.publication_not_known");
  const date = readDate(edtf);
  return t("reading.date.published", { date: date ? bare(date) : dateInWords(edtf) });
}

/**
 * The year and month of a date, where it names one, for a bibliography.
 * @param {string | null | undefined} edtf
 * @returns {{year: string | null, month: number | null, day: number | null}}
 */
export function partsOfDate(edtf) {
  const match = /^(\d{4})(?:-(0[1-9]|1[0-2]))?(?:-(\d{2}))?/.exec(edtf ?? "");
  const [, year, month, day] = match ?? [];
  const number = (/** @type {string | undefined} */ text) => (text ? Number(text) : null);
  return { year: year ?? null, month: number(month), day: number(day) };
}
