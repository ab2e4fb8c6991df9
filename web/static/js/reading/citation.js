/** Claims, sources and states as citations: a sentence for a text, an entry for a bibliography. */

import { longDate, parseDay } from "../days.js";
import { plainText } from "../dom.js";
import { dateInWords, partsOfDate, publishedInWords } from "../edtf.js";
import { encode } from "../hash.js";
import { t } from "../text.js";

/**
 * @typedef {import("../panel.js").Context} Context
 * @typedef {import("../hash.js").Choice} Choice
 * @typedef {Record<string, any>} Claim with the fields of its source
 * @typedef {"report" | "control" | "flow" | "actor"} ClaimKind
 */

const ID = { report: "report_id", control: "control_id", flow: "flow_id", actor: "actor_id" };
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const LONGEST = 1000;

/** @param {Claim} claim @param {ClaimKind} kind @returns {string} */
export const idOf = (claim, kind) => claim[ID[kind]];

/** The address that shows it. @param {Context} context @param {Choice | null} choice */
export function linkTo({ state }, choice) {
  return location.href.split("#")[0] + encode({ ...state, choice });
}

/** @param {Claim} claim @returns {string} its source in one line */
export function sourceText(claim) {
  const parts = [
    plainText(claim.source_publisher, LONGEST),
    t("reading.cite.title", { title: plainText(claim.source_title, LONGEST) }),
    publishedInWords(claim.source_published),
  ];
  const text = `${parts.filter(Boolean).join(", ")}.`;
  return claim.source_url ? `${text} ${plainText(claim.source_url)}` : text;
}

/** @param {Context} context @param {Claim} claim @param {ClaimKind} kind @returns {string} */
export function claimText(context, claim, kind) {
  const { words } = context;
  const grades = [words.reliability(claim.reliability)];
  if (claim.credibility) grades.push(words.credibility(claim.credibility));
  const locator = plainText(claim.locator, LONGEST);
  return t("reading.cite.claim", {
    what: whatIsSaid(context, claim, kind),
    source: sourceText(claim),
    where: locator ? ` ${t("reading.cite.locator", { locator })}` : "",
    grades: grades.join("; "),
    atlas: atlasText(context, choiceOf(claim, kind)),
  });
}

/**
 * This atlas, its data and the view.
 * @param {Context} context
 * @param {Choice | null} choice
 * @returns {string}
 */
export function atlasText(context, choice) {
  const { title, as_of: asOf } = context.config;
  const day = longDate(/** @type {number} */ (parseDay(asOf)));
  return t("reading.cite.atlas", { title, as_of: day, link: linkTo(context, choice) });
}

/** @param {Context} context @param {Record<string, any>} site @returns {string} */
export function siteText(context, site) {
  return t("reading.cite.site", {
    name: plainText(site.name, LONGEST),
    day: longDate(context.state.to),
    state: context.words.state(site),
    atlas: atlasText(context, { kind: "site", id: site.site_id }),
  });
}

/** @param {Context} context @param {Claim} claim @param {ClaimKind} kind */
function whatIsSaid({ words }, claim, kind) {
  const summary = plainText(claim.summary ?? claim.note, LONGEST);
  const actor = plainText(claim.actor_name ?? claim.name, LONGEST);
  const site = plainText(claim.site_name, LONGEST);
  const values = {
    report: { site, date: dateInWords(claim.occurred), summary },
    flow: {
      route: plainText(words.route(claim), LONGEST),
      date: dateInWords(claim.moved),
      summary,
    },
    control: {
      actor,
      site,
      role: words.meaning("role", claim.role),
      period: dateInWords(claim.valid, "period"),
    },
    actor: { actor, kind: words.meaning("actor_kind", claim.kind), summary },
  };
  return plainText(t(`reading.cite.${kind}`, values[kind]));
}

/** @param {Claim} claim @param {ClaimKind} kind @returns {Choice} the view that shows a claim */
function choiceOf(claim, kind) {
  if (kind === "flow") return { kind: "flow", id: claim.flow_id };
  if (kind === "actor") return { kind: "actor", id: claim.actor_id };
  return { kind: "site", id: claim.site_id };
}

