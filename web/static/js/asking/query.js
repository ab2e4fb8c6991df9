/** The filters as a query to the public API, for downloads, tiles and whoever asks the API next. */

import { isoDay } from "../days.js";
import { EVENT_OF_CAUSE } from "../filtering.js";
import { TEXT_OF } from "./claimindex.js";
import { RELIABILITIES } from "./state.js";

/**
 * @typedef {import("./state.js").Filters} Filters
 * @typedef {"hotspots" | "reports" | "control" | "displacement" | "actors" | "sources"} Layer
 * @typedef {object} Asking
 * @property {Filters} filters
 * @property {string} q
 * @property {number} from first day of the window
 * @property {number} to last day of the window
 * @property {string[] | null} [ids] ids of what the filters leave, for what no property can say
 * @typedef {object} Query
 * @property {string} query the part of the address after `?`
 * @property {string} filter CQL2 text, empty where nothing is asked
 * @property {string[]} unsaid conditions that this layer cannot be asked; none: the answer is
 *   exactly what the map shows
 */

/** Servers and their like refuse addresses that are much longer. */
const LONGEST = 7_000;
const PAGE = 10_000;
const ID = {
  hotspots: "site_id",
  reports: "report_id",
  displacement: "flow_id",
  control: "control_id",
};

const quote = (/** @type {string} */ text) => `'${text.replaceAll("'", "''")}'`;
const oneOf = (/** @type {string} */ name, /** @type {readonly string[]} */ values) =>
  `${name} IN (${values.map(quote).join(",")})`;
const any = (/** @type {string[]} */ parts) =>
  parts.length > 1 ? `(${parts.join(" OR ")})` : parts[0];

/**
 * @param {Layer} layer
 * @param {Asking} asking
 * @returns {Query}
 */
export function apiQuery(layer, asking) {
  const { conditions, unsaid } = said(layer, asking);
  let filter = conditions.join(" AND ");
  let left = unsaid;
  const id = ID[layer];
  if (unsaid.length && asking.ids && id) {
    const exact = asking.ids.length ? oneOf(id, asking.ids) : `${id} = ''`;
    if (exact.length <= LONGEST) [filter, left] = [exact, []];
  }
  const parts = [];
  if (layer === "hotspots") parts.push(`datetime=${isoDay(asking.to)}`);
  else if (layer !== "actors" && layer !== "sources")
    parts.push(`datetime=${isoDay(asking.from)}/${isoDay(asking.to)}`);
  if (filter) parts.push(`filter=${encodeURIComponent(filter)}`);
  return { query: parts.join("&"), filter, unsaid: left };
}

/** @param {Layer} layer @param {Asking} asking @returns {{conditions: string[], unsaid: string[]}} */
function said(layer, { filters, q }) {
  const conditions = [];
  const unsaid = [];
  const saying = SAYING[layer] ?? {};
  for (const [name, value] of Object.entries(filters)) {
    const say = saying[name];
    if (say) conditions.push(say(value));
    // A place at which no site is wanted without its reports: only the map knows those.
    else if (!(name === "window" && layer !== "hotspots")) unsaid.push(name);
  }
  if (q && TEXT_OF[layer]) {
    conditions.push(...saysWords(layer, q));
    // Beyond Latin letters the server folds otherwise than the map.
    if (/[^\x20-\x7e]/.test(q)) unsaid.push("q");
  } else if (q) {
    unsaid.push("q");
  }
  return { conditions, unsaid };
}

/** @param {string} layer @param {string} q @returns {string[]} a condition for each word */
export const saysWords = (layer, q) =>
  q
    .split(" ")
    .filter(Boolean)
    .map((word) => any(TEXT_OF[layer].map((/** @type {string} */ name) => holds(name, word))));

/**
 * The reports that hold all words, asked of the server page by page.
 * @param {string} root of the API
 * @param {string} q
 * @returns {Promise<Set<string>>} their ids
 */
export async function reportsHolding(root, q) {
  const filter = encodeURIComponent(saysWords("reports", q).join(" AND "));
  const ids = new Set();
  /** @type {string | undefined} */
  let page = `${root}/collections/reports/items?f=json&limit=${PAGE}&properties=report_id`;
  page += `&filter=${filter}`;
  while (page) {
    const response = await fetch(page);
    if (!response.ok) throw new Error(`${page} answered ${response.status}`);
    const { features, links } = await response.json();
    for (const { id } of features) ids.add(id);
    const next = links.find((/** @type {any} */ { rel }) => rel === "next");
    const address = next && new URL(next.href);
    page = address && address.pathname + address.search; // of our own origin, whatever it calls itself
  }
  return ids;
}

/** @param {string} name @param {string} word */
function holds(name, word) {
  const pattern = quote(`%${word.replace(/[\\%_]/g, "\\$&")}%`);
  return `CASEI(ACCENTI(${name})) LIKE CASEI(ACCENTI(${pattern}))`;
}

/** @param {readonly string[]} keys "KH/Kandal" */
function inRegions(keys) {
  const parts = keys.map((key) => {
    const [country, ...admin1] = key.split("/");
    return `(country = ${quote(country)} AND admin1 = ${quote(admin1.join("/"))})`;
  });
  return any(parts);
}

const lists = (/** @type {Record<string, string>} */ names) =>
  Object.fromEntries(
    Object.entries(names).map(([list, name]) => [
      list,
      (/** @type {readonly string[]} */ values) => oneOf(name, values),
    ]),
  );

const GRADES = {
  credibility: (/** @type {number} */ least) => `credibility <= ${least}`,
  reliability: (/** @type {string} */ least) =>
    oneOf("reliability", RELIABILITIES.slice(0, RELIABILITIES.indexOf(least) + 1)),
  source: (/** @type {readonly string[]} */ kinds) => oneOf("source_kind", kinds),
};

/** @type {Record<string, Record<string, (value: any) => string>>} CQL2 by layer and condition */
const SAYING = {
  hotspots: {
    ...lists({ country: "country", kind: "kind", activity: "activity" }),
    region: inRegions,
  },
  reports: {
    ...lists({ country: "country", kind: "site_kind", activity: "activity_after" }),
    ...lists({ event: "event_kind" }),
    region: inRegions,
    ...GRADES,
  },
  control: {
    ...lists({ country: "country", kind: "site_kind", actor: "actor_id", role: "role" }),
    region: inRegions,
    ...GRADES,
  },
  displacement: {
    country: (countries) => any([oneOf("from_country", countries), oneOf("to_country", countries)]),
    kind: (kinds) => any([oneOf("from_kind", kinds), oneOf("to_kind", kinds)]),
    event: (/** @type {string[]} */ events) => {
      if (events.some((event) => event.startsWith("relocation-"))) return "flow_id <> ''";
      const causes = [...EVENT_OF_CAUSE].filter(([, event]) => events.includes(event));
      return causes.length
        ? oneOf(
            "cause",
            causes.map(([cause]) => cause),
          )
        : "flow_id = ''";
    },
    activity: () => "flow_id = ''",
    ...GRADES,
  },
};
