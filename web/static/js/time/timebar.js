/** The time bar: bars of what the filters leave, a window or one date on them, play and steps. */

import { addMonths, counted, lengthInWords, longDate } from "../days.js";
import { fill, h } from "../dom.js";
import { t } from "../text.js";
import { along, around, EARLY_SHARE, following, usualAxis, wholeAxis } from "./axis.js";
import { Bins, countedDays, Tally } from "./bins.js";
import { ServedBins, ServedTally } from "./servedbins.js";
import { Chart } from "./chart.js";
import { DateFields } from "./datefields.js";
import { Handles } from "./handles.js";
import { Lane } from "./lane.js";
import { MarkRow } from "./markrow.js";
import { Player } from "./player.js";
import { Popover } from "./popover.js";
import { monthsOf, shifted, STEPS, times } from "./spans.js";
import { stacks } from "./stacks.js";
import { Tools } from "./tools.js";

/**
 * @typedef {import("./axis.js").Axis} Axis
 * @typedef {import("./spans.js").Span} Span
 * @typedef {object} Page what the time bar needs of the page
 * @property {import("../store.js").Store} store
 * @property {import("../symbols.js").Symbology} symbology
 * @property {import("../words.js").Words} words
 * @property {import("../records.js").Records} records
 * @property {{code: string, colour: string, kinds: string[]}[]} groups of event kinds
 * @property {(day: number) => Promise<void>} shown settles when the state of this day is drawn
 * @property {(choice: import("../hash.js").Choice) => void} choose
 * @property {(siteId: string) => string} nameOf a site
 */

const EVERYTHING = { from: -Infinity, to: Infinity };
/** Months of the window that comes back from one date where none was before. */
const USUAL_WINDOW = -12;

export class TimeBar {
  /** @param {HTMLElement} root @param {Page} page */
  constructor(root, page) {
    this.root = root;
    this.page = page;
    this.limits = page.store.limits;
    this.usual = wholeAxis(this.limits);
    this.step = "month";
    /** Called when the window comes to rest. */
    this.onPause = () => {};
    /** @type {import("../records.js").Report[]} what the filters leave */
    this.reports = [];
    this.stacks = stacks(page.symbology, page.groups);
    this.player = new Player({
      atEnd: () => this.span.to >= this.limits.lastDay,
      rewind: () => this.#rewind(),
      step: () => this.go(1),
      shown: () => page.shown(this.span.to),
      changed: (playing) => this.#played(playing),
    });
    this.#build();
    new ResizeObserver(() => this.#resized()).observe(this.chart.element);
    document.addEventListener("schemechange", () => this.#adopt());
    this.render();
  }

  /** Take up the colours of the scheme, light or dark. */
  #adopt() {
    this.stacks = stacks(this.page.symbology, this.page.groups);
    this.chart.adopt();
    this.#fillBins();
    this.renderLane();
  }

  #build() {
    const { page } = this;
    this.date = h("strong", { class: "date" });
    this.counts = h("p", { class: "counts" });
    this.key = h("ul", { class: "key" });
    this.tools = new Tools(this);
    this.dates = new DateFields(this.limits, () => this.span, (span) => this.show(span));
    this.tools.dates.append(this.dates.element, (this.length = h("span", { class: "length" })));
    this.popover = new Popover(this.root);
    const reader = {
      words: page.words,
      limits: this.limits,
      window: () => this.span,
      show: (/** @type {Span} */ span) => this.show(span, { step: true }),
      choose: (/** @type {any} */ choice) => {
        this.popover.close({ refocus: false });
        page.choose(choice);
      },
    };
    this.marks = new MarkRow(this.popover, reader);
    this.chart = new Chart(this);
    this.handles = new Handles(this.chart.element, this);
    this.chart.element.append(this.marks.element);
    this.lane = new Lane(this.popover, reader, page.records, page.symbology);
    this.root.append(
      h("p", { class: "as-of" }, h("span", {}, t("time.as_of"), " "), this.date),
      this.counts,
      this.tools.transport,
      this.tools.rest,
      h("div", { class: "stack" }, this.tools.bars.element, this.key),
      this.chart.element,
      this.lane.element,
    );
  }

