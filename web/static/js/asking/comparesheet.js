/** The sheet of a comparison: the other date, and the sites of each class with what is said. */

import { addMonths, isoDay, longDate } from "../days.js";
import { button, fill, h, storedName } from "../dom.js";
import { number, t } from "../text.js";
import { typedDay } from "../time/spans.js";
import { CHANGES, CLASSES } from "./comparison.js";

/**
 * @typedef {import("./comparison.js").Compared} Compared
 * @typedef {object} Comparing
 * @property {import("../store.js").Store} store
 * @property {import("../words.js").Words} words
 * @property {(id: string) => void} choose open a site
 */

const LISTED = 200;
const NARROW = matchMedia("(max-width: 760px)");

export class CompareSheet {
  /** @param {HTMLElement} root @param {Comparing} page */
  constructor(root, page) {
    this.root = root;
    this.page = page;
    this.date = /** @type {HTMLInputElement} */ (
      h("input", {
        type: "text",
        id: "compare-date",
        inputmode: "numeric",
        maxlength: 10,
        autocomplete: "off",
        spellcheck: "false",
        placeholder: t("time.date_form"),
        title: t("time.date_help"),
        onchange: () => this.#typed(),
      })
    );
    this.swipe = /** @type {HTMLInputElement} */ (
      h("input", {
        type: "checkbox",
        id: "compare-swipe",
        autocomplete: "off",
        "aria-describedby": "compare-swipe-note",
        onchange: () => this.#swiped(),
      })
    );
    this.swipeNote = h("p", { class: "muted", id: "compare-swipe-note" });
    this.lead = h("p", { class: "sheet-left" });
    this.classes = h("div", { class: "classes" });
    /** @type {Set<string>} */
    this.open = new Set(["appeared", "gone", "moved"]);
    const steps = [1, 3, 12].map((months) =>
      button(t("asking.earlier", { count: months }), () =>
        this.#to(addMonths(page.store.state.to, -months)),
      ),
    );
    fill(
      root,
      h(
        "header",
        { class: "sheet-head" },
        h("h2", { tabindex: "-1" }, t("asking.compared")),
        button(t("asking.end_comparison"), () => page.store.set({ compare: null }), {
          class: "clear",
        }),
        button(t("asking.close"), () => this.onClose(), { class: "sheet-close" }),
      ),
      h(
        "div",
        { class: "sheet-body", tabindex: "-1" },
        h(
          "div",
          { class: "field" },
          h("label", { for: "compare-date" }, t("asking.other_date")),
          this.date,
          h("p", { class: "tools" }, steps),
        ),
        h("label", { class: "check", for: "compare-swipe" }, this.swipe, " ", t("asking.swipe")),
        this.swipeNote,
        this.lead,
        this.classes,
        h("p", { class: "muted" }, t("asking.compare_caution")),
      ),
    );
  }

  onClose = () => {};

  #typed() {
    const day = typedDay(this.date.value, "to");
    this.date.setCustomValidity(day === null ? t("time.date_help") : "");
    if (day === null) this.date.reportValidity();
    else this.#to(day);
  }

  #swiped() {
    const { checked } = this.swipe;
    this.page.store.set({ swipe: checked ? 50 : null }, { step: true });
    if (checked && NARROW.matches) this.onClose(); // it covers the map
  }

  /** @param {number} day */
  #to(day) {
    const { firstDay, lastDay } = this.page.store.limits;
    this.page.store.set({ compare: Math.max(firstDay, Math.min(lastDay, day)) });
  }

  /** @param {Map<string, Compared>} compared @param {{from: number, to: number}} days */
  render(compared, { from, to }) {
    const { compare, swipe, to: shown } = this.page.store.state;
    this.swipe.checked = swipe !== null;
    if (compare !== null) {
      const sides = { left: longDate(compare), right: longDate(shown) };
      this.swipeNote.textContent = t("asking.swipe_note", sides);
    }
    if (compare !== null && document.activeElement !== this.date) this.date.value = isoDay(compare);
    const dates = { then: longDate(from), now: longDate(to) };
    this.lead.textContent = from === to ? t("asking.same_date") : t("asking.compare_lead", dates);
    const byClass = Map.groupBy(compared.values(), ({ kind }) => kind);
    const focused = document.activeElement?.closest("[data-key]");
    const key = focused && this.classes.contains(focused) ? focused.getAttribute("data-key") : null;
    fill(
      this.classes,
      CLASSES.map((kind) => this.#class(kind, byClass.get(kind) ?? [], dates)),
    );
    if (key) this.#focus(key);
  }

  /** @param {string} key */
  #focus(key) {
    const found = [...this.classes.querySelectorAll("[data-key]")].find(
      (element) => element.getAttribute("data-key") === key,
    );
    const target = found?.matches("details") ? found.querySelector("summary") : found;
    /** @type {HTMLElement | null | undefined} */ (target)?.focus({ preventScroll: true });
  }

  /** @param {string} kind @param {Compared[]} list @param {Record<string, string>} dates */
  #class(kind, list, dates) {
    const title = h(
      "span",
      { class: "class-title" },
      h("span", { class: "class-mark", "aria-hidden": "true" }, MARKS[kind] ?? ""),
      h("span", {}, t(`asking.class_${kind}`, dates)),
      h("strong", { class: "class-count" }, number(list.length)),
    );
    const listable = CHANGES.includes(/** @type {any} */ (kind)) || kind === "same";
    if (!list.length || !listable) {
      return h("p", { class: "class class-flat", data: { kind } }, title);
    }
    list.sort((a, b) => (a.site.name < b.site.name ? -1 : 1));
    return h(
      "details",
      {
        class: "class",
        open: this.open.has(kind),
        data: { kind, key: `class ${kind}` },
        ontoggle: (/** @type {Event} */ event) => {
          const { open } = /** @type {HTMLDetailsElement} */ (event.target);
          if (open) this.open.add(kind);
          else this.open.delete(kind);
        },
      },
      h("summary", {}, title),
      h(
        "ul",
        { class: "plain rows" },
        list.slice(0, LISTED).map((one) => h("li", {}, this.#row(one))),
      ),
      list.length > LISTED
        ? h("p", { class: "muted" }, t("asking.and_more", { count: list.length - LISTED }))
        : null,
    );
  }

  /** @param {Compared} compared */
  #row({ site, before, after, away }) {
    const { words } = this.page;
    const to = away.map(({ claim }) => claim.to_name ?? t("asking.place_unknown"));
    return h(
      "button",
      {
        type: "button",
        class: "row",
        data: { key: `compared ${site.site_id}`, site: site.site_id },
        onclick: () => this.page.choose(site.site_id),
      },
      h("span", { class: "row-name" }, storedName(site.name)),
      h(
        "span",
        { class: "row-note" },
        t("asking.then_now", { then: said(words, before), now: said(words, after) }),
        to.length
          ? [" · ", t("asking.move_to"), " ", storedName([...new Set(to)].join(", "))]
          : null,
      ),
    );
  }
}

/** @param {import("../words.js").Words} words @param {import("./comparison.js").Site | undefined} site */
function said(words, site) {
  if (!site?.reports_count) return t("asking.not_reported");
  return words.activity(site.activity);
}

/** @type {Record<string, string>} signs of the classes, on the map and in the list */
export const MARKS = { appeared: "+", resumed: "↻", gone: "−", moved: "→", unknown: "?" };
