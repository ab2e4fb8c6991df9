/** Marks above the bars for the events that changed the subject, and what each stands for. */

import { longDate } from "../days.js";
import { fill, h } from "../dom.js";
import { language, t } from "../text.js";
import { along } from "./axis.js";
import { RULE, sideBySide, toMarks } from "./marks.js";
import { markView, publishersInWords } from "./views.js";

/** Pixels of one mark, and so the least distance between two. */
const SIZE = 24;
/** Marks in one place that are told one by one; zooming parts the others. */
const TOLD = 12;
/** More marks in one place than these are not named, only counted. */
const NAMED = 4;

export class MarkRow {
  /**
   * @param {import("./popover.js").Popover} popover
   * @param {import("./views.js").Reader} reader
   */
  constructor(popover, reader) {
    this.popover = popover;
    this.reader = reader;
    /** @type {import("./marks.js").Mark[]} */
    this.marks = [];
    this.element = h("div", {
      class: "marks",
      role: "toolbar",
      "aria-label": t("time.marks.title"),
      onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
    });
  }

  /** @param {import("../records.js").Report[]} reports what the filters leave */
  setReports(reports) {
    this.marks = toMarks(reports);
  }

  /** @param {import("./axis.js").Axis} axis @param {number} width pixels */
  render(axis, width) {
    const held = this.element.contains(document.activeElement);
    const current = this.places?.[this.index ?? -1]?.marks[0];
    const seen = this.marks.filter(({ from }) => from >= axis.first && from <= axis.last);
    const within = (/** @type {number} */ x) => Math.max(SIZE / 2, Math.min(x, width - SIZE / 2));
    this.places = sideBySide(seen, (day) => within(along(axis, day + 0.5) * width), SIZE);
    this.buttons = this.places.map((place) => this.#button(place));
    fill(this.element, this.buttons);
    this.element.hidden = !this.buttons.length;
    const kept = this.places.findIndex(({ marks }) => current && marks.includes(current));
    this.#rove(kept < 0 ? this.buttons.length - 1 : kept, held);
  }

  /** @param {{x: number, marks: import("./marks.js").Mark[]}} place */
  #button({ x, marks }) {
    const many = t("time.marks.several", { count: marks.length });
    const label =
      marks.length > NAMED ? many : marks.map((mark) => this.#words(mark)).join("; ");
    const button = h(
      "button",
      {
        type: "button",
        class: "mark",
        tabindex: "-1",
        "aria-label": label,
        "aria-haspopup": "dialog",
        title: `${label}\n${ruleInWords()}`,
        data: { kind: marks.length === 1 ? marks[0].kind : "several" },
        onclick: () => this.#open(marks, button),
      },
      h("span", { class: "mark-sign" }, marks.length > 1 ? String(marks.length) : null),
    );
    button.style.left = `${x}px`;
    return button;
  }

  /** @param {import("./marks.js").Mark} mark */
  #words({ kind, from, reports }) {
    const what = t(`time.marks.kinds.${kind}`);
    const who = publishersInWords(reports);
    return t("time.marks.one", { date: longDate(from), what, count: reports.length, who });
  }

  /** @param {import("./marks.js").Mark[]} marks @param {HTMLElement} opener */
  #open(marks, opener) {
    this.#rove(this.buttons?.indexOf(opener) ?? 0, false);
    const several = marks.length > 1;
    const count = marks.length;
    const title = several ? t("time.marks.several", { count }) : this.#words(marks[0]);
    const views = marks
      .slice(0, TOLD)
      .map((mark) => markView(this.reader, mark, several ? this.#words(mark) : null));
    const more = marks.length > TOLD ? h("p", {}, t("time.marks.zoom")) : null;
    this.popover.open(title, [views, more, h("p", { class: "rule" }, ruleInWords())], {
      // Where the axis moved meanwhile, the mark has another button.
      opener: () => this.buttons?.[this.index ?? 0],
      at: opener.getBoundingClientRect(),
    });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const last = (this.buttons?.length ?? 0) - 1;
    const index = this.index ?? 0;
    const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    this.#rove(Math.max(0, Math.min(next, last)), true);
  }

  /** Only one mark is a stop of the tab key. @param {number} index @param {boolean} focus */
  #rove(index, focus) {
    this.index = Math.max(0, index);
    this.buttons?.forEach((button, place) =>
      button.setAttribute("tabindex", place === this.index ? "0" : "-1"),
    );
    if (focus) this.buttons?.[this.index]?.focus();
  }
}

/** @returns {string} which reports are marked */
export function ruleInWords() {
  const { people, credibility, days } = RULE;
  return t("time.marks.rule", { people: people.toLocaleString(language()), credibility, days });
}
