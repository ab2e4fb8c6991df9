/** Claims as cards: what is said, when, and who says so, with grade and link. */

import { parseDay } from "./days.js";
import { button, h, isLong, sourceLink, stored, storedName, told } from "./dom.js";
import { dateInWords } from "./edtf.js";
import { citeBlock } from "./reading/cite.js";
import { t } from "./text.js";
import { capital } from "./words.js";

/**
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./panel.js").Context} Context
 * @typedef {import("./reading/citation.js").ClaimKind} ClaimKind
 */

/** A summary longer than this is folded. */
const LONGEST_SUMMARY = 1200;
let tips = 0;

/**
 * Who says so: every claim ends with this.
 * @param {Context} context
 * @param {Record<string, any>} claim with the source's fields
 * @param {ClaimKind} kind
 * @param {...import("./dom.js").Child} actions what else can be done with the claim
 */
export function sourceBlock(context, claim, kind, ...actions) {
  const { words } = context;
  const title = claim.source_title ?? t("reading.source.without_title");
  return h(
    "footer",
    { class: "source" },
    h("p", { class: "source-title" }, sourceLink(claim.source_url, title)),
    h(
      "p",
      {},
      stored(claim.source_publisher ?? t("reading.source.publisher_not_known")),
      " · ",
      words.sourceKind(claim),
      claim.locator ? [" · ", h("span", { class: "locator" }, stored(claim.locator))] : null,
    ),
    grades(claim, words),
    h("div", { class: "card-tools" }, actions, citeBlock(context, claim, kind)),
  );
}

/**
 * The two grades of the Admiralty system: in short, and spelt out for who points at them.
 * @param {Record<string, any>} claim
 * @param {Words} words
 */
export function grades({ reliability, credibility }, words) {
  const id = `grades-${++tips}`;
  const credible = credibility === null || credibility === undefined ? null : String(credibility);
  const known = /^[A-F]$/.test(reliability ?? "") ? reliability : "F";
  const short = [
    words.meaning("reliability", reliability),
    credible && words.meaning("credibility", credible),
  ];
  return h(
    "div",
    { class: "grades" },
    h(
      "button",
      { type: "button", class: `grade grade-${known}`, "aria-describedby": id },
      `${reliability ?? "–"}${credible ?? ""}`,
      h("span", { class: "unseen" }, ` ${t("reading.grade.grades")}`),
    ),
    h(
      "span",
      { class: "grade-words" },
      short.filter(Boolean).join(" · "),
    ),
    h(
      "span",
      { class: "tip", role: "tooltip", id },
      h(
        "span",
        {},
        h("strong", {}, words.reliability(reliability)),
        ` ${t("reading.grade.of_source")} `,
      ),
      credible
        ? h(
            "span",
            {},
            h("strong", {}, words.credibility(credible)),
            ` ${t("reading.grade.of_claim")}`,
          )
        : null,
    ),
  );
}

/**
 * A text in our words, folded where it is longer than any summary.
 * @param {string} text
 * @param {string} key
 */
export function prose(text, key) {
  if (!text || text.length <= LONGEST_SUMMARY) return h("p", { class: "summary" }, stored(text));
  const start = text.slice(0, LONGEST_SUMMARY).replace(/[\ud800-\udbff]$/, "");
  return h(
    "div",
    { class: "summary" },
    h("p", {}, stored(`${start}…`)),
    whole(text, key),
  );
}

/** All of a long text, on request. @param {string} text @param {string} key */
export function whole(text, key) {
  return h(
    "details",
    { class: "whole", data: { key: `whole ${key}` } },
    h("summary", {}, t("reading.show_whole", { count: text.length })),
    h("p", { tabindex: "0" }, stored(text)),
  );
}

/**
 * The heading of a view, which is a name.
 * @param {string} name
 */
export function nameHeading(name) {
  return [
    h("h2", { tabindex: "-1" }, storedName(name)),
    isLong(name) ? whole(name, "name") : null,
  ];
}

/** Whether the texts of a report are still to come. @param {Record<string, any>} report */
export const isPartial = ({ partial, occurred }) => partial === true || occurred === undefined;

