/** The window on the chart: held, stretched and moved by mouse, finger and keyboard. */

import { lengthInWords, longDate } from "../days.js";
import { h } from "../dom.js";
import { t } from "../text.js";
import { around, dayAt, lengthOf, panned, wholeAxis, zoomed } from "./axis.js";
import { between, moved, shifted, stepBetween, stretched, withEnd } from "./spans.js";

/**
 * @typedef {import("./axis.js").Axis} Axis
 * @typedef {import("./spans.js").Span} Span
 * @typedef {import("./spans.js").Grip} Grip
 * @typedef {object} Bar the time bar, as far as its handles need it
 * @property {Axis} axis
 * @property {Span} span the window
 * @property {boolean} single whether one date is shown in place of a window
 * @property {import("./spans.js").Limits} limits
 * @property {(span: Span) => void} show
 * @property {(axis: Axis | null) => void} showAxis null: as at first
 * @property {boolean} isZoomed whether the axis is not the usual one
 * @property {import("./spans.js").Step} keyStep what an arrow key moves
 * @property {() => void} stop playing
 * @property {() => void} grabbed
 * @property {() => void} released
 */

/** From this width of a day on the window keeps to days, before to whole months, in pixels. */
const DAY_PX = 1.2;
/** A press that moves less than this is a press, not a drag, in pixels. */
const STILL_PX = 4;
const YEAR = { months: 12 };
const EVER = { months: 12_000 };

