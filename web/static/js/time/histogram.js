/** The bars of the time bar, their scale and the names of the units below them, on a canvas. */

import { longDate, monthNumber, written } from "../days.js";
import { along, lengthOf, startsOf, unitOf } from "./axis.js";

/**
 * @typedef {import("../days.js").Day} Day
 * @typedef {import("./axis.js").Axis} Axis
 * @typedef {import("./axis.js").Unit} Unit
 * @typedef {{starts: Day[], unit: Unit, bars: number[][], tallest: number}} Chart
 */

/** Room below the bars for the names of years, months or days, in pixels. */
export const FOOT = 18;
const FONT = '11px system-ui, "Noto Sans", sans-serif';
/** Pixels from which every unit can carry its name, and how often it does where it cannot. */
const NAMED = /** @type {[Unit, number, number][]} */ ([
  ["day", 1, 30],
  ["week", 1, 52],
  ["month", 1, 36],
  ["quarter", 1, 42],
  ["year", 1, 34],
  ["year", 2, 34],
  ["year", 5, 34],
]);

/**
 * @param {import("./bins.js").Bins} bins
 * @param {Axis} axis
 * @param {number} width pixels
 * @returns {Chart}
 */
export function chartOf(bins, axis, width) {
  const unit = unitOf(axis, width, undefined, bins.finest);
  const starts = startsOf(axis, unit);
  const bars = bins.bars(starts);
  const tallest = Math.max(0, ...bars.map(total));
  return { starts, unit, bars, tallest };
}

/** @param {number[]} bar @returns {number} */
export const total = (bar) => bar.reduce((sum, share) => sum + share, 0);

/**
 * The line beside which the chart says how many reports it stands for: a round number near the top.
 * @param {number} tallest
 * @returns {number}
 */
export function roundBelow(tallest) {
  if (tallest < 2) return 1;
  const power = 10 ** Math.floor(Math.log10(tallest));
  return (/** @type {number} */ ([5, 2, 1].find((digit) => digit * power <= tallest))) * power;
}

/** @param {Unit} unit @param {Day} start @param {Day} next @returns {string} the name of one bar's stretch */
export function nameOf(unit, start, next) {
  if (unit === "day") return longDate(start);
  if (unit === "month") return written(start, { month: "long", year: "numeric" });
  if (unit === "year") return written(start, { year: "numeric" });
  const form = unit === "week" ? { day: "numeric", month: "short" } : { month: "short" };
  const last = written(next - 1, /** @type {any} */ ({ ...form, year: "numeric" }));
  return `${written(start, /** @type {any} */ (form))} – ${last}`;
}

/**
 * @typedef {object} Look
 * @property {string[]} classes colours by class
 * @property {string} scale what the line of the scale stands for
 * @property {number} head pixels above the tallest bar
 * @property {string} line colour
 * @property {string} ink colour
 * @property {string} paper colour
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Axis} axis
 * @param {Chart} chart
 * @param {Look} look
 */
export function drawHistogram(canvas, axis, chart, look) {
  const ratio = Math.min(globalThis.devicePixelRatio || 1, 2);
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height) return;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(ratio, ratio);
  context.font = FONT;
  const floor = height - FOOT;
  const tall = Math.max(1, chart.tallest);
  const heightOf = (/** @type {number} */ count) => (count / tall) * (floor - look.head);
  const y = Math.round(floor - heightOf(roundBelow(tall))) + 0.5;
  drawNames(context, axis, { width, floor, ...look });
  drawScale(context, { width, y, ...look });
  drawBars(context, { axis, chart, colours: look.classes, width, floor, heightOf });
  nameScale(context, y, look);
  context.fillStyle = look.ink;
  context.fillRect(0, floor, width, 1);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{axis: Axis, chart: Chart, colours: string[], width: number, floor: number,
 *   heightOf: (count: number) => number}} to
 */
function drawBars(context, { axis, chart, colours, width, floor, heightOf }) {
  chart.bars.forEach((bar, index) => {
    const count = total(bar);
    if (count <= 0) return;
    const left = along(axis, chart.starts[index]) * width;
    const right = along(axis, chart.starts[index + 1]) * width;
    const gap = right - left > 4 ? 1 : 0.2;
    // One report is seen beside the hundred of another month.
    const whole = Math.max(2, heightOf(count));
    let base = floor;
    bar.forEach((share, place) => {
      const part = (share / count) * whole;
      context.fillStyle = colours[place];
      context.fillRect(left + gap / 2, base - part, right - left - gap, part);
      base -= part;
    });
  });
}

/** @param {CanvasRenderingContext2D} context @param {{width: number, y: number, line: string}} to */
function drawScale(context, { width, y, line }) {
  context.strokeStyle = line;
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(0, y);
  context.lineTo(width, y);
  context.stroke();
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {number} y @param {Look} look */
function nameScale(context, y, { scale, ink, paper }) {
  context.textAlign = "left";
  context.textBaseline = "bottom";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = paper;
  context.strokeText(scale, 2, y - 1);
  context.fillStyle = ink;
  context.fillText(scale, 2, y - 1);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Axis} axis
 * @param {{width: number, floor: number, line: string, ink: string}} to
 */
function drawNames(context, axis, { width, floor, line, ink }) {
  const [unit, every] = namedUnit(axis, width);
  const starts = startsOf(axis, unit, every);
  context.textBaseline = "top";
  context.textAlign = "left";
  let free = 0;
  for (const start of starts.slice(0, -1)) {
    // Of several years taken together the name would not be that of the first one seen.
    if (every > 1 && start < axis.first) continue;
    const x = Math.round(along(axis, start) * width);
    if (x > 0) {
      context.fillStyle = line;
      context.fillRect(x, 0, 1, floor + 5);
    }
    const name = tickName(unit, start, start < axis.first || free === 0);
    const place = Math.max(x, 0) + 3;
    const size = context.measureText(name).width;
    if (place < free || place + size > width) continue;
    context.fillStyle = ink;
    context.fillText(name, place, floor + 4);
    free = place + size + 6;
  }
}

/** @param {Axis} axis @param {number} width @returns {[Unit, number]} */
function namedUnit(axis, width) {
  const days = { day: 1, week: 7, month: 30.4, quarter: 91.3, year: 365.2 };
  const pixels = width / lengthOf(axis);
  const found = NAMED.find(([unit, every, least]) => days[unit] * every * pixels >= least);
  return found ? [found[0], found[1]] : ["year", 10];
}

/** @param {Unit} unit @param {Day} start @param {boolean} full whether the year must be said */
function tickName(unit, start, full) {
  if (unit === "year") return written(start, { year: "numeric" });
  const january = monthNumber(start) % 12 === 0;
  if (unit === "month" || unit === "quarter") {
    if (january) return written(start, { year: "numeric" });
    return written(start, full ? { month: "short", year: "numeric" } : { month: "short" });
  }
  return written(start, {
    day: "numeric",
    month: "short",
    ...(full ? { year: "numeric" } : {}),
  });
}
