/** Names on the map: placed one after the other, the more important first, never over another. */

/**
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 * @typedef {object} Style
 * @property {string} font
 * @property {string} colour
 * @property {string} halo
 * @property {number} size line height in pixels
 * @property {string} [spacing] CSS letter spacing
 */

const CELL = 64;
/** Makes the numbers of cells positive: a name may stand a little outside the canvas. */
const OFFSET = 1024;
const LONGEST = 60;
/** Controls of text direction would turn a label round; a label is one short line. */
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069]/g;

/** @param {string} text stored text @returns {string} */
export function labelText(text) {
  const clean = text.replace(CONTROLS, "").trim();
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST - 1)}…` : clean;
}

export class Labels {
  /** @param {CanvasRenderingContext2D} context */
  constructor(context) {
    this.context = context;
    /** @type {Map<number, Box[]>} boxes taken, by cell of a grid */
    this.taken = new Map();
    /** @type {{text: string, x: number, y: number, align: CanvasTextAlign, style: Style}[]} */
    this.placed = [];
  }

  /** Keep an area free of names. @param {Box} box */
  reserve(box) {
    for (const cell of cells(box)) {
      const boxes = this.taken.get(cell);
      if (boxes) boxes.push(box);
      else this.taken.set(cell, [box]);
    }
  }

  /** @param {Box} box */
  #free(box) {
    return cells(box).every((cell) => !this.taken.get(cell)?.some((other) => overlap(box, other)));
  }

  /**
   * Place a name beside a symbol: right, left, below or above it.
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {number} distance pixels from the point to the name
   * @param {Style} style
   * @param {{always?: boolean}} [options] always: place it even where there is no room
   * @returns {boolean} whether there was room
   */
  place(text, x, y, distance, style, { always = false } = {}) {
    const width = measure(this.context, text, style);
    const half = style.size / 2;
    /** @type {[number, number, CanvasTextAlign][]} */
    const spots = [
      [x + distance + 3, y, "left"],
      [x - distance - 3, y, "right"],
      [x, y + distance + half + 1, "center"],
      [x, y - distance - half - 1, "center"],
    ];
    for (const [left, middle, align] of spots) {
      const start = left - (align === "left" ? 0 : align === "right" ? width : width / 2);
      const box = {
        left: start - 2,
        top: middle - half,
        right: start + width + 2,
        bottom: middle + half,
      };
      if (!this.#free(box)) continue;
      this.#add(text, left, middle, align, style, box);
      return true;
    }
    if (always) {
      const [left, middle, align] = spots[0];
      const box = {
        left: left - 2,
        top: middle - half,
        right: left + width + 2,
        bottom: middle + half,
      };
      this.#add(text, left, middle, align, style, box);
    }
    return always;
  }

  /**
   * Place a name on a point, or nowhere.
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {Style} style
   * @returns {Box | null} where it stands
   */
  placeOn(text, x, y, style) {
    const half = { x: this.width(text, style) / 2 + 2, y: style.size / 2 };
    const box = { left: x - half.x, right: x + half.x, top: y - half.y, bottom: y + half.y };
    if (!this.#free(box)) return null;
    this.#add(text, x, y, "center", style, box);
    return box;
  }

  /** @param {string} text @param {Style} style @returns {number} pixels */
  width(text, style) {
    return measure(this.context, text, style);
  }

  /**
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {CanvasTextAlign} align
   * @param {Style} style
   * @param {Box} box
   */
  #add(text, x, y, align, style, box) {
    this.reserve(box);
    this.placed.push({ text, x, y, align, style });
  }

  /** Draw what was placed since the last call. */
  draw() {
    const { context } = this;
    context.save();
    context.textBaseline = "middle";
    context.lineJoin = "round";
    for (const { text, x, y, align, style } of this.placed) {
      context.font = style.font;
      context.textAlign = align;
      context.letterSpacing = style.spacing ?? "0px";
      context.strokeStyle = style.halo;
      context.lineWidth = 3;
      context.strokeText(text, x, y);
      context.fillStyle = style.colour;
      context.fillText(text, x, y);
    }
    context.restore();
    this.placed = [];
  }
}

/** @param {Box} box */
function cells({ left, top, right, bottom }) {
  const found = [];
  for (let x = Math.floor(left / CELL); x <= Math.floor(right / CELL); x++) {
    for (let y = Math.floor(top / CELL); y <= Math.floor(bottom / CELL); y++) {
      found.push((x + OFFSET) * 4096 + y + OFFSET);
    }
  }
  return found;
}

/** @param {Box} a @param {Box} b */
const overlap = (a, b) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** @type {Map<string, number>} */
const widths = new Map();

/** @param {CanvasRenderingContext2D} context @param {string} text @param {Style} style */
function measure(context, text, style) {
  const key = `${style.font}|${style.spacing ?? ""}|${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > 20_000) widths.clear();
    context.font = style.font;
    context.letterSpacing = style.spacing ?? "0px";
    width = context.measureText(text).width;
    context.letterSpacing = "0px";
    widths.set(key, width);
  }
  return width;
}
