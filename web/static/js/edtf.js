/** EDTF level 1 dates in English words. What the text leaves open, the words leave open. */

import { MONTHS } from "./days.js";

const SEASONS = { 21: "spring", 22: "summer", 23: "autumn", 24: "winter" };
const QUALIFIERS = { "~": "about ", "?": "perhaps ", "%": "perhaps about " };

/**
 * @typedef {object} DateWords
 * @property {string} name "27 October 2023", "October 2023", "2023", "the 2020s"
 * @property {string} qualifier "about ", "perhaps ", or ""
 * @property {boolean} exact whether it names one day
 */

/** @param {string} text one EDTF date @returns {DateWords | null} null where it cannot be read */
function readDate(text) {
  const match = /^(\d{4}|\d{3}X|\d{2}XX)(?:-(\d{2}|XX))?(?:-(\d{2}|XX))?([?~%]?)$/.exec(text);
  if (!match) return null;
  const [, year, month, day] = match;
  const qualifier = QUALIFIERS[match[4]] ?? "";
  const named = { qualifier, exact: false };
  if (year.endsWith("XX"))
    return { name: `the years ${year.slice(0, 2)}00 to ${year.slice(0, 2)}99`, ...named };
  if (year.endsWith("X")) return { name: `the ${year.slice(0, 3)}0s`, ...named };
  if (!month || month === "XX") return { name: year, ...named };
  if (month in SEASONS) return { name: `${SEASONS[month]} ${year}`, ...named };
  const monthName = MONTHS[Number(month) - 1];
  if (!monthName) return null;
  if (!day || day === "XX") return { name: `${monthName} ${year}`, ...named };
  return { name: `${Number(day)} ${monthName} ${year}`, qualifier, exact: true };
}

/** @param {DateWords} date @returns {string} as part of a range: no "some time in" */
const bare = (date) => date.qualifier + date.name;

/**
 * @param {string | null | undefined} edtf
 * @param {"event" | "period"} [as] an event lies within its dates, a period fills them
 * @returns {string} e.g. "some time in October 2023", "about 2010", "by 2 January 2026"
 */
export function dateInWords(edtf, as = "event") {
  if (!edtf) return "date not known";
  if (!edtf.includes("/")) {
    const date = readDate(edtf);
    if (!date) return edtf;
    if (date.exact || date.qualifier) return bare(date);
    return as === "period" ? `in ${date.name}` : `some time in ${date.name}`;
  }
  const [startText, endText] = edtf.split("/");
  const start = isOpen(startText) ? null : readDate(startText);
  const end = isOpen(endText) ? null : readDate(endText);
  if ((!start && !isOpen(startText)) || (!end && !isOpen(endText))) return edtf;
  if (!start && !end) return "start and end not known";
  if (!start) {
    return as === "period" ? `until ${bare(end)}, start not known` : `by ${bare(end)}`;
  }
  if (!end) return `from ${bare(start)}, end not known`;
  const first = bare(withoutSharedYear(start, end));
  return as === "period" ? `from ${first} to ${bare(end)}` : `between ${first} and ${bare(end)}`;
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
  if (!edtf) return "publication date not known";
  const date = readDate(edtf);
  return date ? bare(date) : dateInWords(edtf);
}
