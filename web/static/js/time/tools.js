/** The controls of the time bar: play and steps, one date or a window, dates, zoom. */

import { button, h } from "../dom.js";
import { t } from "../text.js";
import { choice, segments } from "./choices.js";
import { SPEEDS } from "./player.js";
import { STEPS } from "./spans.js";

export class Tools {
  /** @param {import("./timebar.js").TimeBar} bar */
  constructor(bar) {
    this.bar = bar;
    const { store } = bar.page;
    this.back = button("", () => this.#step(-1), { class: "step" }, glyph("back"));
    this.on = button("", () => this.#step(1), { class: "step" }, glyph("on"));
    this.play = button(t("time.play"), () => bar.player.toggle(), { class: "play" });
    this.mode = segments(
      "time-mode",
      t("time.mode"),
      ["window", "day"].map((code) => ({ code, label: t(`time.modes.${code}`) })),
      (code) => bar.setSingle(code === "day"),
    );
    this.bars = segments(
      "time-bars",
      t("time.bars"),
      ["activity", "kind"].map((code) => ({ code, label: t(`time.stacks.${code}`) })),
      (code) => store.set({ bars: /** @type {"activity" | "kind"} */ (code) }),
    );
    this.dates = h("div", { class: "typed" });
    this.fit = button(t("time.fit"), () => bar.fit(), { class: "fit", title: t("time.fit_help") });
    this.rest = h(
      "div",
      { class: "rest", id: "time-rest" },
      this.#paces(),
      this.mode.element,
      this.dates,
      this.fit,
      this.#zoom(),
    );
    const folded = { class: "time-more", "aria-expanded": "false", "aria-controls": "time-rest" };
    this.more = button(t("time.more"), () => this.#unfold(), folded, "⋯");
    this.transport = h("div", { class: "transport" }, this.back, this.play, this.on, this.more);
    this.#nameSteps();
  }

  #paces() {
    const options = (/** @type {string[]} */ codes, /** @type {string} */ area) =>
      codes.map((code) => ({ code, label: t(`time.${area}.${code}`) }));
    return h(
      "div",
      { class: "paces" },
      choice(t("time.step"), options(Object.keys(STEPS), "steps"), this.bar.step, (code) => {
        this.bar.step = code;
        this.#nameSteps();
      }),
      choice(t("time.speed"), options(Object.keys(SPEEDS), "speeds"), "normal", (code) => {
        this.bar.player.pace = SPEEDS[code];
      }),
    );
  }

  #zoom() {
    const { bar } = this;
    this.whole = button(t("time.zoom_back"), () => bar.showAxis(null), {}, "↔");
    return h(
      "div",
      { class: "zoom", role: "group", "aria-label": t("time.zoom") },
      button(t("time.zoom_out"), () => bar.handles.zoom(2), {}, "−"),
      button(t("time.zoom_in"), () => bar.handles.zoom(0.5), {}, "+"),
      this.whole,
    );
  }

  /** @param {number} count */
  #step(count) {
    this.bar.player.pause();
    this.bar.go(count);
    this.bar.onPause();
  }

  #nameSteps() {
    for (const [element, way] of /** @type {const} */ ([
      [this.back, "back"],
      [this.on, "on"],
    ])) {
      const name = t(`time.step_${way}.${this.bar.step}`);
      element.setAttribute("aria-label", name);
      element.title = name;
    }
  }

  /** On a narrow screen the rest is folded away. */
  #unfold() {
    const open = this.bar.root.classList.toggle("unfolded");
    this.more.setAttribute("aria-expanded", String(open));
  }

  render() {
    const { bar } = this;
    const { playing } = bar.player;
    this.play.textContent = t(playing ? "time.pause" : "time.play");
    this.play.classList.toggle("playing", playing);
    this.mode.set(bar.single ? "day" : "window");
    this.bars.set(bar.page.store.state.bars);
    this.whole.toggleAttribute("disabled", !bar.isZoomed);
  }
}

/** @param {string} name an icon that the style sheet draws */
const glyph = (name) => h("span", { class: `glyph glyph-${name}`, "aria-hidden": "true" });
