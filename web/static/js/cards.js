/** Claims as cards: what is said, when, and who says so, with grade and link. */

import { dateInWords } from "./edtf.js";
import { h, sourceLink, stored } from "./dom.js";
import { capital } from "./words.js";

/** @typedef {import("./words.js").Words} Words */

/**
 * Who says so: every claim ends with this.
 * @param {Record<string, any>} claim with the source's fields
 * @param {Words} words
 */
export function sourceBlock(claim, words) {
  return h(
    "footer",
    { class: "source" },
    h(
      "p",
      { class: "source-title" },
      sourceLink(claim.source_url, claim.source_title ?? "Source without a title"),
    ),
    h(
      "p",
      {},
      stored(claim.source_publisher ?? "publisher not known"),
      " · ",
      words.sourceKind(claim),
      claim.locator ? [" · ", h("span", { class: "locator" }, stored(claim.locator))] : null,
    ),
    h(
      "p",
      { class: "grades" },
      grade(claim.reliability, words.reliability(claim.reliability)),
      grade(String(claim.credibility), words.credibility(claim.credibility)),
    ),
  );
}

/** @param {string} code @param {string} text */
function grade(code, text) {
  return h("span", { class: `grade grade-${/^[A-F1-6]$/.test(code) ? code : "F"}` }, text);
}

/**
 * @param {Record<string, any>} report properties of a report, or of a piece of evidence
 * @param {Words} words
 */
export function reportCard(report, words) {
  const activity = report.activity_after;
  const said = activity && activity !== "unknown" ? words.activity(activity) : null;
  return h(
    "article",
    { class: "card", data: { report: report.report_id } },
    h(
      "p",
      { class: "card-when" },
      h("strong", {}, capital(dateInWords(report.occurred))),
      h("span", { class: "tag" }, words.meaning("event_kind", report.event_kind)),
      said ? h("span", { class: "tag tag-state" }, stateDot(words, activity), said) : null,
    ),
    h("p", { class: "summary" }, stored(report.summary)),
    words.people(report)
      ? h("p", { class: "people" }, `Reported number: ${words.people(report)}`)
      : null,
    sourceBlock(report, words),
  );
}

/** @param {Words} words @param {string} activity */
export function stateDot(words, activity) {
  const { symbology } = words;
  const look = symbology.look({ kind: "compound", place_role: "hotspot", activity, age_days: 0 });
  return symbology.icon(
    (context, x, y) => symbology.draw(context, x, y, { ...look, radius: 5 }),
    16,
    16,
  );
}

/**
 * An actor's role at a site, as said.
 * @param {Record<string, any>} control
 * @param {Words} words
 */
export function controlItem(control, words) {
  const certain = control.certainty === "certain";
  const { role, actor_name: name, actor_kind: kind } = control;
  return h(
    "li",
    {
      class: `control ${certain ? "is-certain" : "is-possible"}`,
      data: { actor: control.actor_id, role },
    },
    h(
      "p",
      { class: "actor" },
      h("strong", {}, stored(name)),
      h("span", { class: "muted" }, ` ${words.meaning("actor_kind", kind)}`),
    ),
    h(
      "p",
      {},
      h(
        "span",
        { class: `tag ${certain ? "tag-certain" : "tag-possible"}` },
        certain ? "certain" : "possible",
      ),
      ` ${words.said(control)}; period as reported: ${dateInWords(control.valid, "period")}`,
    ),
    control.note ? h("p", { class: "muted" }, stored(control.note)) : null,
    h(
      "details",
      { data: { key: `control ${control.control_id}` } },
      h("summary", {}, "Who says so"),
      sourceBlock(control, words),
    ),
  );
}
