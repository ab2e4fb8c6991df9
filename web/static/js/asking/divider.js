/** The line between two dates on the map: dragged with mouse or finger, moved with the keyboard. */

/* global L */

import { h } from "../dom.js";
import { t } from "../text.js";

const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 };

export class Divider {
  /**
   * @param {HTMLElement} container of the map
   * @param {{moved: (at: number) => void, rested: (at: number) => void}} page what follows the line
   *   while it is dragged, and once it was let go: per cent of the map's width
   */
  constructor(container, { moved, rested }) {
    this.container = container;
    this.moved = moved;
    this.rested = rested;
    this.at = 50;
    this.dates = { left: "", right: "" };
    this.handle = h("div", {
      class: "swipe-handle",
      role: "slider",
      tabindex: "0",
      "aria-label": t("asking.swipe_label"),
      "aria-orientation": "horizontal",
      "aria-valuemin": "0",
      "aria-valuemax": "100",
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    });
    this.line = h("div", {
      class: "swipe-line",
      onpointerdown: (/** @type {PointerEvent} */ event) => this.#grip(event),
      onpointermove: (/** @type {PointerEvent} */ event) => this.#drag(event),
      onpointerup: () => this.#let(),
      onpointercancel: () => this.#let(),
      // The map would take the focus and the movements for its own.
      onmousedown: (/** @type {MouseEvent} */ event) => event.preventDefault(),
      onmousemove: (/** @type {MouseEvent} */ event) => event.stopPropagation(),
    });
    this.line.append(this.handle);
    L.DomEvent.disableClickPropagation(this.line);
    this.left = h("span", { class: "swipe-date" });
    this.right = h("span", { class: "swipe-date" });
    // Screen readers are told the dates by the slider.
    this.root = h(
      "div",
      { class: "swipe" },
      this.line,
      h(
        "div",
        { class: "swipe-dates", "aria-hidden": "true" },
        h("span", { class: "swipe-left" }, this.left),
        h("span", { class: "swipe-right" }, this.right),
      ),
    );
  }

  /** @param {number} at @param {{left: string, right: string}} dates long, as they are read */
  show(at, dates) {
    this.dates = dates;
    this.left.textContent = `← ${dates.left}`;
    this.right.textContent = `${dates.right} →`;
    this.to(at);
    if (!this.root.isConnected) this.container.append(this.root);
  }

  hide() {
    this.root.remove();
    this.gripped = undefined;
  }

  /** @param {number} at per cent */
  to(at) {
    this.at = at;
    const whole = Math.round(at);
    this.root.style.setProperty("--at", `${at}%`);
    this.handle.setAttribute("aria-valuenow", String(whole));
    this.handle.setAttribute("aria-valuetext", t("asking.swipe_value", { at: whole, ...this.dates }));
    this.moved(at);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key, shiftKey } = event;
    const step = STEPS[/** @type {keyof typeof STEPS} */ (key)];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (step === undefined && key !== "Home" && key !== "End") return;
    event.preventDefault();
    event.stopPropagation();
    const far = shiftKey && Math.abs(step) === 1 ? 10 : 1;
    const wanted = step === undefined ? (key === "End" ? 100 : 0) : Math.round(this.at) + step * far;
    this.to(Math.max(0, Math.min(100, wanted)));
    this.rested(this.at);
  }

  /** @param {PointerEvent} event */
  #grip(event) {
    if (event.button !== 0) return;
    event.stopPropagation();
    this.line.setPointerCapture(event.pointerId);
    this.handle.focus({ preventScroll: true });
    // The line does not jump to where a finger met its handle.
    this.gripped = this.at - this.#under(event);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    if (this.gripped === undefined) return;
    event.stopPropagation();
    this.to(Math.max(0, Math.min(100, this.#under(event) + this.gripped)));
  }

  #let() {
    if (this.gripped === undefined) return;
    this.gripped = undefined;
    this.to(Math.round(this.at));
    this.rested(this.at);
  }

  /** @param {PointerEvent} event @returns {number} per cent of the map's width */
  #under({ clientX }) {
    const { left, width } = this.container.getBoundingClientRect();
    return ((clientX - left) / width) * 100;
  }
}
