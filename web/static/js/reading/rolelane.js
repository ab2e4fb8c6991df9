/** Roles over time as bars: solid where certain, pale where possible, fading to unknown ends. */

import { dayOf, parseDay, partsOf } from "../days.js";
import { h } from "../dom.js";

/**
 * @typedef {import("../days.js").Day} Day
 * @typedef {{from: Day, to: Day}} Scale the days between which bars are drawn
 * @typedef {import("../records.js").Control} Control
 */

/** Room before the first known day, in which a bar with no known start fades in. */
const LEAD_DAYS = 400;
const FEWEST_YEARS = 4;
/** So many marks of years find room side by side. */
const MARKS = 6;

/**
 * @param {Control[]} held
 * @param {{firstDay: Day, lastDay: Day}} limits
 * @returns {Scale} from the first day that any of the claims knows to the last day of the atlas
 */
export function scaleOf(held, { firstDay, lastDay }) {
  const known = held.flatMap(({ from, claim }) => {
    const certain = parseDay(claim.certain_from);
    return [Number.isFinite(from) ? from : null, certain].filter((day) => day !== null);
  });
  const first = Math.min(...known.map(Number), lastDay - FEWEST_YEARS * 365);
  return { from: Math.max(first - LEAD_DAYS, Math.min(firstDay, lastDay) - 3650), to: lastDay };
}

/** @param {Scale} scale @param {Day} day @returns {number} percent from the left */
function place({ from, to }, day) {
  return Math.max(0, Math.min(100, (100 * (day - from)) / (to - from)));
}

/**
 * @param {string} className
 * @param {Scale} scale
 * @param {Day} from
 * @param {Day} to
 */
function span(className, scale, from, to) {
  const mark = h("span", { class: className });
  const left = place(scale, from);
  mark.style.left = `${left}%`;
  mark.style.width = `${Math.max(place(scale, to + 1) - left, 0.6)}%`;
  return mark;
}

/**
 * The bar of one role. What it shows stands in words beside it.
 * @param {Control} held
 * @param {string} colour
 * @param {Scale} scale
 * @param {{from: Day, to: Day}} window
 */
export function roleLane({ claim, from, to }, colour, scale, window) {
  const certainFrom = parseDay(claim.certain_from);
  const certainTo = parseDay(claim.certain_to);
  // Where no source gives an end, the actor's own limits the bar, and that is no end of the role.
  const open = (/** @type {number} */ side) => ["", ".."].includes(claim.valid.split("/").at(side));
  const fades = (open(0) ? " fades-in" : "") + (open(-1) ? " fades-out" : "");
  const bar = span(`bar is-possible${fades}`, scale, from, Math.min(to, scale.to));
  bar.style.setProperty("--bar", colour);
  const bars = [span("lane-window", scale, window.from, window.to), bar];
  if (certainFrom !== null && certainTo !== null) {
    const certain = span("bar is-certain", scale, certainFrom, certainTo);
    certain.style.setProperty("--bar", colour);
    bars.push(certain);
  }
  return h("div", { class: "lane", "aria-hidden": "true" }, bars);
}

/** Years along the top of the lanes. @param {Scale} scale */
export function yearMarks(scale) {
  const first = partsOf(scale.from).year + 1;
  const last = partsOf(scale.to).year;
  const step = Math.max(1, Math.ceil((last - first + 1) / MARKS));
  const marks = [];
  for (let year = last; year >= first; year -= step) {
    const left = place(scale, dayOf(year, 0, 1));
    if (left > 94) continue;
    const mark = h("span", {}, String(year));
    mark.style.left = `${left}%`;
    marks.push(mark);
  }
  return h("div", { class: "lane-years", "aria-hidden": "true" }, marks.reverse());
}
