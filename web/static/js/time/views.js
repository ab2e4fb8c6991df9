/** What a mark, a tick or a bar stands for, with who says so; and the button that goes there. */

import { button, h, plainText, sourceLink, stored, storedName } from "../dom.js";
import { dateInWords } from "../edtf.js";
import { t } from "../text.js";
import { capital } from "../words.js";
import { showing } from "./spans.js";

/**
 * @typedef {object} Reader what the views need of the page
 * @property {import("../words.js").Words} words
 * @property {import("./spans.js").Limits} limits
 * @property {() => import("./spans.js").Span} window
 * @property {(span: import("./spans.js").Span) => void} show
 * @property {(choice: import("../hash.js").Choice) => void} choose
 */

/** Names of publishers said at once. */
const NAMED_PUBLISHERS = 3;
/** Claims of one mark told at once. */
const TOLD_CLAIMS = 12;

/**
 * The window moves only when this is pressed.
 * @param {Reader} reader
 * @param {import("./spans.js").Span} claim
 */
function goThere(reader, claim) {
  const next = showing(reader.window(), claim, reader.limits);
  const now = reader.window();
  const there = next.from === now.from && next.to === now.to;
  const go = button(t(there ? "time.in_window" : "time.show_in_window"), () => {
    reader.show(showing(reader.window(), claim, reader.limits));
    go.textContent = t("time.in_window");
    // A button that is disabled loses the focus; the window that it stands in takes it.
    /** @type {HTMLElement | null} */ (go.closest("[role=dialog]"))?.focus();
    go.setAttribute("disabled", "");
  });
  go.className = "go-there";
  if (there) go.setAttribute("disabled", "");
  return h("p", { class: "actions" }, go);
}

/**
 * @param {Reader} reader
 * @param {import("../records.js").Report} report
 */
export function reportView(reader, report) {
  const { words } = reader;
  const { claim } = report;
  return [
    h("p", { class: "when" }, capital(dateInWords(claim.occurred))),
    h("p", { class: "what" }, eventInWords(words, claim)),
    h("p", {}, stored(claim.summary)),
    whoSaysSo(words, claim),
    goThere(reader, report),
  ];
}

/** @param {import("../words.js").Words} words @param {Record<string, any>} claim */
export const eventInWords = (words, { event_kind: kind, activity_after: activity }) =>
  t("time.event", {
    kind: capital(words.meaning("event_kind", kind)),
    activity: activity === "unknown" ? t("time.no_activity") : words.activity(activity),
  });

/**
 * @param {Reader} reader
 * @param {import("./marks.js").Mark} mark
 * @param {string | null} title where several marks are told at once
 */
export function markView(reader, { from, to, reports }, title) {
  return h(
    "section",
    { class: "told-mark" },
    title ? h("h4", {}, title) : null,
    h(
      "ul",
      {},
      reports.slice(0, TOLD_CLAIMS).map(({ claim }) => claimItem(reader, claim)),
    ),
    reports.length > TOLD_CLAIMS
      ? h("p", {}, t("time.marks.more", { count: reports.length - TOLD_CLAIMS }))
      : null,
    goThere(reader, { from, to }),
  );
}

/** @param {Reader} reader @param {Record<string, any>} claim */
function claimItem(reader, claim) {
  const place = button(
    plainText(claim.site_name, 80),
    () => reader.choose({ kind: "site", id: claim.site_id }),
    { class: "as-link" },
  );
  // Of very many reports the texts come with their site.
  const said = [", ", dateInWords(claim.occurred), ": ", stored(claim.summary)];
  return h("li", {}, place, claim.partial ? null : said, whoSaysSo(reader.words, claim));
}

/**
 * @param {Reader} reader
 * @param {import("./control.js").Row} row
 * @param {string} siteName
 */
export function controlView({ words, choose }, row, siteName) {
  return [
    h(
      "p",
      { class: "what" },
      `${capital(words.meaning("role", row.role))}: `,
      stored(siteName),
    ),
    h(
      "ul",
      {},
      row.claims.map(({ claim }) =>
        h(
          "li",
          {},
          periodInWords(claim),
          claim.note ? [" ", stored(claim.note)] : null,
          whoSaysSo(words, claim),
        ),
      ),
    ),
    h(
      "p",
      { class: "actions" },
      button(t("time.lane.open_actor"), () => choose({ kind: "actor", id: row.actor })),
    ),
  ];
}

/** @param {Record<string, any>} claim of control */
export function periodInWords(claim) {
  const period = capital(dateInWords(claim.valid, "period"));
  const { certain_from: from, certain_to: to } = claim;
  if (!from && !to) return t("time.lane.period_possible", { period });
  const certain =
    from === to ? dateInWords(from) : dateInWords(`${from ?? ".."}/${to ?? ".."}`, "period");
  return t("time.lane.period", { period, certain });
}

/** @param {import("../words.js").Words} words @param {Record<string, any>} claim */
function whoSaysSo(words, claim) {
  return h(
    "p",
    { class: "who" },
    sourceLink(claim.source_url ?? null, claim.source_title ?? claim.source_id),
    " · ",
    storedName(claim.source_publisher ?? ""),
    claim.locator ? [" · ", stored(claim.locator)] : null,
    " · ",
    words.reliability(claim.reliability),
    " · ",
    words.credibility(claim.credibility),
  );
}

/**
 * @param {{claim: Record<string, any>}[]} claims
 * @returns {string} the publishers, the first few by name
 */
export function publishersInWords(claims) {
  const names = [...new Set(claims.map(({ claim }) => claim.source_publisher ?? claim.source_id))];
  const said = names.slice(0, NAMED_PUBLISHERS).map((name) => plainText(name, 60)).join(", ");
  const count = names.length - NAMED_PUBLISHERS;
  return count > 0 ? t("time.and_more", { names: said, count }) : said;
}
