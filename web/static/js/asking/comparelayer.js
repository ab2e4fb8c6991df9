/** The marks of a comparison, beside the symbols that stand for the sites. */

import { addCanvas } from "../canvaslayer.js";
import { CHANGES } from "./comparison.js";
import { MARKS } from "./comparesheet.js";

/**
 * @typedef {import("./comparison.js").Class} Class
 * @typedef {{x: number, y: number, reach: number, members: {id: string}[]}} Symbol
 */

/** Above the symbols (400), below what Leaflet itself puts on the map. */
const PANE_Z = 420;
const FONT = '700 12px system-ui, "Segoe UI", "Noto Sans", sans-serif';
const HEIGHT = 17;

export class CompareLayer {
  /**
   * @param {any} map
   * @param {import("../overlay.js").Overlay} overlay which tells where symbols stand
   * @param {string} [pane]
   */
  constructor(map, overlay, pane = "atlas-comparison") {
    this.overlay = overlay;
    /** @type {Map<string, Class>} */
    this.classes = new Map();
    /** @type {string[]} what each mark of the last drawing says */
    this.marks = [];
    this.canvas = addCanvas(map, pane, PANE_Z, (context, frame) => this.#draw(context, frame));
    this.canvas.container.style.pointerEvents = "none";
  }

  /** @param {Map<string, Class>} classes */
  show(classes) {
    this.classes = classes;
    this.canvas.redraw();
  }

  /** Once the symbols are drawn anew. */
  follow() {
    if (this.classes.size) this.canvas.redraw();
  }

  /** @param {CanvasRenderingContext2D} context @param {import("../canvaslayer.js").Frame} frame */
  #draw(context, frame) {
    this.marks = [];
    const { drawn } = this.overlay;
    if (!this.classes.size || !drawn) return;
    // The symbols were laid out in the frame of their own canvas.
    const [right, down] = [drawn.frame.x0 - frame.x0, drawn.frame.y0 - frame.y0];
    /** @type {Symbol[]} */
    const symbols = [
      ...drawn.gatherings.filter((/** @type {unknown} */ one) => one !== drawn.opened),
      ...drawn.fanned.map(({ place, x, y }) => ({ x, y, reach: 9, members: [place] })),
    ];
    // Of the page, so that they follow its scheme.
    const { color: ground, backgroundColor: ink } = getComputedStyle(document.body);
    context.font = FONT;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const { x, y, reach, members } of symbols) {
      const text = this.#text(members);
      if (!text) continue;
      this.marks.push(text);
      const width = Math.max(HEIGHT, context.measureText(text).width + 9);
      const left = x + right + reach * 0.6;
      const top = y + down - reach * 0.6 - HEIGHT;
      context.beginPath();
      context.roundRect(left, top, width, HEIGHT, HEIGHT / 2);
      context.fillStyle = ground;
      context.fill();
      context.lineWidth = 1.5;
      context.strokeStyle = ink;
      context.stroke();
      context.fillStyle = ink;
      context.fillText(text, left + width / 2, top + HEIGHT / 2 + 0.5);
    }
  }

  /** @param {{id: string}[]} members @returns {string} "+2 →" */
  #text(members) {
    const counts = new Map();
    for (const { id } of members) {
      const kind = this.classes.get(id);
      if (kind) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    return CHANGES.filter((kind) => counts.has(kind))
      .map((kind) => MARKS[kind] + (members.length > 1 ? counts.get(kind) : ""))
      .join(" ");
  }
}
