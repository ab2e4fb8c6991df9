/** What is on, each with a button that takes it off. */

import { button, fill, h, stored } from "../dom.js";
import { longDate } from "../days.js";
import { t } from "../text.js";
import { isAsking, LISTS, tidy, toggled } from "./state.js";

/** Above this number the chips of one list become one. */
const EACH = 4;

/**
 * @param {HTMLElement} root
 * @param {import("../store.js").Store} store
 * @param {import("./filtersheet.js").Labels} labels
 * @param {{reset: () => void, showComparison: () => void}} actions
 */
export function showChips(root, store, labels, actions) {
  const { filters, q, compare, to } = store.state;
  const chips = [];
  const focused = document.activeElement;
  const place = focused && root.contains(focused) ? [...root.children].indexOf(focused) : -1;
  /** @param {string} text @param {() => void} remove */
  const chip = (text, remove) =>
    chips.push(
      h(
        "button",
        {
          type: "button",
          class: "chip",
          "aria-label": t("asking.remove", { text }),
          onclick: remove,
        },
        h("span", { class: "chip-text" }, stored(text)),
        h("span", { class: "chip-x", "aria-hidden": "true" }, "×"),
      ),
    );
  /** @param {Record<string, any>} change */
  const without = (change) => store.set({ filters: tidy({ ...filters, ...change }) });
  if (q) chip(t("asking.chip_words", { text: q }), () => store.set({ q: "" }));
  for (const list of LISTS) {
    const values = filters[list] ?? [];
    if (values.length > EACH) {
      const text = t("asking.chip_many", { list: t(`asking.list_${list}`), count: values.length });
      chip(text, () => without({ [list]: [] }));
      continue;
    }
    for (const value of values) {
      const text = t("asking.chip_value", {
        list: t(`asking.list_${list}`),
        value: labels.of(list, value),
      });
      chip(text, () => store.set({ filters: toggled(store.state.filters, list, value) }));
    }
  }
  for (const grade of /** @type {const} */ (["credibility", "reliability"])) {
    const value = filters[grade];
    if (!value) continue;
    const text = t("asking.chip_value", {
      list: t(`asking.list_${grade}`),
      value: labels.of(grade, String(value)),
    });
    chip(text, () => without({ [grade]: undefined }));
  }
  for (const flag of /** @type {const} */ (["members", "publishers", "window"])) {
    if (filters[flag]) chip(t(`asking.only_${flag}`), () => without({ [flag]: false }));
  }
  if (isAsking({ filters, q })) {
    chips.push(button(t("asking.clear"), actions.reset, { class: "chip-clear" }));
  }
  if (compare !== null) {
    chips.push(
      h(
        "button",
        { type: "button", class: "chip chip-compare", onclick: actions.showComparison },
        t("asking.chip_compare", { then: longDate(compare), now: longDate(to) }),
      ),
    );
    chips.push(
      button(t("asking.end_comparison"), () => store.set({ compare: null }), {
        class: "chip-clear",
      }),
    );
  }
  fill(root, ...chips);
  root.hidden = chips.length === 0;
  const next = /** @type {HTMLElement | undefined} */ (
    root.children[Math.min(place, root.children.length - 1)]
  );
  if (place >= 0) (next ?? document.getElementById("filter-switch"))?.focus();
}
