/** What the table twin can show: its kinds of rows, their columns, and how they sort and match. */

import { controlCell, gradeCell, siteButton, sourceCell } from "./tablecells.js";
import { longDate, parseDay } from "./days.js";
import { dateInWords } from "./edtf.js";
import { stored } from "./dom.js";
import { language, number, t } from "./text.js";
import { within } from "./records.js";
import { capital, country, distance } from "./words.js";

/**
 * @typedef {import("./panel.js").Context} Context
 * @typedef {Record<string, any>} Claim
 * @typedef {{claim: Claim, from: number, to: number}} Dated
 * @typedef {object} Column
 * @property {string} id
 * @property {(row: any, context: Context) => string | number | null} value what it is sorted by,
 *   and where it is text also found by
 * @property {(row: any, context: Context) => import("./dom.js").Child} [cell] the value if not given
 * @property {boolean} [numeric]
 * @property {boolean} [head] names the row
 * @typedef {object} Kind
 * @property {(context: Context, shown: Set<string>) => any[]} rows of what is in view
 * @property {readonly Column[]} columns
 * @property {string} sort the order if none is asked for; a minus in front turns it round
 * @property {(row: any) => string} key
 * @property {(row: any) => import("./hash.js").Choice} choice what a row opens
 */

/** Unknown text sorts last, whichever way. @param {any} value */
const known = (value) => value ?? null;

/** @type {Column[]} */
const GRADES = [
  {
    id: "reliability",
    value: ({ claim }) => known(claim.reliability),
    cell: ({ claim }, { words }) => gradeCell(claim.reliability, words.reliability(claim.reliability)),
  },
  {
    id: "credibility",
    value: ({ claim }) => known(claim.credibility),
    cell: ({ claim }, { words }) => gradeCell(claim.credibility, words.credibility(claim.credibility)),
  },
];

/** @type {Column[]} */
const SOURCE = [
  {
    id: "source",
    value: ({ claim }) => `${claim.source_publisher} ${claim.source_title}`,
    cell: ({ claim }, { words }) => sourceCell(claim, words),
  },
  {
    id: "locator",
    value: ({ claim }) => known(claim.locator),
    cell: ({ claim }) => stored(claim.locator),
  },
  ...GRADES,
];

/** @param {Dated} claim the day that a claim is sorted by, its later end where it is known */
const newest = ({ from, to }) =>
  Number.isFinite(to) ? to : Number.isFinite(from) ? from : null;

/** @type {Column[]} */
const SITES = [
  { id: "place", head: true, value: (site) => site.name, cell: (site, context) => siteButton(context, site.site_id, site.name) },
  { id: "kind", value: (site, { words }) => capital(words.siteKind(site.kind)) },
  {
    id: "region",
    value: (site) => [country(site.country), site.admin1].filter(Boolean).join(", ") || null,
    cell: (site) => [site.admin1 ? [stored(site.admin1), ", "] : null, country(site.country)],
  },
  {
    id: "state",
    value: (site, { words }) => stateWords(site, words),
  },
  {
    id: "observed",
    value: (site) => parseDay(site.last_observed),
    cell: (site) => day(site.last_observed),
  },
  {
    id: "control",
    value: (site) => (site.control ?? []).map((/** @type {Claim} */ one) => one.actor_name).join(", ") || null,
    cell: (site, { words }) => controlCell(site, words),
  },
  { id: "reports", numeric: true, value: (site, { reportsOf }) => reportsOf.get(site.site_id) ?? 0 },
  { id: "publishers", numeric: true, value: (site) => site.publishers_count ?? 0 },
  {
    id: "precision",
    numeric: true,
    value: (site) => known(site.precision_m),
    cell: (site) => (site.precision_m ? distance(site.precision_m) : null),
  },
];

/** @type {Column[]} */
const REPORTS = [
  {
    id: "place",
    head: true,
    value: ({ claim }) => claim.site_name,
    cell: ({ claim }, context) => siteButton(context, claim.site_id, claim.site_name),
  },
  { id: "date", value: newest, cell: ({ claim }) => capital(dateInWords(claim.occurred)) },
  { id: "event", value: ({ claim }, { words }) => capital(words.meaning("event_kind", claim.event_kind)) },
  {
    id: "after",
    value: ({ claim }, { words }) =>
      claim.activity_after && claim.activity_after !== "unknown"
        ? capital(words.activity(claim.activity_after))
        : null,
  },
  { id: "summary", value: ({ claim }) => known(claim.summary), cell: ({ claim }) => stored(claim.summary) },
  ...SOURCE,
];

/** @type {Column[]} */
const MOVES = [
  {
    id: "move",
    head: true,
    value: ({ claim }, { words }) => words.route(claim),
    cell: ({ claim, id }, context) =>
      siteButton(context, id, context.words.route(claim), "flow"),
  },
  { id: "date", value: newest, cell: ({ claim }) => capital(dateInWords(claim.moved)) },
  {
    id: "cause",
    value: ({ claim }, { words }) => (claim.cause ? capital(words.meaning("cause", claim.cause)) : null),
  },
  { id: "people", value: ({ claim }, { words }) => words.people(claim) },
  { id: "summary", value: ({ claim }) => known(claim.summary), cell: ({ claim }) => stored(claim.summary) },
  ...SOURCE,
];

