/** The strokes of a symbol: drawn from a look, which says what they mean. */

/**
 * @typedef {import("../symbols.js").Look} Look
 * @typedef {CanvasRenderingContext2D} Context
 */

const CORNERS = { square: [4, 45], diamond: [4, 0], hexagon: [6, 0], triangle: [3, -90] };
const TOP = -Math.PI / 2;
const NUMBERS = '600 11px system-ui, "Noto Sans", sans-serif';

/** @param {string} shape @param {number} x @param {number} y @param {number} radius @returns {Path2D} */
export function shapePath(shape, x, y, radius) {
  const path = new Path2D();
  const corners = CORNERS[shape];
  if (!corners) {
    path.arc(x, y, radius, 0, 2 * Math.PI);
    return path;
  }
  const [count, turn] = corners;
  const reach = shape === "square" ? radius * 1.25 : radius * 1.1;
  for (let corner = 0; corner < count; corner++) {
    const angle = ((turn + (360 / count) * corner) * Math.PI) / 180;
    path.lineTo(x + reach * Math.cos(angle), y + reach * Math.sin(angle));
  }
  path.closePath();
  return path;
}

/**
 * @param {Context} context
 * @param {number} x
 * @param {number} y
 * @param {Look} look
 * @param {any} symbols of the scheme
 */
export function drawSymbol(context, x, y, look, symbols) {
  const { radius } = look;
  const outline = shapePath(look.shape, x, y, radius);
  context.save();
  context.lineJoin = "round";
  context.strokeStyle = symbols.paper;
  context.lineWidth = 4;
  context.stroke(outline);
  context.fillStyle = symbols.paper;
  context.fill(outline);
  context.globalAlpha = look.opacity;
  inParts(context, x, y, radius + 5, look.colours, (colour) => {
    context.fillStyle = colour;
    if (look.fill === "full") context.fill(outline);
    if (look.fill === "half") {
      context.save();
      context.clip(outline);
      context.fillRect(x - radius - 2, y, 2 * radius + 4, radius + 2);
      context.restore();
    }
    context.strokeStyle = colour;
    context.lineWidth = look.fill === "full" ? 1 : 1.9;
    context.setLineDash(look.stale ? symbols.stale.dash : []);
    context.stroke(outline);
    context.setLineDash([]);
    mark(context, x, y, look, symbols.paper);
  });
  context.globalAlpha = 1;
  const [contested, disputed] = ["contested", "disputed"].map((code) =>
    symbols.rings.find((/** @type {any} */ ring) => ring.code === code),
  );
  if (look.contested) drawRing(context, x, y, radius + 4, contested, symbols.paper);
  if (look.disputed) {
    drawRing(context, x, y, radius + (look.contested ? 7.5 : 4.5), disputed, symbols.paper);
  }
  context.restore();
}

/** Paint once in each colour, each within its sector. @param {Context} context @param {number} x @param {number} y @param {number} radius @param {string[]} colours @param {(colour: string) => void} paint */
function inParts(context, x, y, radius, colours, paint) {
  if (colours.length === 1) {
    paint(colours[0]);
    return;
  }
  colours.forEach((colour, index) => {
    const [from, to] = [index, index + 1].map(
      (part) => TOP + (2 * Math.PI * part) / colours.length,
    );
    context.save();
    context.beginPath();
    context.moveTo(x, y);
    context.arc(x, y, radius, from, to);
    context.closePath();
    context.clip();
    paint(colour);
    context.restore();
  });
}

/** @param {Context} context @param {number} x @param {number} y @param {Look} look @param {string} paper */
function mark(context, x, y, look, paper) {
  if (look.mark === "none") return;
  const arm = look.radius * 0.5;
  context.beginPath();
  if (look.mark === "plus") {
    context.strokeStyle = paper;
    line(context, x - arm, y, x + arm, y);
    line(context, x, y - arm, x, y + arm);
  } else {
    line(context, x - arm, y - arm, x + arm, y + arm);
    line(context, x - arm, y + arm, x + arm, y - arm);
  }
  context.lineWidth = 1.6;
  context.stroke();
}

/** @param {Context} context @param {number} x @param {number} y @param {number} radius @param {any} ring @param {string} paper */
function drawRing(context, x, y, radius, ring, paper) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.setLineDash([]);
  context.strokeStyle = paper;
  context.lineWidth = 3;
  context.stroke();
  context.setLineDash(ring.dash);
  context.strokeStyle = ring.colour;
  context.lineWidth = 1.3;
  context.stroke();
  context.setLineDash([]);
}

/**
 * @typedef {object} Rim of a symbol that gathers several sites
 * @property {number} radius
 * @property {{tint: string, share: number, opacity: number}[]} shares in the order of the legend
 * @property {boolean} contested
 * @property {boolean} disputed
 */

/** @param {Context} context @param {number} x @param {number} y @param {Rim} rim @param {any} symbols of the scheme */
export function drawRim(context, x, y, { radius, shares, contested, disputed }, symbols) {
  context.save();
  context.fillStyle = symbols.paper;
  context.beginPath();
  context.arc(x, y, radius + 2, 0, 2 * Math.PI);
  context.fill();
  let angle = TOP;
  context.lineWidth = 4.5;
  for (const { tint, share, opacity } of shares) {
    const end = angle + 2 * Math.PI * share;
    context.beginPath();
    context.arc(x, y, radius - 2, angle, end);
    context.globalAlpha = opacity;
    context.strokeStyle = tint;
    context.stroke();
    angle = end;
  }
  context.globalAlpha = 1;
  const rings = { contested: [contested, 4], disputed: [disputed, 7] };
  for (const ring of symbols.rings) {
    const [shown, beyond] = rings[ring.code];
    if (shown) drawRing(context, x, y, radius + beyond, ring, symbols.paper);
  }
  context.restore();
}

/** @param {Context} context @param {number} x @param {number} y @param {number} count of sites @param {string} colour */
export function drawNumber(context, x, y, count, colour) {
  context.font = NUMBERS;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = colour;
  // There is room for four characters.
  context.fillText(count < 10_000 ? String(count) : `${Math.round(count / 1000)}k`, x, y + 0.5);
}

/** @param {Context} context @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
function line(context, x1, y1, x2, y2) {
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
}
