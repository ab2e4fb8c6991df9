/** The time bar: a histogram of reports, a window to drag and stretch, play, steps and dates. */

import {
  addMonths,
  dayOf,
  isoDay,
  lengthInWords,
  longDate,
  monthEnd,
  monthNumber,
  monthStart,
  parseDay,
} from "./days.js";
import { button, fill, h } from "./dom.js";
import { along, drawHistogram, monthlyShares } from "./histogram.js";

/**
 * @typedef {import("./days.js").Day} Day
 * @typedef {{from: Day, to: Day}} Span
 * @typedef {"from" | "to" | "both"} Grip
 */

const RECENT = dayOf(2017, 0, 1);
const STEP_MS = 900;

export class TimeBar {
  /**
   * @param {HTMLElement} root
   * @param {import("./store.js").Store} store
   * @param {import("./symbols.js").Symbology} symbology
   * @param {(day: Day) => Promise<void>} shown settles when the state of this day is drawn
   */
  constructor(root, store, symbology, shown) {
    this.store = store;
    this.symbology = symbology;
    this.shown = shown;
    this.playing = false;
    /** Called when the window comes to rest. */
    this.onPause = () => {};
    /** @type {import("./records.js").Report[]} */
    this.reports = [];
    this.date = h("strong", { class: "date" });
    this.length = h("span", { class: "length" });
    this.counts = h("p", { class: "counts" });
    this.canvas = /** @type {HTMLCanvasElement} */ (h("canvas", { "aria-hidden": "true" }));
    this.window = this.#slider("both", "Window of time", "window");
    this.left = this.#slider("from", "Start of the window", "grip grip-from");
    this.right = this.#slider("to", "End of the window, the date shown", "grip grip-to");
    this.chart = h("div", { class: "chart" }, this.canvas, this.window, this.left, this.right);
    this.playButton = button("Play", () => this.toggle(), { class: "play" });
    this.axisButton = button(
      "Earlier years",
      () => store.set({ wholeAxis: !store.state.wholeAxis }),
      {
        class: "earlier",
      },
    );
    this.inputs = { from: this.#input("from"), to: this.#input("to") };
    fill(
      root,
      h("p", { class: "as-of" }, h("span", {}, "as of "), this.date),
      this.counts,
      h(
        "div",
        { class: "transport" },
        button("One month back", () => this.step(-1), { class: "step" }, glyph("back")),
        this.playButton,
        button("One month on", () => this.step(1), { class: "step" }, glyph("on")),
      ),
      h(
        "div",
        { class: "span" },
        h("label", {}, "from ", this.inputs.from),
        h("label", {}, "to ", this.inputs.to),
        this.length,
      ),
      this.axisButton,
      this.chart,
    );
    this.chart.addEventListener("pointerdown", (event) => this.#grab(event));
    new ResizeObserver(() => this.#drawBars()).observe(this.chart);
    this.render();
  }

  /** @returns {import("./histogram.js").Axis} */
  get axis() {
    const { firstDay, lastDay } = this.store.limits;
    const { from, wholeAxis } = this.store.state;
    const early = wholeAxis || from < RECENT;
    return {
      first: early ? monthStart(firstDay) : Math.max(RECENT, monthStart(firstDay)),
      last: monthEnd(lastDay),
    };
  }

  /** @param {import("./records.js").Report[]} reports */
  setReports(reports) {
    this.reports = reports;
    this.#drawBars();
  }

  /** @param {string} text the counts of what is shown */
  setCounts(text) {
    this.counts.textContent = text;
  }

  /** Show the window of the state. */
  render() {
    const { from, to } = this.store.state;
    const { axis } = this;
    const axisKey = `${axis.first} ${axis.last}`;
    if (axisKey !== this.axisDrawn) this.#drawBars();
    this.axisDrawn = axisKey;
    this.date.textContent = longDate(to);
    this.length.textContent = lengthInWords(from, to);
    this.inputs.from.value = isoDay(from);
    this.inputs.to.value = isoDay(to);
    const [start, end] = [along(axis, from) * 100, along(axis, to + 1) * 100];
    this.window.style.left = `${start}%`;
    this.window.style.width = `${end - start}%`;
    this.left.style.left = `${start}%`;
    this.right.style.left = `${end}%`;
    const words = `${longDate(from)} to ${longDate(to)}`;
    speak(this.window, to, `${words}, ${lengthInWords(from, to)}`);
    speak(this.left, from, longDate(from));
    speak(this.right, to, longDate(to));
    const early = axis.first < RECENT;
    const forced = from < RECENT;
    this.axisButton.textContent = early ? "From 2017" : "Earlier years";
    this.axisButton.toggleAttribute("disabled", forced);
    this.axisButton.title = forced ? "The window reaches into the years before 2017" : "";
  }

  #drawBars() {
    const classes = this.symbology.symbols.activity;
    const codes = classes.map((/** @type {any} */ item) => item.code);
    drawHistogram(this.canvas, this.axis, monthlyShares(this.reports, this.axis, codes), classes);
  }

  /** @param {number} months */
  step(months) {
    this.#show(shifted(this.store.state, months, this.store.limits));
  }

  /** @param {Span} span */
  #show({ from, to }) {
    this.store.set({ from, to });
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  async play() {
    const { limits } = this.store;
    this.playing = true;
    this.#playWords();
    if (this.store.state.to >= limits.lastDay) {
      const months = Math.max(1, monthsOf(this.store.state));
      const from = this.axis.first;
      this.#show({ from, to: addMonths(from, months) - 1 });
    }
    const run = (this.run = {});
    while (this.playing && this.run === run && this.store.state.to < limits.lastDay) {
      await Promise.all([wait(STEP_MS), this.shown(this.store.state.to)]);
      if (this.playing && this.run === run) this.step(1);
    }
    if (this.run === run) this.pause();
  }

  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.#playWords();
    this.onPause();
  }

  #playWords() {
    this.playButton.textContent = this.playing ? "Pause" : "Play";
    this.playButton.classList.toggle("playing", this.playing);
  }

