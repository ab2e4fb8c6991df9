/** The cells of the table twin that hold more than a word. */

import { h, sourceLink, stored } from "./dom.js";
import { dayInWords } from "./words.js";
import { publishedInWords } from "./edtf.js";
import { t } from "./text.js";

/** How many claims of control a cell lists before it counts the rest. */
const LISTED = 2;

/**
 * @typedef {import("./panel.js").Context} Context
 * @typedef {import("./words.js").Words} Words
 */

/**
 * The name of a row: it opens the panel.
 * @param {Context} context
 * @param {string} id
 * @param {string} name
 * @param {"site" | "flow"} [kind]
 */
export function siteButton({ actions, state }, id, name, kind = "site") {
  const chosen = state.choice?.kind === kind && state.choice.id === id;
  return h(
    "button",
    {
      type: "button",
      class: "table-open",
      "aria-current": chosen && "true",
      onclick: () => actions.choose({ kind, id }),
    },
    stored(name),
  );
}

/** @param {Record<string, any>} claim @param {Words} words */
export function sourceCell(claim, words) {
  return [
    h("span", { class: "table-publisher" }, stored(claim.source_publisher), ": "),
    sourceLink(claim.source_url, claim.source_title),
    h("span", { class: "muted" }, ` (${publishedInWords(claim.source_published)})`),
  ];
}

/** @param {string | number} code @param {string} spelt "Reliability B – usually reliable" */
export function gradeCell(code, spelt) {
  const meaning = spelt.replace(/^.*? – /, "");
  return [h("strong", {}, String(code)), ` ${meaning}`];
}

/** Who is said to control, protect or operate it, and how old that claim is. @param {Record<string, any>} site @param {Words} words */
export function controlCell(site, words) {
  const claims = site.control ?? [];
  if (!claims.length) return null;
  const items = claims.slice(0, LISTED).map((/** @type {any} */ one) =>
    h(
      "li",
      {},
      stored(one.actor_name),
      `: ${words.meaning("role", one.role)}, `,
      one.last_said ? t("table.last_said", { day: dayInWords(one.last_said) }) : t("table.not_said"),
    ),
  );
  const more = claims.length - items.length;
  return h(
    "ul",
    { class: "plain" },
    items,
    more > 0 ? h("li", { class: "muted" }, t("table.more_control", { count: more })) : null,
  );
}
