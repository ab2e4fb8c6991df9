/** Arrows: curved, growing towards where they lead; an end that is not known fades out. */

/**
 * @typedef {import("../flows.js").Point} Point
 * @typedef {import("../flows.js").End} End
 * @typedef {import("../flows.js").Bundle} Bundle
 * @typedef {object} Arrow a bundle laid out in a frame
 * @property {Bundle} bundle
 * @property {Point[]} line
 * @property {boolean} loop whether it leads back to the symbol that it comes from
 * @property {{start: boolean, end: boolean}} fades which end is not known, or only as a region
 * @typedef {{colour: string, width: number, opacity: number, dash: readonly number[], paper: string}} Style
 */

const STEPS = 28;
const STUB = 46;
/** Pieces of a line, each a little wider than the one before. */
const TAPER = 7;
/** Share of its width that an arrow begins with. */
const THIN = 0.4;
/** From this length on a second head stands in the middle of the line. */
const LONG = 220;

/** @param {Bundle} bundle @returns {Arrow} */
export function layOut(bundle) {
  const { start, end, rank } = bundle;
  if (start && end) {
    const apart = Math.hypot(end.x - start.x, end.y - start.y);
    if (start.key !== end.key && apart > start.gap + end.gap + 8) {
      const line = arc(start, end, 0.16 + 0.09 * rank);
      return { bundle, line, loop: false, fades: { start: start.vague, end: end.vague } };
    }
    return { bundle, line: loop(start, rank), loop: true, fades: { start: false, end: false } };
  }
  const known = /** @type {End} */ (start ?? end);
  // Where it is not known, no direction means anything: stubs of one point spread like a fan.
  const angle = ((-50 + 40 * rank) * Math.PI) / 180;
  const far = {
    x: known.x + (STUB + known.gap) * Math.cos(angle),
    y: known.y + (STUB + known.gap) * Math.sin(angle),
    gap: 0,
  };
  return start
    ? { bundle, line: arc(start, far, 0.12), loop: false, fades: { start: false, end: true } }
    : { bundle, line: arc(far, known, 0.12), loop: false, fades: { start: true, end: false } };
}

/** Whether an arrow may reach into a box. @param {Arrow} arrow @param {{left: number, top: number, right: number, bottom: number}} box */
export function reachesInto({ line }, { left, top, right, bottom }) {
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of line) {
    west = Math.min(west, x);
    east = Math.max(east, x);
    north = Math.min(north, y);
    south = Math.max(south, y);
  }
  return west <= right && east >= left && north <= bottom && south >= top;
}

/** @typedef {{x: number, y: number, gap: number}} Tip */

/** @param {Tip} start @param {Tip} end @param {number} bend @returns {Point[]} */
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

/** Shorten a line so that it begins at the rim of its first point. @param {Point[]} line @param {Tip} end @returns {Point[]} */
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

/** A petal beside the symbol: a move within one point. @param {Tip} start @param {number} rank @returns {Point[]} */
function loop({ x, y, gap }, rank) {
  const radius = 9;
  const turn = Math.PI * 1.25 + (rank * Math.PI) / 3; // up and to the left: names stand on the right
  const middle = [x + (gap + radius - 2) * Math.cos(turn), y + (gap + radius - 2) * Math.sin(turn)];
  return Array.from({ length: STEPS }, (_, step) => {
    const angle = turn + Math.PI * (1.15 + (step / (STEPS - 1)) * 1.7);
    return [middle[0] + radius * Math.cos(angle), middle[1] + radius * Math.sin(angle)];
  });
}