  /** @param {"from" | "to"} end */
  #input(end) {
    const { firstDay, lastDay } = this.store.limits;
    const label = end === "from" ? "First day of the window" : "Last day of the window";
    const input = /** @type {HTMLInputElement} */ (
      h("input", { type: "date", "aria-label": label, min: isoDay(firstDay), max: isoDay(lastDay) })
    );
    input.addEventListener("change", () => {
      const day = parseDay(input.value);
      if (day === null || day < firstDay || day > lastDay) return this.render();
      const { from, to } = this.store.state;
      this.#show(
        end === "from"
          ? { from: day, to: Math.max(day, to) }
          : { from: Math.min(day, from), to: day },
      );
    });
    return input;
  }

  /** @param {Grip} grip @param {string} label @param {string} name */
  #slider(grip, label, name) {
    const { firstDay, lastDay } = this.store.limits;
    return h("div", {
      class: name,
      role: "slider",
      tabindex: "0",
      "aria-label": label,
      "aria-valuemin": firstDay,
      "aria-valuemax": lastDay,
      data: { grip },
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event, grip),
    });
  }

  /** @param {KeyboardEvent} event @param {Grip} grip */
  #key(event, grip) {
    const forward = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    const months =
      forward !== undefined
        ? forward * (event.shiftKey ? 12 : 1)
        : { PageUp: 12, PageDown: -12, Home: -12_000, End: 12_000 }[event.key];
    if (months === undefined) return;
    event.preventDefault();
    this.pause();
    this.#show(moved(this.store.state, grip, months, this.store.limits));
  }

  /** @param {PointerEvent} event */
  #grab(event) {
    if (event.button !== 0) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const grip = /** @type {Grip | undefined} */ (target.dataset.grip);
    const origin = { from: this.store.state.from, to: this.store.state.to };
    this.pause();
    const start = this.#monthAt(event.clientX);
    if (!grip) {
      // A press beside the window brings its end there.
      const months = start - monthNumber(origin.to);
      this.#show(shifted(origin, months, this.store.limits));
      return;
    }
    target.setPointerCapture(event.pointerId);
    target.focus();
    event.preventDefault();
    const move = (/** @type {PointerEvent} */ moving) => {
      const month = this.#monthAt(moving.clientX);
      this.#show(
        grip === "both"
          ? shifted(origin, month - start, this.store.limits)
          : stretched(origin, grip, month, this.store.limits),
      );
    };
    const end = () => {
      target.removeEventListener("pointermove", move);
      this.onPause();
    };
    target.addEventListener("pointermove", move);
    target.addEventListener("lostpointercapture", end, { once: true });
  }

  /** @param {number} clientX @returns {number} month at a place of the chart */
  #monthAt(clientX) {
    const { left, width } = this.chart.getBoundingClientRect();
    const share = Math.max(0, Math.min(0.9999, (clientX - left) / width));
    const { first, last } = this.axis;
    return monthNumber(Math.floor(first + share * (last + 1 - first)));
  }
}

/** @param {Span} span @returns {number} its length in months, rounded */
const monthsOf = ({ from, to }) => Math.round((to + 1 - from) / 30.44);

/** @param {Span} span @param {number} months @param {{firstDay: Day, lastDay: Day}} limits @returns {Span} */
export function shifted({ from, to }, months, { firstDay, lastDay }) {
  const length = to - from;
  const end = addMonths(to, months);
  if (end >= lastDay) return { from: Math.max(firstDay, lastDay - length), to: lastDay };
  // A window of whole months stays one, whatever the number of their days.
  const start = addMonths(from, months);
  if (start <= firstDay) return { from: firstDay, to: Math.min(lastDay, firstDay + length) };
  return { from: start, to: end };
}

/** @param {Span} span @param {"from" | "to"} grip @param {number} month @param {{firstDay: Day, lastDay: Day}} limits @returns {Span} */
function stretched({ from, to }, grip, month, { firstDay, lastDay }) {
  const start = dayOf(Math.floor(month / 12), month % 12, 1);
  if (grip === "from") return { from: Math.max(firstDay, Math.min(start, monthStart(to))), to };
  return { from, to: Math.min(lastDay, Math.max(monthEnd(start), monthEnd(from))) };
}

/** @param {Span} span @param {Grip} grip @param {number} months @param {{firstDay: Day, lastDay: Day}} limits @returns {Span} */
function moved(span, grip, months, limits) {
  if (grip === "both") return shifted(span, months, limits);
  const bounded = Math.max(-1200, Math.min(1200, months));
  const day = addMonths(span[grip], bounded);
  if (grip === "from")
    return { from: Math.max(limits.firstDay, Math.min(day, span.to)), to: span.to };
  return { from: span.from, to: Math.min(limits.lastDay, Math.max(day, span.from)) };
}

/** @param {HTMLElement} slider @param {Day} value @param {string} words */
function speak(slider, value, words) {
  slider.setAttribute("aria-valuenow", String(value));
  slider.setAttribute("aria-valuetext", words);
}

/** @param {string} name an icon that the style sheet draws */
const glyph = (name) => h("span", { class: `glyph glyph-${name}`, "aria-hidden": "true" });

/** @param {number} ms */
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
