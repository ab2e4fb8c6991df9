/** The lists of the filter sheet: each a group of choices with what they would leave. */

import { fill, h, stored } from "../dom.js";
import { number, t } from "../text.js";
import { fold } from "./fold.js";

/**
 * @typedef {{value: string, label: string, weight: number}} Choice
 * @typedef {import("./facets.js").Count} Count
 */

/** Lists longer than `LONG` are cut to `SHORT`, and can be searched. */
const SHORT = 8;
const LONG = 15;
const MOST = 400;

/** Checkboxes, any of which may hold. */
export class ChoiceList {
  /**
   * @param {string} list
   * @param {string} title
   * @param {(value: string) => void} onToggle
   * @param {{hint?: string, open?: boolean}} [options]
   */
  constructor(list, title, onToggle, { hint = "", open = false } = {}) {
    this.onToggle = onToggle;
    this.title = title;
    /** @type {Map<string, {row: HTMLElement, box: HTMLInputElement, cells: HTMLElement[], folded: string}>} */
    this.rows = new Map();
    this.wide = false;
    this.on = h("span", { class: "facet-on" });
    this.body = h("div", { class: "facet-rows" });
    this.find = /** @type {HTMLInputElement} */ (
      h("input", {
        type: "search",
        class: "facet-find",
        placeholder: t("asking.narrow"),
        "aria-label": t("asking.narrow_of", { list: title }),
        oninput: () => this.#fit(),
      })
    );
    this.more = h("button", {
      type: "button",
      class: "facet-more",
      onclick: () => {
        this.wide = !this.wide;
        this.#fit();
      },
    });
    this.element = h(
      "details",
      { class: "facet", data: { key: `facet ${list}`, list }, open },
      h("summary", {}, h("h3", {}, title), this.on),
      h(
        "div",
        { role: "group", "aria-label": title },
        hint ? h("p", { class: "muted" }, hint) : null,
        this.find,
        columns(),
        this.body,
        this.more,
      ),
    );
  }

  /** @param {Choice[]} choices in their order */
  set(choices) {
    this.rows.clear();
    for (const { value, label } of choices.slice(0, MOST)) {
      const cells = [h("span", { class: "n" }), h("span", { class: "n" })];
      const box = /** @type {HTMLInputElement} */ (
        h("input", { type: "checkbox", value, onchange: () => this.onToggle(value) })
      );
      const row = h("label", { class: "choice" }, box, h("span", {}, stored(label)), cells);
      this.rows.set(value, { row, box, cells, folded: fold(label) });
    }
    fill(this.body, ...[...this.rows.values()].map(({ row }) => row));
    this.#fit();
  }

  /** @param {readonly string[]} chosen */
  check(chosen) {
    for (const [value, { box }] of this.rows) box.checked = chosen.includes(value);
    this.on.textContent = chosen.length ? t("asking.chosen", { count: chosen.length }) : "";
    if (chosen.length && !this.known) this.element.setAttribute("open", "");
    this.known = true;
    this.#fit();
  }

  /** @param {Map<string, Count> | undefined} counts */
  count(counts) {
    for (const [value, { row, cells }] of this.rows) tell(row, cells, counts?.get(value));
  }

  /** Show what is looked for, what is chosen, and of the rest as much as is wanted. */
  #fit() {
    const words = fold(this.find.value);
    const long = this.rows.size > LONG;
    this.find.hidden = !long;
    let shown = 0;
    for (const { row, box, folded } of this.rows.values()) {
      const fits = words ? folded.includes(words) : this.wide || !long || shown < SHORT;
      if (fits) shown++;
      row.hidden = !(fits || box.checked);
    }
    this.more.hidden = !long || words !== "";
    this.more.textContent = this.wide
      ? t("asking.show_fewer")
      : t("asking.show_all", { count: this.rows.size });
  }
}

/** Radio buttons: how good a claim must be at least. */
export class Threshold {
  /**
   * @param {string} name
   * @param {string} title
   * @param {{value: string, label: string}[]} steps the strictest first
   * @param {(value: string) => void} onChoose "" for any
   */
  constructor(name, title, steps, onChoose) {
    this.rows = new Map(
      [{ value: "", label: t("asking.any") }, ...steps].map(({ value, label }) => {
        const cells = [h("span", { class: "n" }), h("span", { class: "n" })];
        const box = /** @type {HTMLInputElement} */ (
          h("input", { type: "radio", name: `f-${name}`, value, onchange: () => onChoose(value) })
        );
        const row = h("label", { class: "choice" }, box, h("span", {}, label), cells);
        return [value, { row, box, cells }];
      }),
    );
    this.on = h("span", { class: "facet-on" });
    this.element = h(
      "details",
      { class: "facet", data: { key: `facet ${name}`, list: name } },
      h("summary", {}, h("h3", {}, title), this.on),
      h(
        "div",
        { role: "radiogroup", "aria-label": title },
        columns(),
        [...this.rows.values()].map(({ row }) => row),
      ),
    );
  }

  /** @param {string} chosen */
  check(chosen) {
    for (const [value, { box }] of this.rows) box.checked = value === chosen;
    this.on.textContent = chosen ? t("asking.chosen", { count: 1 }) : "";
    if (chosen && !this.known) this.element.setAttribute("open", "");
    this.known = true;
  }

  /** @param {Map<string, Count> | undefined} counts */
  count(counts) {
    for (const [value, { row, cells }] of this.rows) {
      if (value) tell(row, cells, counts?.get(value));
    }
  }
}

const columns = () =>
  h(
    "p",
    { class: "facet-columns", "aria-hidden": "true" },
    h("span", {}, t("asking.column_sites")),
    h("span", {}, t("asking.column_reports")),
  );

/** @param {HTMLElement} row @param {HTMLElement[]} cells @param {Count | undefined} count */
export function tell(row, [sites, reports], count) {
  const counts = count ?? { sites: 0, reports: 0 };
  fill(sites, number(counts.sites), unseen("asking.count_sites", counts.sites));
  fill(reports, number(counts.reports), unseen("asking.count_reports", counts.reports));
  row.classList.toggle("is-empty", !counts.sites && !counts.reports);
}

/** @param {string} key @param {number} count */
const unseen = (key, count) => h("span", { class: "unseen" }, ` ${t(key, { count })}`);
