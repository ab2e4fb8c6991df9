/** The dates of the window, to be typed: ISO dates, whatever the reader's system writes. */

import { isoDay } from "../days.js";
import { h } from "../dom.js";
import { t } from "../text.js";
import { typedDay, withEnd } from "./spans.js";

/**
 * @typedef {import("./spans.js").Span} Span
 * @typedef {import("./spans.js").Limits} Limits
 */

export class DateFields {
  /**
   * @param {Limits} limits
   * @param {() => Span} window
   * @param {(span: Span) => void} show
   */
  constructor(limits, window, show) {
    this.limits = limits;
    this.window = window;
    this.show = show;
    this.inputs = { from: this.#input("from"), to: this.#input("to") };
    this.fault = h("p", { class: "date-fault", id: "date-fault", role: "alert", hidden: true });
    this.element = h(
      "div",
      { class: "dates" },
      h("label", { class: "from-date" }, h("span", {}, t("time.from")), this.inputs.from),
      h("label", {}, h("span", { class: "to-word" }, t("time.to")), this.inputs.to),
      this.fault,
    );
  }

  /** @param {Span} span @param {boolean} single */
  render({ from, to }, single) {
    this.inputs.to.setAttribute("aria-label", t(single ? "time.single_day" : "time.last_day"));
    for (const [end, day] of /** @type {const} */ ([
      ["from", from],
      ["to", to],
    ])) {
      const input = this.inputs[end];
      // What is being typed stays until it is finished.
      if (input !== document.activeElement || !input.dataset.typing) this.#write(input, day);
    }
  }

  /** @param {HTMLInputElement} input @param {number} day */
  #write(input, day) {
    input.value = isoDay(day);
    delete input.dataset.typing;
    this.#excuse(input);
  }

  /** @param {"from" | "to"} end */
  #input(end) {
    const input = /** @type {HTMLInputElement} */ (
      h("input", {
        type: "text",
        inputmode: "numeric",
        maxlength: 10,
        autocomplete: "off",
        spellcheck: "false",
        placeholder: t("time.date_form"),
        title: t("time.date_help"),
        "aria-label": t(end === "from" ? "time.first_day" : "time.last_day"),
      })
    );
    input.addEventListener("input", () => (input.dataset.typing = "yes"));
    input.addEventListener("change", () => this.#commit(input, end));
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#commit(input, end);
      if (event.key === "Escape") this.#write(input, this.window()[end]);
    });
    return input;
  }

  /** @param {HTMLInputElement} input @param {"from" | "to"} end */
  #commit(input, end) {
    const day = typedDay(input.value, end);
    const { firstDay, lastDay } = this.limits;
    // A year or month that is not over yet is meant as far as it goes.
    const whole = /^\s*\d{4}-\d{1,2}-\d{1,2}\s*$/.test(input.value);
    const bounded = day === null || whole ? day : Math.max(firstDay, Math.min(day, lastDay));
    if (bounded === null || bounded < firstDay || bounded > lastDay) return this.#complain(input);
    delete input.dataset.typing;
    this.#excuse(input);
    const span = this.window();
    const other = end === "from" ? "to" : "from";
    // A date beyond the other end takes that end along.
    const crossed = end === "from" ? bounded > span.to : bounded < span.from;
    const base = crossed ? { ...span, [other]: bounded } : span;
    this.show(withEnd(base, end, bounded, this.limits));
    this.#write(input, this.window()[end]);
  }

  /** @param {HTMLInputElement} input */
  #complain(input) {
    const { firstDay, lastDay } = this.limits;
    const limits = { first: isoDay(firstDay), last: isoDay(lastDay) };
    this.fault.textContent = t("time.date_fault", limits);
    this.fault.hidden = false;
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", "date-fault");
  }

  /** @param {HTMLInputElement} input */
  #excuse(input) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("aria-describedby");
    const others = Object.values(this.inputs ?? {});
    if (!this.fault || others.some((other) => other.hasAttribute("aria-invalid"))) return;
    this.fault.hidden = true;
    this.fault.textContent = "";
  }
}
