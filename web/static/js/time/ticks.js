/** The reports of the chosen site as ticks: one stop of the tab key, walked with the arrows. */

import { h, plainText } from "../dom.js";
import { dateInWords } from "../edtf.js";
import { t } from "../text.js";
import { countedDays } from "./bins.js";
import { eventInWords, reportView } from "./views.js";

/** Pixels that a pointer may miss a tick by. */
const REACH = 14;
/** Dated to more days than these, a report is drawn as the stretch in which it may lie. */
const EXACT_DAYS = 3;

let groups = 0;

/** Only what holds options is a list of them. @param {string} label */
const listbox = (label) => ({
  role: "listbox",
  tabindex: "0",
  "aria-label": label,
  "aria-orientation": "horizontal",
});

export class Ticks {
  /**
   * @param {import("./popover.js").Popover} popover
   * @param {import("./views.js").Reader} reader
   * @param {import("../symbols.js").Symbology} symbology
   * @param {import("../records.js").Report[]} reports
   * @param {string} site its name
   */
  constructor(popover, reader, symbology, reports, site) {
    this.popover = popover;
    this.reader = reader;
    this.symbology = symbology;
    this.id = `ticks-${++groups}`;
    this.current = -1;
    this.items = reports
      .map((report) => ({ report, days: countedDays(report, reader.limits) }))
      .filter(({ days }) => days !== null)
      .sort((a, b) => a.days.start - b.days.start || a.days.end - b.days.end);
    this.options = this.items.map((item, index) => this.#option(item, index));
    this.element = h(
      "div",
      {
        class: "timelane-plot ticks",
        ...(this.items.length ? listbox(t("time.lane.ticks", { name: plainText(site, 80) })) : {}),
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
        onclick: (/** @type {MouseEvent} */ event) => this.#press(event),
        onfocus: () => this.current < 0 && this.#go(this.#firstInWindow()),
      },
      this.options,
    );
  }

  /** @param {{report: import("../records.js").Report, days: any}} item @param {number} index */
  #option({ report, days }, index) {
    const { claim } = report;
    const exact = days.end - days.start < EXACT_DAYS;
    const words = t("time.lane.tick", {
      date: dateInWords(claim.occurred),
      event: eventInWords(this.reader.words, claim),
      who: plainText(claim.source_publisher ?? "", 60),
      credibility: this.reader.words.credibility(claim.credibility),
    });
    const option = h("span", {
      id: `${this.id}-${index}`,
      class: `tick ${exact ? "tick-exact" : "tick-vague"}`,
      role: "option",
      "aria-label": words,
      "aria-selected": "false",
      title: words,
      data: { credibility: claim.credibility, activity: claim.activity_after },
    });
    option.style.setProperty("--d0", String(days.start));
    option.style.setProperty("--d1", String(days.end + 1));
    option.style.setProperty("--tint", this.symbology.activity.get(claim.activity_after)?.tint);
    return option;
  }

  #firstInWindow() {
    const { from } = this.reader.window();
    const found = this.items.findIndex(({ days }) => days.end >= from);
    return found < 0 ? this.items.length - 1 : found;
  }

  /** @param {number} index */
  #go(index) {
    this.options[this.current]?.setAttribute("aria-selected", "false");
    this.current = Math.max(0, Math.min(index, this.options.length - 1));
    const option = this.options[this.current];
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    this.element.setAttribute("aria-activedescendant", option.id);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { key } = event;
    const next = {
      ArrowRight: this.current + 1,
      ArrowDown: this.current + 1,
      ArrowLeft: this.current - 1,
      ArrowUp: this.current - 1,
      Home: 0,
      End: this.options.length - 1,
    }[key];
    if (next === undefined && key !== "Enter" && key !== " ") return;
    event.preventDefault();
    if (next === undefined) this.#open();
    else this.#go(next);
  }

  /** @param {MouseEvent} event */
  #press({ clientX }) {
    let nearest = -1;
    let least = REACH;
    this.options.forEach((option, index) => {
      const { left, right } = option.getBoundingClientRect();
      // A stretch is hit anywhere, but a tick near the pointer is meant rather than it.
      const vague = option.classList.contains("tick-vague") ? REACH / 2 : 0;
      const away = Math.max(left - clientX, clientX - right, 0) + vague;
      if (away < least) [nearest, least] = [index, away];
    });
    if (nearest < 0) return;
    this.#go(nearest);
    this.#open();
  }

  #open() {
    const item = this.items[this.current];
    if (!item) return;
    const { report } = item;
    this.popover.open(
      plainText(report.claim.site_name, 120),
      reportView(this.reader, report),
      { opener: () => this.element, at: this.options[this.current].getBoundingClientRect() },
    );
  }
}
