/** How a site looks, from the symbology that the server states; also drawn in legend and panel. */

import { h } from "./dom.js";

/**
 * @typedef {object} Look
 * @property {string} shape
 * @property {number} radius pixels
 * @property {string} colour of the symbol
 * @property {string} tint of its share where sites are gathered
 * @property {"full" | "half" | "empty"} fill
 * @property {"none" | "plus" | "cross"} mark
 * @property {number} opacity
 * @property {boolean} contested
 * @property {boolean} disputed
 */

export class Symbology {
  /** @param {any} symbols `layers.symbology.symbols()` */
  constructor(symbols) {
    this.symbols = symbols;
    this.activity = byCode(symbols.activity);
    this.kind = byCode(symbols.kind);
    this.place = byCode(symbols.place);
    this.flow = byCode(symbols.flow.by_credibility);
    this.role = byCode(symbols.role);
    this.rings = byCode(symbols.rings);
  }

  /** Whether a site is a region: text, never a pin. @param {Record<string, any>} site */
  isRegion(site) {
    return (
      this.kind.get(site.kind)?.shape === "label" ||
      (site.precision_m ?? 0) >= this.symbols.region_precision_m
    );
  }

  /** @param {number | null} age days @returns {number} */
  opacity(age) {
    if (age === null) return 1;
    for (const item of this.symbols.age) {
      if (item.max_age_days === null || age <= item.max_age_days) return item.opacity;
    }
    return 1;
  }

  /** @param {Record<string, any>} site a feature's properties @returns {Look} */
  look(site) {
    const activity = this.activity.get(site.activity) ?? this.activity.get("unknown");
    const kind = this.kind.get(site.kind) ?? this.kind.get("compound");
    const place = this.place.get(site.place_role);
    const look = {
      shape: kind.shape === "label" ? "circle" : kind.shape,
      radius: (kind.radius_px || 7) * (activity.code === "unknown" ? 0.85 : 1),
      colour: activity.colour,
      tint: activity.tint,
      fill: activity.fill,
      mark: activity.mark,
      opacity: activity.code === "unknown" ? 1 : this.opacity(site.age_days),
      contested: site.contested === true,
      disputed: site.disputed === true,
    };
    if (!place?.colour) return look;
    const { colour, radius_px: radius } = place;
    return {
      ...look,
      ...{ shape: "square", radius, colour, tint: "#e1ded7", fill: "empty", mark: "none" },
      ...{ opacity: 1, contested: false, disputed: false },
    };
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} x
   * @param {number} y
   * @param {Look} look
   */
  draw(context, x, y, look) {
    const { radius, opacity } = look;
    const outline = shapePath(look.shape, x, y, radius);
    context.save();
    context.lineJoin = "round";
    context.strokeStyle = this.symbols.paper;
    context.lineWidth = 4;
    context.stroke(outline);
    context.fillStyle = this.symbols.paper;
    context.fill(outline);
    context.globalAlpha = opacity;
    context.fillStyle = look.colour;
    if (look.fill === "full") context.fill(outline);
    if (look.fill === "half") {
      context.save();
      context.clip(outline);
      context.fillRect(x - radius - 2, y, 2 * radius + 4, radius + 2);
      context.restore();
    }
    context.strokeStyle = look.colour;
    context.lineWidth = look.fill === "full" ? 1 : 1.7;
    context.stroke(outline);
    this.#mark(context, x, y, look);
    context.globalAlpha = 1;
    if (look.contested) this.#ring(context, x, y, radius + 4, this.rings.get("contested"));
    if (look.disputed) {
      const reach = radius + (look.contested ? 7.5 : 4.5);
      this.#ring(context, x, y, reach, this.rings.get("disputed"));
    }
    context.restore();
  }

