/**
 * Reported displacement: claims bundled into arrows. Far away a bundle joins two regions, nearer the
 * symbols that stand at its ends; close by every claim is an arrow of its own.
 */

import { mercator } from "./canvaslayer.js";

/**
 * @typedef {[number, number]} Point
 * @typedef {object} Flow
 * @property {string} id
 * @property {Record<string, any>} claim properties of its feature
 * @property {number} from first possible day
 * @property {number} to last possible day
 * @property {Point[]} ends Mercator: two, or the only one known
 * @typedef {object} End where a flow begins or ends, on the map as drawn
 * @property {string} key flows with the same keys lie on one another
 * @property {number} x pixels in the frame
 * @property {number} y
 * @property {number} gap pixels between this point and the line
 * @property {boolean} vague only the state or country is known
 * @property {string} name
 * @typedef {object} Bundle
 * @property {string} key
 * @property {Flow[]} flows the most credible first
 * @property {End | null} start null: not known
 * @property {End | null} end
 * @property {[Set<string>, Set<string>]} names of the places, or regions, at its ends
 * @property {number} rank among the bundles with the same ends, from 0
 * @property {boolean} parted whether each claim has its own arrow at this zoom
 */

/**
 * @param {import("./api.js").Feature[]} features
 * @param {(claim: Record<string, any>) => {from: number, to: number}} possible
 * @returns {Flow[]}
 */
export function toFlows(features, possible) {
  const flows = [];
  for (const { geometry, properties } of features) {
    if (!geometry) continue;
    const positions =
      geometry.type === "LineString" ? geometry.coordinates : [geometry.coordinates];
    const ends = [positions[0], positions.at(-1)].slice(0, positions.length).map(mercator);
    flows.push({ id: properties.flow_id, claim: properties, ...possible(properties), ends });
  }
  return flows;
}

/** How much of the claims an arrow stands for, by zoom. @param {number} zoom @param {any} style `symbols.flow` @returns {"region" | "symbol" | "claim"} */
export function levelAt(zoom, { region_zoom: region, claim_zoom: claim }) {
  if (zoom >= claim) return "claim";
  return zoom >= region ? "symbol" : "region";
}

/**
 * @param {Flow[]} flows
 * @param {"region" | "symbol" | "claim"} level
 * @param {(site: string, unit: Point) => End} endOf where a site's flows begin or end at this level
 * @returns {Bundle[]}
 */
export function bundle(flows, level, endOf) {
  /** @type {Map<string, Bundle>} */
  const bundles = new Map();
  const ranks = new Map();
  for (const flow of flows) {
    const { from_site_id: from, to_site_id: to } = flow.claim;
    const [first, last] = [flow.ends[0], /** @type {Point} */ (flow.ends.at(-1))];
    const start = from ? endOf(from, first) : null;
    const end = to ? endOf(to, last) : null;
    const route = `${start?.key ?? ""}>${end?.key ?? ""}`;
    const key = level === "claim" ? flow.id : route;
    const found = bundles.get(key);
    if (found) {
      found.flows.push(flow);
      if (start) found.names[0].add(start.name);
      if (end) found.names[1].add(end.name);
      continue;
    }
    // Stubs of one point spread like a fan, whichever way they lead.
    const lane = start && end ? route : `${start?.key ?? end?.key}?`;
    const rank = ranks.get(lane) ?? 0;
    ranks.set(lane, rank + 1);
    const names = /** @type {[Set<string>, Set<string>]} */ (
      [start, end].map((one) => new Set(one ? [one.name] : []))
    );
    bundles.set(key, { key, flows: [flow], start, end, names, rank, parted: level === "claim" });
  }
  for (const { flows: claims } of bundles.values()) {
    claims.sort((a, b) => a.claim.credibility - b.claim.credibility || (a.id < b.id ? -1 : 1));
  }
  return [...bundles.values()];
}