  /** @returns {Span} the window */
  get span() {
    const { from, to } = this.page.store.state;
    return { from, to };
  }

  get single() {
    return this.page.store.state.single;
  }

  get playing() {
    return this.player.playing;
  }

  /** What an arrow key moves. */
  get keyStep() {
    return STEPS[this.step];
  }

  /** @returns {Axis} a window from before the usual years widens them */
  get axis() {
    if (this.held) return this.held;
    const { axis, from } = this.page.store.state;
    if (axis) return axis;
    if (from >= this.usual.first) return this.usual;
    const { first } = usualAxis([{ from, to: from }], wholeAxis(this.limits));
    return { first, last: this.usual.last };
  }

  get isZoomed() {
    return this.page.store.state.axis !== null;
  }

  /** Take up the reports that the filters leave. The usual years rest on all. */
  refresh() {
    const { records } = this.page;
    this.reports = records.reportsIn(EVERYTHING);
    if (records.served) this.#counted(records.served);
    else {
      this.usual = usualAxis(records.reports, wholeAxis(this.limits));
      this.tally = new Tally(this.reports, this.limits);
      this.marks.setReports(this.reports);
    }
    this.#fillBins();
    this.#drawAxis();
    this.renderLane();
    this.render();
  }

  /** @param {import("../served.js").Served} served */
  #counted({ histogram, everything }) {
    if (!histogram || !everything) return;
    const whole = wholeAxis(this.limits);
    const first = new ServedTally(everything).firstYear(EARLY_SHARE) ?? whole.first;
    this.usual = { first: Math.max(whole.first, first), last: whole.last };
    this.tally = new ServedTally(histogram);
  }

  #bins() {
    const { bars } = this.page.store.state;
    const { classes, indexOf, field } = this.stacks[bars];
    const { served } = this.page.records;
    if (!served) return new Bins(this.reports, this.limits, classes.length, indexOf);
    const lists = served.histogram?.[bars === "kind" ? "event_kind" : "activity"] ?? {};
    return new ServedBins(lists, served.histogram?.first_month ?? 0, classes.length, (code) =>
      indexOf({ [field]: code }),
    );
  }

  #fillBins() {
    const { classes } = this.stacks[this.page.store.state.bars];
    this.chart.setBins(this.#bins(), classes);
    fill(
      this.key,
      classes.map(({ label, colour }) => {
        const swatch = h("i", { class: "swatch" });
        swatch.style.background = colour;
        return h("li", {}, swatch, label);
      }),
    );
  }

  /**
   * @param {Span} window
   * @returns {number} reports that may lie in it, of those that the filters leave
   */
  countIn(window) {
    return this.tally?.within(window) ?? 0;
  }

  /** @param {{running: number, reports: number, flows: number}} shown */
  setCounts({ running, reports, flows }) {
    const parts = [
      t("time.counts.running", counted(running)),
      t("time.counts.reports", counted(reports)),
      t("time.counts.flows", counted(flows)),
    ];
    this.counts.textContent = t(this.single ? "time.counts.day" : "time.counts.window", {
      running: parts[0],
      reports: parts[1],
      flows: parts[2],
    });
  }

  /** @param {Set<string>} changed keys of the state */
  changed(changed) {
    const touches = (/** @type {string[]} */ ...keys) => keys.some((key) => changed.has(key));
    if (touches("bars")) this.#fillBins();
    if (touches("choice")) this.renderLane();
    if (touches("from", "to", "axis", "single", "bars")) this.render();
  }

  /** Show the window of the state. Only the axis, when it changes, has the bars drawn anew. */
  render() {
    const { span, axis, single } = this;
    const axisKey = `${axis.first} ${axis.last} ${this.isZoomed}`;
    if (axisKey !== this.axisDrawn) this.#drawAxis();
    this.axisDrawn = axisKey;
    this.date.textContent = longDate(span.to);
    this.length.textContent = single ? "" : lengthInWords(span.from, span.to);
    this.root.classList.toggle("single", single);
    this.root.style.setProperty("--start", String(along(axis, span.from)));
    this.root.style.setProperty("--end", String(along(axis, span.to + 1)));
    this.handles.render();
    this.dates.render(span, single);
    this.tools.render();
  }

  #drawAxis() {
    const { axis } = this;
    this.root.style.setProperty("--first", String(axis.first));
    this.root.style.setProperty("--days", String(axis.last + 1 - axis.first));
    this.chart.draw();
    if (this.chart.width) this.marks.render(axis, this.chart.width);
  }

  #resized() {
    this.root.style.setProperty("--chart-height", `${this.chart.element.clientHeight}px`);
    this.#drawAxis();
  }

  /** Show the lane of the chosen site. */
  renderLane() {
    const { choice } = this.page.store.state;
    const id = choice?.kind === "site" ? choice.id : null;
    const reports = id === null ? [] : this.reports.filter(({ claim }) => claim.site_id === id);
    const name = id && (this.page.nameOf(id) || reports[0]?.claim.site_name || id);
    this.lane.render(id, name ?? "", reports);
  }

  /** @param {number} count of steps */
  go(count) {
    this.show(shifted(this.span, times(STEPS[this.step], count), this.limits));
  }

  /** @param {Span} span @param {{step?: boolean}} [options] step: the back button undoes it */
  show({ from, to }, options) {
    const start = this.single ? to : from;
    const { axis } = this.page.store.state;
    const span = { from: start, to };
    const seen = axis && !this.held ? following(axis, span, wholeAxis(this.limits)) : axis;
    this.page.store.set({ ...span, axis: seen }, options);
  }

  /** @param {Axis | null} axis null: the usual years */
  showAxis(axis) {
    this.page.store.set({ axis });
  }

  /** Show all that the filters leave: the window and the axis from its first to its last day. */
  fit() {
    let from = Infinity;
    let to = -Infinity;
    if (this.tally instanceof ServedTally) {
      const { firstDay, lastDay } = this.limits;
      ({ from, to } = this.tally.span);
      [from, to] = [Math.max(from, firstDay), Math.min(to, lastDay)];
    } else for (const report of this.reports) {
      const days = countedDays(report, this.limits);
      if (!days) continue;
      from = Math.min(from, days.start);
      to = Math.max(to, days.end);
    }
    if (from > to) return;
    this.player.pause();
    const axis = around({ from, to }, wholeAxis(this.limits));
    this.page.store.set({ from: this.single ? to : from, to, axis }, { step: true });
  }

  /** @param {boolean} single */
  setSingle(single) {
    const { from, to } = this.span;
    if (single) this.before = to - from;
    const back = this.before ?? to - addMonths(to + 1, USUAL_WINDOW);
    const start = single ? to : Math.max(this.limits.firstDay, to - back);
    this.page.store.set({ single, from: start });
  }

  #rewind() {
    const { span } = this;
    const from = this.axis.first;
    const months = Math.max(1, monthsOf(span));
    const to = Math.min(this.limits.lastDay, addMonths(from, months) - 1);
    this.show({ from: Math.max(from, this.limits.firstDay), to });
  }

  /** @param {boolean} playing */
  #played(playing) {
    this.tools.render();
    if (!playing) this.onPause();
  }

  stop() {
    this.player.pause();
  }

  grabbed() {
    this.stop();
    // While it is held the ground under the window keeps still.
    this.held = this.isZoomed ? this.page.store.state.axis ?? undefined : this.axis;
  }

  released() {
    this.held = undefined;
    this.render();
    this.onPause();
  }
}
