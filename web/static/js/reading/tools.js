/** What the panel's views share: parts that are made when they are opened, and copying. */

import { fill, h } from "../dom.js";
import { t } from "../text.js";

/** Told to a folded part that is open already when the panel is written anew. */
export const UNFOLD = "unfold";

/**
 * A folded part whose inside is made when it is first opened.
 * @param {string} key by which the panel keeps it open
 * @param {import("../dom.js").Child} summary
 * @param {() => import("../dom.js").Child[]} make
 * @param {Record<string, unknown>} [props]
 */
export function folded(key, summary, make, props = {}) {
  const inside = h("div", { class: "inside" });
  let made = false;
  const open = () => {
    if (made || !details.hasAttribute("open")) return;
    made = true;
    fill(inside, make());
  };
  const details = h(
    "details",
    { ...props, data: { key }, ontoggle: open, [`on${UNFOLD}`]: open },
    h("summary", {}, summary),
    inside,
  );
  return details;
}

/**
 * @param {string} label
 * @param {() => string} make the text to copy
 */
export function copyButton(label, make) {
  const copy = h("button", {
    type: "button",
    class: "quiet copy",
    onclick: async () => {
      const text = make();
      const done = await copied(text);
      if (!done) showToCopy(copy, text);
      say(copy, t(done ? "reading.cite.copied" : "reading.cite.copy_by_hand"));
      copy.dataset.done = done ? "yes" : "no";
      setTimeout(() => delete copy.dataset.done, 2500);
    },
  });
  fill(copy, label);
  return copy;
}

/** @param {string} text @returns {Promise<boolean>} false where the browser does not let us */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** @param {HTMLElement} beside @param {string} text selected, so that the keyboard copies it */
function showToCopy(beside, text) {
  const field = /** @type {HTMLTextAreaElement} */ (
    h("textarea", {
      readonly: true,
      rows: 5,
      class: "by-hand",
      "aria-label": t("reading.cite.copy_by_hand"),
    })
  );
  field.value = text;
  const old = beside.parentElement?.querySelector(".by-hand");
  if (old) old.replaceWith(field);
  else beside.after(field);
  field.focus();
  field.select();
}

/** Tell a listener what cannot be seen. @param {Element} within @param {string} text */
function say(within, text) {
  const status = within.closest("#panel")?.querySelector("[role=status]");
  if (status) fill(status, text);
}
