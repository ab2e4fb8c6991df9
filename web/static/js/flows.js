/** Reported displacement as curved arrows; an end that is not known fades out. */

import { mercator, toPixel } from "./canvaslayer.js";

/**
 * @typedef {import("./canvaslayer.js").Frame} Frame
 * @typedef {[number, number]} Point
 * @typedef {object} Flow
 * @property {string} id
 * @property {Record<string, any>} claim properties of its feature
 * @property {number} from first possible day
 * @property {number} to last possible day
 * @property {Point[]} ends Mercator: two, or the only one known
 * @property {number} rank among the flows with the same ends, from 0
 * @typedef {object} Arrow a flow laid out in a frame
 * @property {Flow} flow
 * @property {Point[]} line
 * @property {{start: boolean, end: boolean}} fades which end is not known, or only as a region
 */

const STEPS = 28;
const STUB = 46;
/** The arrow stops this many pixels before a point without a symbol. */
const GAP = 6;
/** Moves within one point are told apart from this zoom on. */
const LOOPS_ZOOM = 8;

/**
 * @param {import("./api.js").Feature[]} features
 * @param {(claim: Record<string, any>) => {from: number, to: number}} possible
 * @returns {Flow[]}
 */
export function toFlows(features, possible) {
  const ranks = new Map();
  const flows = [];
  for (const { geometry, properties } of features) {
    if (!geometry) continue;
    const positions =
      geometry.type === "LineString" ? geometry.coordinates : [geometry.coordinates];
    const key = JSON.stringify(positions);
    const rank = ranks.get(key) ?? 0;
    ranks.set(key, rank + 1);
    const ends = [positions[0], positions.at(-1)].slice(0, positions.length).map(mercator);
    flows.push({ id: properties.flow_id, claim: properties, ...possible(properties), ends, rank });
  }
  return flows;
}

/**
 * @param {Flow} flow
 * @param {Frame} frame
 * @param {Map<string, {x: number, y: number, reach: number}>} symbols by site: where its arrow ends
 * @param {Set<string>} regions sites of which no point can be shown
 * @returns {Arrow}
 */
export function layOut(flow, frame, symbols, regions) {
  const { from_site_id: from, to_site_id: to } = flow.claim;
  const known = flow.ends.map((unit) => toPixel(frame, unit));
  const [start, end] =
    known.length === 2
      ? [endAt(symbols.get(from), known[0]), endAt(symbols.get(to), known[1])]
      : [endAt(symbols.get(from ?? to), known[0])];
  if (end && Math.hypot(end.x - start.x, end.y - start.y) > start.gap + end.gap + 8) {
    return {
      flow,
      line: arc(start, end, 0.16 + 0.09 * flow.rank),
      fades: { start: regions.has(from), end: regions.has(to) },
    };
  }
  if (from && to) {
    return {
      flow,
      line: loop(start, frame.zoom < LOOPS_ZOOM ? 0 : flow.rank),
      fades: { start: false, end: false },
    };
  }
  // Where it is not known, no direction means anything: stubs of one point spread like a fan.
  const angle = ((-50 + 40 * flow.rank) * Math.PI) / 180;
  const far = {
    x: start.x + (STUB + start.gap) * Math.cos(angle),
    y: start.y + (STUB + start.gap) * Math.sin(angle),
    gap: 0,
  };
  return from
    ? { flow, line: arc(start, far, 0.12), fades: { start: false, end: true } }
    : { flow, line: arc(far, start, 0.12), fades: { start: true, end: false } };
}

/** @typedef {{x: number, y: number, gap: number}} End */

/** @param {{x: number, y: number, reach: number} | undefined} symbol @param {Point} point @returns {End} */
const endAt = (symbol, [x, y]) =>
  symbol ? { ...symbol, gap: symbol.reach + 2 } : { x, y, gap: GAP };

/** @param {End} start @param {End} end @param {number} bend @returns {Point[]} */
function arc(start, end, bend) {
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const control = { x: (start.x + end.x) / 2 + dy * bend, y: (start.y + end.y) / 2 - dx * bend };
  const line = [];
  for (let step = 0; step <= STEPS; step++) {
    const t = step / STEPS;
    const [a, b, c] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
    line.push(
      /** @type {Point} */ ([
        a * start.x + b * control.x + c * end.x,
        a * start.y + b * control.y + c * end.y,
      ]),
    );
  }
  return cut(cut(line, start).reverse(), end).reverse();
}