/** @param {CanvasRenderingContext2D} context @param {Pick<Arrow, "line" | "fades">} arrow @param {Style} style @param {boolean} [plain] where there are many: lines of one width */
export function drawArrow(context, { line, fades }, style, plain = false) {
  if (line.length < 2) return;
  const [first, last] = [line[0], /** @type {Point} */ (line.at(-1))];
  const before = line[Math.max(0, line.length - 4)];
  const angle = Math.atan2(last[1] - before[1], last[0] - before[0]);
  const head = 6 + style.width * 1.9;
  const neck = /** @type {Point} */ ([
    last[0] - head * 0.7 * Math.cos(angle),
    last[1] - head * 0.7 * Math.sin(angle),
  ]);
  const body = [...line.filter(([x, y]) => Math.hypot(x - last[0], y - last[1]) > head), neck];
  context.save();
  context.lineCap = "butt";
  context.lineJoin = "round";
  context.globalAlpha = style.opacity * 0.75;
  context.strokeStyle = faded(context, style.paper, first, last, fades);
  const pieces = plain ? 1 : TAPER;
  taper(context, body, pieces, style.width, 2.5, []);
  context.globalAlpha = style.opacity;
  context.strokeStyle = faded(context, style.colour, first, last, fades);
  taper(context, body, pieces, style.width, 0, style.dash);
  context.fillStyle = style.colour;
  if (fades.end) context.globalAlpha = style.opacity * 0.35;
  arrowHead(context, last, angle, head);
  context.globalAlpha = style.opacity;
  if (Math.hypot(last[0] - first[0], last[1] - first[1]) > LONG) middleHead(context, line, style);
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {Point[]} line @param {number} pieces @param {number} width of its end @param {number} more pixels on either side together @param {readonly number[]} dash */
function taper(context, line, pieces, width, more, dash) {
  context.setLineDash(/** @type {number[]} */ (dash));
  let run = 0;
  const size = (line.length - 1) / pieces;
  for (let piece = 0; piece < pieces; piece++) {
    const [from, to] = [Math.round(piece * size), Math.round((piece + 1) * size)];
    if (to <= from) continue;
    context.beginPath();
    context.lineDashOffset = run;
    context.moveTo(...line[from]);
    for (let index = from + 1; index <= to; index++) {
      context.lineTo(...line[index]);
      run += Math.hypot(line[index][0] - line[index - 1][0], line[index][1] - line[index - 1][1]);
    }
    context.lineWidth = width * (THIN + ((1 - THIN) * (piece + 1)) / pieces) + more;
    context.stroke();
  }
  context.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} context @param {Point[]} line @param {Style} style */
function middleHead(context, line, style) {
  const at = Math.floor(line.length * 0.55);
  const [x, y] = line[at];
  const [a, b] = line[at - 2];
  arrowHead(context, [x, y], Math.atan2(y - b, x - a), 5 + style.width * 1.5);
}

/** @param {CanvasRenderingContext2D} context @param {Point} tip @param {number} angle @param {number} size */
function arrowHead(context, [x, y], angle, size) {
  context.beginPath();
  context.moveTo(x, y);
  for (const turn of [Math.PI - 0.42, Math.PI + 0.42]) {
    context.lineTo(x + size * Math.cos(angle + turn), y + size * Math.sin(angle + turn));
  }
  context.fill();
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

/** @param {Point[]} line @returns {Point} where the number of claims stands */
export function middle(line) {
  return line[Math.floor(line.length * 0.42)];
}

/** How many claims each arrow bundles. @param {CanvasRenderingContext2D} context @param {Arrow[]} arrows @param {any} symbols of the scheme */
export function drawNumbers(context, arrows, { flow, paper }) {
  context.save();
  context.font = '600 10.5px system-ui, "Noto Sans", sans-serif';
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 1;
  for (const { bundle, line } of arrows) {
    if (bundle.flows.length < 2) continue;
    const [x, y] = middle(line);
    const text = String(bundle.flows.length);
    const half = 4 + 3.2 * text.length;
    context.beginPath();
    context.roundRect(x - half, y - 7.5, 2 * half, 15, 7.5);
    context.fillStyle = paper;
    context.fill();
    context.strokeStyle = context.fillStyle = flow.colour;
    context.stroke();
    context.fillText(text, x, y + 0.5);
  }
  context.restore();
}

/** @param {Pick<Arrow, "line">} arrow @param {number} x @param {number} y @returns {number} pixels to the line */
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
