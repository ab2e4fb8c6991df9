/** The drawn part of the time bar: bars, what one bar counts, and the strip that shows the zoom. */

import { counted } from "../days.js";
import { fill, h } from "../dom.js";
import { token } from "../scheme.js";
import { t } from "../text.js";
import { along, dayAt, lengthOf, panned, wholeAxis } from "./axis.js";
import { chartOf, drawHistogram, nameOf, roundBelow, total } from "./histogram.js";

/** @typedef {import("./axis.js").Axis} Axis */

/** Pixels above the tallest bar, where the marks are. */
const HEAD = 30;

export class Chart {
  /** @param {import("./handles.js").Bar} bar */
  constructor(bar) {
    this.bar = bar;
    this.canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { "aria-hidden": "true" }));
    this.readout = h("p", { class: "readout", "aria-hidden": "true", hidden: true });
    this.thumb = h("span", { class: "strip-thumb" });
    this.strip = h("div", { class: "strip", "aria-hidden": "true", hidden: true }, this.thumb);
    this.element = h("div", { class: "chart" }, this.canvas, this.readout, this.strip);
    /** @type {{label: string, colour: string}[]} */
    this.classes = [];
    this.adopt();
    this.element.addEventListener("pointermove", (event) => this.#point(event));
    this.element.addEventListener("pointerleave", () => (this.readout.hidden = true));
    this.strip.addEventListener("pointerdown", (event) => this.#grabStrip(event));
  }

  /** Take up the colours of the scheme, light or dark. */
  adopt() {
    this.colours = { line: token("--line"), ink: token("--soft"), paper: token("--paper") };
  }

  get width() {
    return this.canvas.clientWidth;
  }

  /**
   * @param {import("./bins.js").Bins} bins
   * @param {{label: string, colour: string}[]} classes in the order of the bins
   */
  setBins(bins, classes) {
    this.bins = bins;
    this.classes = classes;
    this.draw();
  }

  draw() {
    const { axis, limits } = this.bar;
    const whole = wholeAxis(limits);
    this.strip.hidden = !this.bar.isZoomed;
    this.thumb.style.left = `${along(whole, axis.first) * 100}%`;
    this.thumb.style.width = `${(lengthOf(axis) / lengthOf(whole)) * 100}%`;
    if (!this.bins || !this.width) return;
    this.drawn = chartOf(this.bins, axis, this.width);
    const mark = roundBelow(Math.max(1, this.drawn.tallest));
    const scale = t(`time.scale.${this.drawn.unit}`, counted(mark));
    drawHistogram(this.canvas, axis, this.drawn, {
      classes: this.classes.map(({ colour }) => colour),
      scale,
      head: HEAD,
      ...this.colours,
    });
  }

  /** Say what the bar under the mouse counts. @param {PointerEvent} event */
  #point({ clientX, buttons, pointerType, target }) {
    const over = /** @type {HTMLElement} */ (target).closest("button") !== null;
    const { left, width } = this.element.getBoundingClientRect();
    const day = dayAt(this.bar.axis, (clientX - left) / width);
    const starts = this.drawn?.starts ?? [];
    const index = starts.findLastIndex((start) => start <= day);
    const bar = this.drawn?.bars[index];
    this.readout.hidden = !bar || over || buttons !== 0 || pointerType !== "mouse";
    if (!bar || this.readout.hidden) return;
    const all = total(bar);
    const parts = bar
      .map((share, place) => ({ share, ...this.classes[place] }))
      .filter(({ share }) => share > 0);
    fill(
      this.readout,
      h("strong", {}, nameOf(this.drawn.unit, starts[index], starts[index + 1])),
      h("span", {}, t("time.bar_counts", { count: Math.round(all), number: about(all) })),
      parts.map(({ share, label, colour }) => {
        const swatch = h("i", { class: "swatch" });
        swatch.style.background = colour;
        return h("span", {}, swatch, `${about(share)} ${label}`);
      }),
    );
    const x = clientX - left;
    const beside = x > width / 2 ? x - 14 - this.readout.offsetWidth : x + 14;
    this.readout.style.left = `${beside}px`;
  }

  /** @param {PointerEvent} event */
  #grabStrip(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    const whole = wholeAxis(this.bar.limits);
    const dayOf = (/** @type {PointerEvent} */ { clientX }) => {
      const { left, width } = this.strip.getBoundingClientRect();
      return whole.first + ((clientX - left) / width) * lengthOf(whole);
    };
    const { axis } = this.bar;
    const start = dayOf(event);
    // A press beside the thumb brings its middle there.
    const held = event.target === this.thumb ? start : (axis.first + axis.last) / 2;
    const move = (/** @type {PointerEvent} */ moving) =>
      this.bar.showAxis(panned(axis, dayOf(moving) - held, whole));
    move(event);
    this.strip.setPointerCapture(event.pointerId);
    this.strip.addEventListener("pointermove", move);
    const end = () => this.strip.removeEventListener("pointermove", move);
    this.strip.addEventListener("lostpointercapture", end, { once: true });
  }
}

/** @param {number} count with parts of reports that are not dated exactly @returns {string} */
const about = (count) =>
  count < 0.95 ? "< 1" : counted(Math.round(count)).number;