/** The source alone, as BibTeX. @param {Context} context @param {Claim} claim @returns {string} */
export function sourceEntry({ words }, claim) {
  return entry(claim.source_url ? "online" : "misc", claim.source_id, [
    ...sourceFields(claim),
    ["annotation", tex(words.reliability(claim.reliability))],
  ]);
}

/**
 * The source with what it says, as BibTeX.
 * @param {Context} context
 * @param {Claim} claim
 * @param {ClaimKind} kind
 * @returns {string}
 */
export function claimEntry(context, claim, kind) {
  const { words } = context;
  const notes = [whatIsSaid(context, claim, kind), words.reliability(claim.reliability)];
  if (claim.credibility) notes.push(words.credibility(claim.credibility));
  notes.push(atlasText(context, choiceOf(claim, kind)));
  return entry(claim.source_url ? "online" : "misc", idOf(claim, kind), [
    ...sourceFields(claim),
    claim.locator ? ["note", tex(claim.locator)] : null,
    ["annotation", tex(notes.join(". "))],
  ]);
}

/**
 * A view of this atlas, as BibTeX.
 * @param {Context} context
 * @param {Choice | null} choice
 * @param {string} title
 * @param {string} note
 * @returns {string}
 */
export function atlasEntry(context, choice, title, note) {
  const { title: atlas, as_of: asOf } = context.config;
  const key = ["scam-atlas", choice?.id, asOf].filter(Boolean).join("-");
  return entry("online", key, [
    ["author", `{${tex(atlas)}}`],
    ["title", `{${tex(title)}}`],
    ...dated(asOf),
    ["url", inAddress(linkTo(context, choice))],
    note ? ["annotation", tex(note)] : null,
  ]);
}

/**
 * A site's state, and the sources that the panel names for it, as BibTeX.
 * @param {Context} context
 * @param {Record<string, any>} site
 * @param {Claim[]} claims
 * @returns {string}
 */
export function siteEntries(context, site, claims) {
  const choice = { kind: /** @type {const} */ ("site"), id: site.site_id };
  const sources = new Map(claims.map((claim) => [claim.source_id, claim]));
  return [
    atlasEntry(context, choice, plainText(site.name, LONGEST), siteText(context, site)),
    ...[...sources.values()].map((claim) => sourceEntry(context, claim)),
  ].join("\n");
}

/** @param {Claim} claim @returns {(string[] | null)[]} */
function sourceFields(claim) {
  return [
    ["author", `{${tex(claim.source_publisher)}}`],
    ["title", `{${tex(claim.source_title)}}`],
    ...dated(claim.source_published),
    claim.source_url ? ["url", inAddress(claim.source_url)] : null,
    claim.source_language ? ["language", tex(claim.source_language)] : null,
  ];
}

/** @param {string | null} edtf biblatex reads EDTF; year and month are for classic styles */
function dated(edtf) {
  if (!edtf) return [];
  const { year, month } = partsOfDate(edtf);
  return [
    ["date", tex(edtf)],
    year ? ["year", year] : null,
    month ? ["month", MONTHS[month - 1], "bare"] : null,
  ];
}

/** @param {string} type @param {string} key @param {(string[] | null)[]} fields */
function entry(type, key, fields) {
  const lines = fields
    .filter((field) => field !== null)
    .map(([name, value, bare]) => `  ${name} = ${bare ? value : `{${value}}`}`);
  return `@${type}{${key.replace(/[^\w:.-]/g, "-")},\n${lines.join(",\n")}\n}\n`;
}

/** As `layers.bibliography` escapes: a brace with a backslash still counts as one for BibTeX. */
const ESCAPES = {
  "\\": "\\textbackslash{}",
  "{": "\\textbraceleft{}",
  "}": "\\textbraceright{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
};

/** @param {string | null | undefined} text */
const tex = (text) =>
  plainText(text, LONGEST).replace(/[\\{}~^$%#&_]/g, (sign) => ESCAPES[sign] ?? `\\${sign}`);

/** @param {string} address TeX takes every other sign in it as it is */
const inAddress = (address) =>
  plainText(address).replace(/[{}\\]/g, (sign) => encodeURIComponent(sign));