/** @type {Column[]} */
const CONTROL = [
  {
    id: "place",
    head: true,
    value: ({ claim }) => claim.site_name,
    cell: ({ claim }, context) => siteButton(context, claim.site_id, claim.site_name),
  },
  { id: "actor", value: ({ claim }) => claim.actor_name, cell: ({ claim }) => stored(claim.actor_name) },
  { id: "role", value: ({ claim }, { words }) => capital(words.meaning("role", claim.role)) },
  { id: "period", value: newest, cell: ({ claim }) => capital(dateInWords(claim.valid, "period")) },
  ...SOURCE,
];

/** @type {Record<string, Kind>} */
export const KINDS = {
  sites: {
    columns: SITES,
    sort: "place",
    rows: ({ sites }, shown) => [...shown].map((id) => sites.get(id)),
    key: (site) => site.site_id,
    choice: (site) => ({ kind: "site", id: site.site_id }),
  },
  reports: {
    columns: REPORTS,
    sort: "-date",
    rows: ({ records, state }, shown) =>
      // Too many to list: only those of opened sites are here.
      records.served
        ? []
        : records.reportsIn(state).filter(({ claim }) => shown.has(claim.site_id)),
    key: ({ claim }) => claim.report_id,
    choice: ({ claim }) => ({ kind: "site", id: claim.site_id }),
  },
  moves: {
    columns: MOVES,
    sort: "-date",
    rows: ({ records, state }, shown) =>
      state.off.has("displacement")
        ? []
        : records
            .flowsIn(state)
            .filter(({ claim }) => shown.has(claim.from_site_id) || shown.has(claim.to_site_id)),
    key: ({ id }) => id,
    choice: ({ id }) => ({ kind: "flow", id }),
  },
  control: {
    columns: CONTROL,
    sort: "place",
    rows: ({ records, state }, shown) =>
      (records.control ?? []).filter(
        (/** @type {Dated} */ one) => shown.has(one.claim.site_id) && within(one, state),
      ),
    key: ({ claim }) => claim.control_id,
    choice: ({ claim }) => ({ kind: "site", id: claim.site_id }),
  },
};

/**
 * Rows of a kind that hold the words looked for, in the order asked for.
 * @param {Kind} kind
 * @param {Context} context
 * @param {Set<string>} shown ids of the sites in view
 * @param {{sort: string, find: string}} asked
 * @returns {any[]}
 */
export function select(kind, context, shown, { sort, find }) {
  const wanted = fold(find).split(/\s+/).filter(Boolean);
  const rows = kind.rows(context, shown).filter((row) => {
    if (!wanted.length) return true;
    const held = fold(textOf(kind, row, context));
    return wanted.every((word) => held.includes(word));
  });
  const { column, down } = ordering(kind, sort);
  const compare = new Intl.Collator(language(), { numeric: true }).compare;
  const valued = rows.map((row) => ({ row, value: column.value(row, context), key: kind.key(row) }));
  valued.sort((a, b) => {
    if (a.value === null || b.value === null) {
      return Number(a.value === null) - Number(b.value === null) || compare(a.key, b.key);
    }
    const order =
      typeof a.value === "number" && typeof b.value === "number"
        ? a.value - b.value
        : compare(String(a.value), String(b.value));
    return (down ? -order : order) || compare(a.key, b.key);
  });
  return valued.map(({ row }) => row);
}

/** @param {Kind} kind @param {string} sort @returns {{column: Column, down: boolean}} */
export function ordering(kind, sort) {
  const given = kind.columns.find(({ id }) => id === sort.replace(/^-/, ""));
  const used = given ? sort : kind.sort;
  const column = given ?? kind.columns.find(({ id }) => id === used.replace(/^-/, ""));
  return { column: /** @type {Column} */ (column), down: used.startsWith("-") };
}

/** @param {Kind} kind @param {any} row @param {Context} context */
const textOf = (kind, row, context) =>
  [...kind.columns.map(({ value }) => value(row, context)), ...(row.names_other ?? [])]
    .filter((value) => typeof value === "string")
    .join(" ");

/** Accents, tones and case make no difference. @param {string} text */
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** @param {Claim} site @param {import("./words.js").Words} words */
function stateWords(site, words) {
  const state = capital(words.activity(site.activity));
  const marks = [
    site.contested ? t("table.contested") : null,
    site.disputed ? t("table.disputed") : null,
  ].filter(Boolean);
  return marks.length ? `${state} (${marks.join(", ")})` : state;
}

/** @param {string | null} iso */
function day(iso) {
  const known = parseDay(iso);
  return known === null ? null : longDate(known);
}

/** @param {Column} column @param {any} row @param {Context} context */
export function cellOf(column, row, context) {
  if (column.cell) return column.cell(row, context);
  const value = column.value(row, context);
  return typeof value === "number" ? number(value) : value;
}
