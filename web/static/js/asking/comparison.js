/** Two dates compared: what reports say of each site on the one and on the other. */

import { within } from "../records.js";

/**
 * @typedef {"appeared" | "resumed" | "gone" | "moved" | "unknown" | "same" | "neither"} Class
 *   `appeared`: reported running on the later date, and not reported at all by the earlier;
 *   `resumed`: reported running on the later date, and reported, but not as running, on the earlier;
 *   `gone`: reported running on the earlier date, reported reduced or closed on the later;
 *   `moved`: reported running on the earlier date, not on the later, and a move away is reported;
 *   `unknown`: reported running on the earlier date, not known on the later;
 *   `same`: reported running on both; `neither`: reported running on neither
 * @typedef {Record<string, any>} Site properties of `hotspots`
 * @typedef {object} Compared
 * @property {Site} site on the later date where it is known then
 * @property {Site | undefined} before on the earlier date
 * @property {Site | undefined} after on the later date
 * @property {Class} kind
 * @property {import("../flows.js").Flow[]} away moves from here that may have been in between
 */

/** The classes that tell of a difference, as they are listed. */
export const CHANGES = /** @type {const} */ (["appeared", "resumed", "gone", "moved", "unknown"]);
export const CLASSES = /** @type {const} */ ([...CHANGES, "same", "neither"]);

/** @param {Site | undefined} site */
const runs = (site) => site?.activity === "active" || site?.activity === "expanding";

/** @param {Site | undefined} site */
const isReported = (site) => Boolean(site?.reports_count);

/**
 * The window of the other date: as long as the one shown, so that neither date has more claims for it.
 * @param {{from: number, to: number}} shown
 * @param {number} day
 */
export const windowTo = ({ from, to }, day) => ({ from: day - (to - from), to: day });

/**
 * @param {Iterable<Site>} before states on the earlier date
 * @param {Iterable<Site>} after states on the later date
 * @param {import("../flows.js").Flow[]} flows
 * @param {{from: number, to: number}} between the two dates
 * @returns {Map<string, Compared>} by site
 */
export function compareSites(before, after, flows, between) {
  const earlier = new Map([...before].map((site) => [site.site_id, site]));
  const later = new Map([...after].map((site) => [site.site_id, site]));
  const since = { from: between.from + 1, to: between.to };
  const moves = flows.filter((flow) => within(flow, since));
  const awayOf = Map.groupBy(moves, ({ claim }) => claim.from_site_id);
  const compared = new Map();
  for (const id of new Set([...later.keys(), ...earlier.keys()])) {
    const pair = { before: earlier.get(id), after: later.get(id) };
    const site = pair.after ?? /** @type {Site} */ (pair.before);
    if (site.place_role === "context") continue;
    const away = awayOf.get(id) ?? [];
    compared.set(id, { ...pair, site, away, kind: classOf(pair.before, pair.after, away) });
  }
  return compared;
}

/** @param {Site | undefined} before @param {Site | undefined} after @param {unknown[]} away @returns {Class} */
function classOf(before, after, away) {
  if (runs(before)) {
    if (runs(after)) return "same";
    if (away.length) return "moved";
    return after && after.activity !== "unknown" ? "gone" : "unknown";
  }
  if (!runs(after)) return "neither";
  return isReported(before) ? "resumed" : "appeared";
}
