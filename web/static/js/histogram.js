/** Reports by month, stacked by the activity that they leave; drawn on a canvas. */

import { monthNumber, partsOf, startOfMonthNumber } from "./days.js";

/**
 * @typedef {import("./days.js").Day} Day
 * @typedef {{first: Day, last: Day}} Axis
 */

/**
 * Share of reports in each month. One that is not dated to a month is spread evenly over the months
 * in which it may lie, so the bars add up to the number of reports.
 * @param {import("./records.js").Report[]} reports
 * @param {Axis} axis
 * @param {string[]} classes
 * @returns {{first: number, bars: number[][]}} number of the first month; shares by month and class
 */
export function monthlyShares(reports, axis, classes) {
  const first = monthNumber(axis.first);
  const last = monthNumber(axis.last);
  const bars = Array.from({ length: last - first + 1 }, () => classes.map(() => 0));
  for (const { claim, from, to } of reports) {
    // "By 2 January 2026" is drawn where its only date is, "from 2021 on" where it begins.
    const start = monthNumber(Number.isFinite(from) ? from : to);
    const end = monthNumber(Number.isFinite(to) ? to : from);
    const index = Math.max(0, classes.indexOf(claim.activity_after));
    if (!Number.isFinite(start)) continue;
    for (let month = Math.max(start, first); month <= Math.min(end, last); month++) {
      bars[month - first][index] += 1 / (end - start + 1);
    }
  }
  return { first, bars };
}

/** @param {Axis} axis @param {Day} day @returns {number} 0 to 1 along the axis */
export const along = (axis, day) => (day - axis.first) / (axis.last + 1 - axis.first);

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Axis} axis
 * @param {{first: number, bars: number[][]}} shares
 * @param {{tint: string}[]} styles by class
 */
export function drawHistogram(canvas, axis, { first, bars }, styles) {
  const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(ratio, ratio);
  const floor = height - 18;
  const tallest = Math.max(1, ...bars.map((bar) => bar.reduce((sum, share) => sum + share, 0)));
  // The square root keeps the quiet early years visible beside the hundred reports of one month.
  const heightOf = (/** @type {number} */ count) => Math.sqrt(count / tallest) * (floor - 6);
  drawYears(context, axis, width, floor);
  bars.forEach((bar, index) => {
    const left = along(axis, startOfMonthNumber(first + index)) * width;
    const right = along(axis, startOfMonthNumber(first + index + 1)) * width;
    const gap = right - left > 4 ? 1 : 0.2;
    const total = bar.reduce((sum, share) => sum + share, 0);
    if (total <= 0) return;
    const whole = Math.max(1.5, heightOf(total));
    let base = floor;
    bar.forEach((share, place) => {
      const part = (share / total) * whole;
      context.fillStyle = styles[place].tint;
      context.fillRect(left + gap / 2, base - part, right - left - gap, part);
      base -= part;
    });
  });
  context.fillStyle = "#8a8f96";
  context.fillRect(0, floor, width, 1);
}

/** @param {CanvasRenderingContext2D} context @param {Axis} axis @param {number} width @param {number} floor */
function drawYears(context, axis, width, floor) {
  const firstYear = partsOf(axis.first).year;
  const lastYear = partsOf(axis.last).year;
  const step = Math.ceil(34 / (width / (lastYear - firstYear + 1)));
  context.font = '11px system-ui, "Noto Sans", sans-serif';
  context.textBaseline = "top";
  for (let year = firstYear; year <= lastYear; year++) {
    const x = along(axis, startOfMonthNumber(year * 12)) * width;
    context.fillStyle = "#dcd8d0";
    if (x > 0) context.fillRect(x, 0, 1, floor);
    if ((lastYear - year) % step) continue;
    context.fillStyle = "#4c535c";
    const middle = x + along(axis, axis.first + 183) * width;
    context.textAlign = "center";
    if (middle > 14 && middle < width - 14) context.fillText(String(year), middle, floor + 4);
  }
}