/** Shorten a line so that it begins at the rim of its first point. @param {Point[]} line @param {End} end @returns {Point[]} */
function cut(line, { x, y, gap }) {
  const away = (/** @type {Point} */ point) => Math.hypot(point[0] - x, point[1] - y);
  const first = line.findIndex((point) => away(point) >= gap);
  if (first < 1) return line;
  const [inner, outer] = [line[first - 1], line[first]];
  const share = (gap - away(inner)) / (away(outer) - away(inner) || 1);
  const rim = /** @type {Point} */ (
    inner.map((value, axis) => value + share * (outer[axis] - value))
  );
  return [rim, ...line.slice(first)];
}

/** A petal beside the symbol: a move within one point. @param {End} start @param {number} rank @returns {Point[]} */
function loop({ x, y, gap }, rank) {
  const radius = 9;
  const turn = Math.PI + (rank * Math.PI) / 3;
  const middle = [x + (gap + radius - 2) * Math.cos(turn), y + (gap + radius - 2) * Math.sin(turn)];
  return Array.from({ length: STEPS }, (_, step) => {
    const angle = turn + Math.PI * (1.15 + (step / (STEPS - 1)) * 1.7);
    return [middle[0] + radius * Math.cos(angle), middle[1] + radius * Math.sin(angle)];
  });
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Arrow} arrow
 * @param {{colour: string, width: number, opacity: number, dash: number[], paper: string}} style
 */
export function drawArrow(context, { line, fades }, style) {
  if (line.length < 2) return;
  const [first, last] = [line[0], /** @type {Point} */ (line.at(-1))];
  const before = line[Math.max(0, line.length - 4)];
  const angle = Math.atan2(last[1] - before[1], last[0] - before[0]);
  const head = 5 + style.width * 2;
  const neck = /** @type {Point} */ ([
    last[0] - head * 0.7 * Math.cos(angle),
    last[1] - head * 0.7 * Math.sin(angle),
  ]);
  const body = [...line.filter(([x, y]) => Math.hypot(x - last[0], y - last[1]) > head), neck];
  context.save();
  context.lineCap = "butt";
  context.lineJoin = "round";
  const path = new Path2D();
  body.forEach(([x, y], index) => (index ? path.lineTo(x, y) : path.moveTo(x, y)));
  context.globalAlpha = style.opacity * 0.7;
  context.strokeStyle = faded(context, style.paper, first, last, fades);
  context.lineWidth = style.width + 2.5;
  context.stroke(path);
  context.globalAlpha = style.opacity;
  context.setLineDash(style.dash);
  context.strokeStyle = faded(context, style.colour, first, last, fades);
  context.lineWidth = style.width;
  context.stroke(path);
  context.setLineDash([]);
  if (fades.end) context.globalAlpha = style.opacity * 0.35;
  context.fillStyle = style.colour;
  context.beginPath();
  context.moveTo(...last);
  for (const turn of [Math.PI - 0.42, Math.PI + 0.42]) {
    context.lineTo(
      last[0] + head * Math.cos(angle + turn),
      last[1] + head * Math.sin(angle + turn),
    );
  }
  context.fill();
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} colour `#rrggbb`
 * @param {Point} first
 * @param {Point} last
 * @param {Arrow["fades"]} fades
 */
function faded(context, colour, first, last, fades) {
  if (!fades.start && !fades.end) return colour;
  const gradient = context.createLinearGradient(...first, ...last);
  gradient.addColorStop(0, fades.start ? `${colour}00` : colour);
  if (fades.start) gradient.addColorStop(0.6, colour);
  if (fades.end) gradient.addColorStop(0.4, colour);
  gradient.addColorStop(1, fades.end ? `${colour}00` : colour);
  return gradient;
}

/** @param {Arrow} arrow @param {number} x @param {number} y @returns {number} pixels to the line */
export function distanceTo({ line }, x, y) {
  let least = Infinity;
  for (let index = 1; index < line.length; index++) {
    const [[x1, y1], [x2, y2]] = [line[index - 1], line[index]];
    const [dx, dy] = [x2 - x1, y2 - y1];
    const along = ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1);
    const t = Math.max(0, Math.min(1, along));
    least = Math.min(least, Math.hypot(x1 + t * dx - x, y1 + t * dy - y));
  }
  return least;
}