/** What stands for a report until its texts are here: nothing that they might belie. */
export const loading = (/** @type {Record<string, any>} */ report) =>
  h(
    "article",
    { class: "card", "aria-busy": "true", data: { report: report.report_id } },
    h("p", {}, stored(report.source_publisher)),
    h("p", { class: "muted" }, t("reading.reports.loading")),
  );

/**
 * @param {Context} context
 * @param {Record<string, any>} report properties of a report, or of a piece of evidence
 */
export function reportCard(context, report) {
  const { words } = context;
  if (isPartial(report)) return loading(report);
  const activity = report.activity_after;
  const said = activity && activity !== "unknown" ? words.activity(activity) : null;
  return h(
    "article",
    { class: "card", data: { report: report.report_id } },
    h(
      "p",
      { class: "card-when" },
        h("strong", { title: report.occurred }, capital(dateInWords(report.occurred))),
      h("span", { class: "tag" }, words.meaning("event_kind", report.event_kind)),
      said ? h("span", { class: "tag tag-state" }, stateDot(words, activity), said) : null,
    ),
    prose(report.summary, report.report_id),
    people(report, words),
    sourceBlock(context, report, "report", toItsDates(context, report, report.report_id)),
  );
}

/** @param {Record<string, any>} claim @param {Words} words */
export function people(claim, words) {
  const said = words.people(claim);
  return said
    ? h("p", { class: "people" }, t("reading.people.reported", { people: said }))
    : null;
}

/**
 * A button that moves the window, as long as it is, to end where a claim may have ended.
 * @param {Context} context
 * @param {Record<string, any>} claim
 * @param {string} key
 */
export function toItsDates({ state, store }, claim, key) {
  const { firstDay, lastDay } = store.limits;
  const until = parseDay(claim.possible_to);
  const since = parseDay(claim.possible_from);
  const end = until ?? since;
  if (end === null) return null;
  const to = Math.max(firstDay, Math.min(lastDay, end));
  const length = Math.max(state.to - state.from, since === null ? 0 : to - since);
  const from = Math.max(firstDay, to - length);
  const there = from === state.from && to === state.to;
  return button(t("reading.window_here"), () => store.set({ from, to }, { step: true }), {
    class: "quiet",
    disabled: there,
    data: { key: `window ${key}` },
  });
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
 * An actor's role at a site on the day shown, as said.
 * @param {Context} context
 * @param {Record<string, any>} control a piece of the site's state
 */
export function controlItem(context, control) {
  const { words, actions } = context;
  const certain = control.certainty === "certain";
  const { role, actor_id: id, actor_name: name, actor_kind: kind } = control;
  return h(
    "li",
    {
      class: `control ${certain ? "is-certain" : "is-possible"}`,
      data: { actor: id, role },
    },
    h(
      "p",
      { class: "actor" },
      button(
        name,
        () => actions.choose({ kind: "actor", id }),
        { class: "name-link", "aria-label": null, data: { key: `actor ${control.control_id}` } },
        storedName(name),
      ),
      h("span", { class: "muted" }, ` ${words.meaning("actor_kind", kind)}`),
    ),
    h(
      "p",
      {},
      h(
        "span",
        { class: `tag ${certain ? "tag-certain" : "tag-possible"}` },
        t(certain ? "reading.control.certain" : "reading.control.possible"),
      ),
      ` ${words.said(control)}; `,
      t("reading.control.period", { period: dateInWords(control.valid, "period") }),
    ),
    control.note ? h("p", { class: "muted" }, stored(control.note)) : null,
    // A site's state has only part of the claim.
    whoSaysSo(context, { ...context.records.controlById.get(control.control_id), ...control }),
  );
}

/**
 * The source of a role, folded, and the other sources that its ends come from.
 * @param {Context} context
 * @param {Record<string, any>} claim
 */
export function whoSaysSo(context, claim) {
  const end = (/** @type {"start" | "end"} */ side) =>
    claim[`${side}_source_title`]
      ? h(
          "p",
          { class: "muted" },
          told(`reading.control.${side}_from`, {
            source: sourceLink(claim[`${side}_source_url`], claim[`${side}_source_title`]),
          }),
        )
      : null;
  return h(
    "details",
    { data: { key: `control ${claim.control_id}` } },
    h("summary", {}, t("reading.control.who_says_so")),
    end("start"),
    end("end"),
    sourceBlock(context, claim, "control", toItsDates(context, claim, claim.control_id)),
  );
}
