/** While time plays, dots run along the arrows: on a canvas of their own, and only if motion is wanted. */

import { addCanvas } from "../canvaslayer.js";

const STILL = matchMedia("(prefers-reduced-motion: reduce)");
/** Pixels a second, and between two dots of one arrow. */
const [SPEED, APART] = [70, 64];

export class FlowMotion {
  /**
   * @param {any} map the Leaflet map
   * @param {() => {arrows: import("./arrows.js").Arrow[], colour: string, paper: string}} shown
   */
  constructor(map, shown) {
    this.shown = shown;
    this.running = false;
    /** Dots of the last picture, for tests. */
    this.dots = 0;
    this.canvas = addCanvas(map, "atlas-motion", 410, (context) => this.#draw(context));
    this.canvas.container.classList.add("motion");
  }

  /** @param {boolean} playing */
  play(playing) {
    const runs = playing && !STILL.matches;
    if (runs === this.running) return;
    this.running = runs;
    if (runs) this.#next();
    else this.canvas.redraw();
  }

  #next() {
    requestAnimationFrame(() => {
      if (!this.running) return;
      this.canvas.redraw();
      this.#next();
    });
  }

  /** @param {CanvasRenderingContext2D} context */
  #draw(context) {
    this.dots = 0;
    if (!this.running) return;
    const { arrows, colour, paper } = this.shown();
    const shift = ((performance.now() / 1000) * SPEED) % APART;
    context.fillStyle = colour;
    context.strokeStyle = paper;
    context.lineWidth = 1.5;
    for (const { line } of arrows) {
      let next = shift;
      let run = 0;
      for (let index = 1; index < line.length; index++) {
        const [[x1, y1], [x2, y2]] = [line[index - 1], line[index]];
        const length = Math.hypot(x2 - x1, y2 - y1);
        for (; next < run + length; next += APART) {
          const share = (next - run) / length;
          context.beginPath();
          context.arc(x1 + share * (x2 - x1), y1 + share * (y2 - y1), 3, 0, 2 * Math.PI);
          context.stroke();
          context.fill();
          this.dots += 1;
        }
        run += length;
      }
    }
  }
}
