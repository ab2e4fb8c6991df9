/** Symbols drawn once and copied: thousands of sites share a few dozen looks. */

import { drawNumber, drawRim } from "./shapes.js";

/**
 * @typedef {import("../symbols.js").Look} Look
 * @typedef {{canvas: HTMLCanvasElement, half: number, size: number}} Sprite half, size: pixels of the page
 */

/** Rings and the halo reach this many pixels beyond the radius. */
const MARGIN = 12;
/** Shares of a rim are told apart to this part of it. */
const PARTS = 24;
const MOST_RIMS = 3000;

export class Sprites {
  /** @param {import("../symbols.js").Symbology} symbology */
  constructor(symbology) {
    this.symbology = symbology;
    /** @type {Map<Look, Sprite>} */
    this.sprites = new Map();
    /** @type {Map<string, Sprite>} */
    this.rims = new Map();
    this.version = -1;
    this.ratio = 0;
  }

  /** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {Look} look */
  draw(context, x, y, look) {
    this.#renew(context);
    let sprite = this.sprites.get(look);
    if (!sprite) {
      const half = Math.ceil(look.radius * 1.25 + MARGIN);
      sprite = this.#make(half, (own) => this.symbology.draw(own, half, half, look));
      this.sprites.set(look, sprite);
    }
    this.#copy(context, sprite, x, y);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {Look[]} looks */
  drawGathered(context, x, y, looks) {
    this.#renew(context);
    const { symbols } = this.symbology;
    const rim = this.symbology.rim(looks);
    let key = `${rim.radius}${rim.contested ? "c" : ""}${rim.disputed ? "d" : ""}`;
    for (const { tint, share, opacity } of rim.shares) {
      key += `${tint}${Math.round(PARTS * share)}/${opacity}`;
    }
    let sprite = this.rims.get(key);
    if (!sprite) {
      const half = Math.ceil(rim.radius + MARGIN);
      sprite = this.#make(half, (own) => drawRim(own, half, half, rim, symbols));
      if (this.rims.size > MOST_RIMS) this.rims.clear();
      this.rims.set(key, sprite);
    }
    this.#copy(context, sprite, x, y);
    drawNumber(context, x, y, looks.length, symbols.ink);
  }

  /** @param {CanvasRenderingContext2D} context */
  #renew(context) {
    const ratio = context.getTransform().a;
    if (this.version === this.symbology.version && this.ratio === ratio) return;
    this.sprites.clear();
    this.rims.clear();
    this.version = this.symbology.version;
    this.ratio = ratio;
  }

  /** @param {CanvasRenderingContext2D} context @param {Sprite} sprite @param {number} x @param {number} y */
  #copy(context, { canvas, half, size }, x, y) {
    const [left, top] = [
      Math.round((x - half) * this.ratio) / this.ratio,
      Math.round((y - half) * this.ratio) / this.ratio,
    ];
    context.drawImage(canvas, left, top, size, size);
  }

  /** @param {number} half pixels @param {(context: CanvasRenderingContext2D) => void} draw @returns {Sprite} */
  #make(half, draw) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.ceil(2 * half * this.ratio);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.scale(this.ratio, this.ratio);
    draw(context);
    return { canvas, half, size: canvas.width / this.ratio };
  }
}