  /** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {Look} look */
  #mark(context, x, y, look) {
    const arm = look.radius * 0.5;
    context.beginPath();
    if (look.mark === "plus") {
      context.strokeStyle = this.symbols.paper;
      line(context, x - arm, y, x + arm, y);
      line(context, x, y - arm, x, y + arm);
    } else if (look.mark === "cross") {
      line(context, x - arm, y - arm, x + arm, y + arm);
      line(context, x - arm, y + arm, x + arm, y - arm);
    }
    context.lineWidth = 1.6;
    context.stroke();
  }

  /** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius @param {any} ring */
  #ring(context, x, y, radius, ring) {
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.setLineDash([]);
    context.strokeStyle = this.symbols.paper;
    context.lineWidth = 3;
    context.stroke();
    context.setLineDash(ring.dash);
    context.strokeStyle = ring.colour;
    context.lineWidth = 1.3;
    context.stroke();
    context.setLineDash([]);
  }

  /**
   * A symbol with the number of sites gathered in it, its rim parted by their activity.
   * @param {CanvasRenderingContext2D} context
   * @param {number} x
   * @param {number} y
   * @param {Look[]} looks of the sites
   */
  drawGathered(context, x, y, looks) {
    const radius = gatheredRadius(looks.length);
    const parts = new Map();
    for (const look of looks) {
      const part = parts.get(look.tint) ?? { tint: look.tint, count: 0, weight: 0 };
      part.count += 1;
      part.weight += look.opacity;
      parts.set(look.tint, part);
    }
    context.save();
    context.fillStyle = this.symbols.paper;
    disc(context, x, y, radius + 2);
    const order = this.symbols.activity.map((/** @type {any} */ item) => item.tint);
    const sorted = [...parts.values()].sort(
      (a, b) => rankOf(order, a.tint) - rankOf(order, b.tint),
    );
    let angle = -Math.PI / 2;
    for (const { tint, count, weight } of sorted) {
      const end = angle + (2 * Math.PI * count) / looks.length;
      context.beginPath();
      context.arc(x, y, radius - 2, angle, end);
      context.globalAlpha = weight / count;
      context.strokeStyle = tint;
      context.lineWidth = 4.5;
      context.stroke();
      angle = end;
    }
    context.globalAlpha = 1;
    if (looks.some((look) => look.contested)) {
      this.#ring(context, x, y, radius + 4, this.rings.get("contested"));
    }
    if (looks.some((look) => look.disputed)) {
      this.#ring(context, x, y, radius + 7, this.rings.get("disputed"));
    }
    context.font = '600 11px system-ui, "Noto Sans", sans-serif';
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillStyle = this.symbols.ink;
    context.fillText(String(looks.length), x, y + 0.5);
    context.restore();
  }

  /**
   * The symbol as an element; what it means must stand beside it in words.
   * @param {(context: CanvasRenderingContext2D, x: number, y: number) => void} draw
   * @param {number} [width]
   * @param {number} [height]
   * @returns {HTMLElement}
   */
  icon(draw, width = 24, height = 24) {
    const canvas = /** @type {HTMLCanvasElement} */ (
      h("canvas", { class: "icon", "aria-hidden": "true", width: width * 2, height: height * 2 })
    );
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    context.scale(2, 2);
    draw(context, width / 2, height / 2);
    return canvas;
  }
}

/** @param {number} count of sites @returns {number} pixels */
export const gatheredRadius = (count) => 10 + Math.min(6, Math.sqrt(count) * 1.1);

/**
 * How far a symbol reaches, rings included.
 * @param {Look[]} looks of the sites in it
 * @returns {number} pixels
 */
export function reach(looks) {
  const one = looks.length === 1;
  const radius = one ? looks[0].radius + 1 : gatheredRadius(looks.length) + 2;
  if (looks.some((look) => look.disputed)) return radius + 7;
  return looks.some((look) => look.contested) ? radius + 4 : radius;
}

/** @param {any[]} items @returns {Map<any, any>} */
const byCode = (items) => new Map(items.map((item) => [item.code, item]));

/** @param {string[]} order @param {string} colour */
const rankOf = (order, colour) => (order.indexOf(colour) + order.length + 1) % (order.length + 1);

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius */
function disc(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
function line(context, x1, y1, x2, y2) {
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
}

const CORNERS = { square: [4, 45], diamond: [4, 0], hexagon: [6, 0], triangle: [3, -90] };

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