export class Handles {
  /** @param {HTMLElement} chart @param {Bar} bar */
  constructor(chart, bar) {
    this.chart = chart;
    this.bar = bar;
    /** @type {Map<number, number>} where each pointer is, by its id */
    this.pointers = new Map();
    this.left = this.#slider("from", "grip grip-from");
    this.window = this.#slider("both", "window");
    this.right = this.#slider("to", "grip grip-to");
    chart.append(this.left, this.window, this.right);
    chart.addEventListener("pointerdown", (event) => this.#press(event));
    chart.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
      chart.addEventListener(end, (event) => this.#lift(/** @type {PointerEvent} */ (event)));
    }
    chart.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.window.addEventListener("dblclick", () => {
      bar.showAxis(around(bar.span, wholeAxis(bar.limits)));
    });
  }

  /** Say where the window is. Where it is drawn follows from the style sheet. */
  render() {
    const { single } = this.bar;
    const { from, to } = this.bar.span;
    this.left.hidden = single;
    this.window.hidden = single;
    const words = t("time.window_is", { from: longDate(from), to: longDate(to) });
    speak(this.window, to, `${words}, ${lengthInWords(from, to)}`);
    speak(this.left, from, longDate(from));
    speak(this.right, to, longDate(to));
    const { axis } = this.bar;
    this.left.classList.toggle("beyond", from < axis.first || from > axis.last + 1);
    this.right.classList.toggle("beyond", to < axis.first - 1 || to > axis.last);
    this.right.setAttribute("aria-label", t(single ? "time.date_shown" : "time.window_end"));
  }

  /** @param {Grip} grip @param {string} name */
  #slider(grip, name) {
    const { firstDay, lastDay } = this.bar.limits;
    const label = { from: "time.window_start", to: "time.window_end", both: "time.window" }[grip];
    return h("div", {
      class: name,
      role: "slider",
      tabindex: "0",
      "aria-label": t(label),
      "aria-valuemin": firstDay,
      "aria-valuemax": lastDay,
      data: { grip },
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event, grip),
    });
  }

  /** @param {KeyboardEvent} event @param {Grip} grip */
  #key(event, grip) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { bar } = this;
    const zoom = { "+": 0.5, "=": 0.5, "-": 2 }[event.key];
    const step = this.#stepOf(event);
    if (!zoom && !step && event.key !== "0") return;
    event.preventDefault();
    if (zoom) this.zoom(zoom);
    else if (!step) bar.showAxis(null);
    else {
      bar.stop();
      bar.show(moved(bar.span, bar.single ? "both" : grip, step, bar.limits));
      bar.released();
    }
  }

  /** @param {KeyboardEvent} event @returns {import("./spans.js").Step | undefined} */
  #stepOf({ key, shiftKey }) {
    const back = (/** @type {import("./spans.js").Step} */ { months }) => ({ months: -months });
    const arrow = shiftKey ? YEAR : this.bar.keyStep;
    return {
      ArrowRight: arrow,
      ArrowUp: arrow,
      ArrowLeft: { months: -(arrow.months ?? 0), days: -(arrow.days ?? 0) },
      ArrowDown: { months: -(arrow.months ?? 0), days: -(arrow.days ?? 0) },
      PageUp: YEAR,
      PageDown: back(YEAR),
      Home: back(EVER),
      End: EVER,
    }[key];
  }

  /**
   * Zoom the axis about the middle of the window, or where that is out of sight about its own.
   * @param {number} factor
   */
  zoom(factor) {
    const { axis, span, limits } = this.bar;
    const middle = ((span.from + span.to + 1) / 2 - axis.first) / lengthOf(axis);
    const share = middle >= 0 && middle <= 1 ? middle : 0.5;
    this.bar.showAxis(zoomed(axis, factor, share, wholeAxis(limits)));
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const { axis, limits } = this.bar;
    const whole = wholeAxis(limits);
    const lines = event.deltaMode === 1 ? 16 : 1;
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      const days = (sideways * lines * lengthOf(axis)) / this.#width();
      this.bar.showAxis(panned(axis, days, whole));
    } else {
      const factor = Math.exp(Math.max(-120, Math.min(120, event.deltaY * lines)) * 0.004);
      this.bar.showAxis(zoomed(axis, factor, this.#share(event.clientX), whole));
    }
  }

  /** @param {PointerEvent} event */
  #press(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.button !== 0 || target.closest("button, .strip")) return;
    this.pointers.set(event.pointerId, event.clientX);
    if (this.pointers.size === 2) return this.#pinch();
    if (this.pointers.size > 2) return;
    const grip = /** @type {Grip | undefined} */ (target.dataset.grip);
    this.chart.setPointerCapture(event.pointerId);
    event.preventDefault();
    if (grip) target.focus({ preventScroll: true });
    const { bar } = this;
    bar.grabbed();
    const drag = { x: event.clientX, day: this.#dayAt(event.clientX), span: bar.span };
    const pans = !grip && event.pointerType === "touch" && bar.isZoomed;
    this.still = true;
    this.follow = pans ? this.#panning(bar.axis, event.clientX) : this.#dragging(grip, drag);
    // A press beside the window brings its end there.
    this.pressed = grip
      ? undefined
      : () => bar.show(shifted(drag.span, this.#stepTo(drag.span.to, drag.day), bar.limits));
  }

  /**
   * What following the pointer does, by where it was pressed.
   * @param {Grip | undefined} grip none beside the window: a new one is drawn
   * @param {{day: number, span: Span}} origin
   * @returns {(clientX: number) => void}
   */
  #dragging(grip, { day: start, span }) {
    const { bar } = this;
    const { limits } = bar;
    return (clientX) => {
      const day = this.#dayAt(clientX);
      const months = this.#byMonths();
      if (bar.single) bar.show(withEnd({ from: limits.firstDay, to: span.to }, "to", day, limits));
      else if (!grip) bar.show(between(start, day, months, limits));
      else if (grip === "both") bar.show(shifted(span, stepBetween(start, day, months), limits));
      else bar.show(stretched(span, grip, day, months, limits));
    };
  }

  /** @param {Axis} axis @param {number} startX @returns {(clientX: number) => void} */
  #panning(axis, startX) {
    const whole = wholeAxis(this.bar.limits);
    const days = lengthOf(axis) / this.#width();
    return (clientX) => this.bar.showAxis(panned(axis, (startX - clientX) * days, whole));
  }

  /** Two fingers: the days under them stay under them. */
  #pinch() {
    const { bar } = this;
    const whole = wholeAxis(bar.limits);
    const [one, other] = [...this.pointers.values()];
    const apart = Math.max(20, Math.abs(one - other));
    const axis = bar.axis;
    const held = this.#share((one + other) / 2);
    this.still = false;
    this.pressed = undefined;
    this.follow = () => {
      const [a, b] = [...this.pointers.values()];
      const next = zoomed(axis, apart / Math.max(20, Math.abs(a - b)), held, whole);
      const shift = (held - this.#share((a + b) / 2)) * lengthOf(next);
      bar.showAxis(panned(next, shift, whole));
    };
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.pointers.get(event.pointerId);
    if (before === undefined || !this.follow) return;
    if (this.still && Math.abs(event.clientX - before) < STILL_PX) return;
    this.still = false;
    this.pointers.set(event.pointerId, event.clientX);
    this.latest = event.clientX;
    // The page is drawn once a frame, however often the pointer tells where it is.
    this.due ??= requestAnimationFrame(() => this.#followNow());
  }

  #followNow() {
    if (this.due) cancelAnimationFrame(this.due);
    this.due = undefined;
    if (this.latest !== undefined) this.follow?.(this.latest);
    this.latest = undefined;
  }

  /** @param {PointerEvent} event */
  #lift(event) {
    if (!this.pointers.delete(event.pointerId)) return;
    this.#followNow();
    if (this.still && event.type === "pointerup") this.pressed?.();
    this.follow = undefined;
    this.pressed = undefined;
    if (this.pointers.size) return;
    this.bar.released();
  }

  /** @param {number} from @param {number} to */
  #stepTo(from, to) {
    return stepBetween(from, to, this.#byMonths() && !this.bar.single);
  }

  /** Whether a pixel is too many days to point at one. */
  #byMonths() {
    return this.#width() / lengthOf(this.bar.axis) < DAY_PX;
  }

  #width() {
    return this.chart.getBoundingClientRect().width || 1;
  }

  /** @param {number} clientX @returns {number} 0 to 1 along the axis */
  #share(clientX) {
    const { left, width } = this.chart.getBoundingClientRect();
    return Math.max(0, Math.min(0.9999, (clientX - left) / (width || 1)));
  }

  /** @param {number} clientX */
  #dayAt(clientX) {
    return dayAt(this.bar.axis, this.#share(clientX));
  }
}

/** @param {HTMLElement} slider @param {number} value @param {string} words */
function speak(slider, value, words) {
  slider.setAttribute("aria-valuenow", String(value));
  slider.setAttribute("aria-valuetext", words);
}
