/**
 * What each choice would leave: sites at the date shown, reports in the window. One pass over the
 * reports, one over the sites, one over the claims of control.
 */

import { FAILS, OF_REPORTS } from "../filtering.js";
import { CREDIBILITIES, RELIABILITIES, regionKey } from "./state.js";

/**
 * @typedef {import("../filtering.js").Filter} Filter
 * @typedef {{sites: number, reports: number}} Count
 * @typedef {Map<string, Map<string, Count>>} Facets by name of the condition and its value
 */

const OF_SITE = /** @type {const} */ (["country", "region", "kind"]);
const OF_REPORT = /** @type {const} */ (["activity", "event", "source"]);
const GRADES = /** @type {const} */ (["credibility", "reliability"]);

/** Whether nothing fails but what this bit stands for. @param {number} fails @param {number} bit */
const onlyFor = (fails, bit) => (fails & ~bit) === 0;

/** Counts by condition and value, each with a number of its own: a slot. */
class Tally {
  /** @param {import("./claimindex.js").ClaimIndex} index */
  constructor(index) {
    /** @type {Map<string, Map<string, number>>} */
    this.slots = new Map();
    /** @type {Record<keyof Count, number[]>} */
    this.counts = { sites: [], reports: [] };
    // These first: of each of their values it is kept which sites were met.
    this.event = this.of("event", index.event.values);
    this.source = this.of("source", index.source.values);
    this.credibility = this.of("credibility", CREDIBILITIES.map(String));
    this.reliability = this.of("reliability", RELIABILITIES);
    this.publishers = this.slot("publishers", "2");
    this.siteCount = index.site.values.length;
    /** 0: not met; n + 1: only by publisher n; -1: counted */
    this.met = new Int32Array(this.counts.sites.length * this.siteCount);
    this.activity = this.of("activity", index.activity.values);
    this.country = this.of("country", index.country.values);
    this.region = this.of("region", index.region.values);
    this.kind = this.of("kind", index.kind.values);
  }

  /** @param {string} list @param {readonly string[]} values @returns {number[]} slots by code */
  of(list, values) {
    return values.map((value) => this.slot(list, value));
  }

  /** @param {string} list @param {string} value */
  slot(list, value) {
    let values = this.slots.get(list);
    if (!values) this.slots.set(list, (values = new Map()));
    const known = values.get(value);
    if (known !== undefined) return known;
    values.set(value, this.counts.sites.length);
    this.counts.reports.push(0);
    return this.counts.sites.push(0) - 1;
  }

  /**
   * Count a site once, or as soon as a second publisher is met.
   * @param {number} slot @param {number} site @param {number} publisher @param {boolean} two
   */
  meet(slot, site, publisher, two) {
    const at = slot * this.siteCount + site;
    const before = this.met[at];
    if (before === -1) return;
    if (two && (before === 0 || before === publisher + 1)) {
      this.met[at] = publisher + 1;
      return;
    }
    this.met[at] = -1;
    this.counts.sites[slot] += 1;
  }

  /** @returns {Facets} */
  facets() {
    const { sites, reports } = this.counts;
    const facets = new Map();
    for (const [list, values] of this.slots) {
      const counts = [...values]
        .filter(([value]) => value !== "")
        .map(([value, slot]) => [value, { sites: sites[slot], reports: reports[slot] }]);
      facets.set(list, new Map(/** @type {any} */ (counts)));
    }
    return facets;
  }
}

/**
 * @param {Filter} filter one that may ask nothing
 * @param {Iterable<Record<string, any>>} sites states of all sites on the last day of the window
 * @param {import("../filtering.js").Window} window
 * @returns {Facets}
 */
export function countFacets(filter, sites, window) {
  const tally = new Tally(filter.index);
  const failsOfSites = new Map();
  for (const site of sites) {
    failsOfSites.set(site.site_id, countSite(filter, site, window, tally));
  }
  countReports(filter, window, tally, failsOfSites);
  countControl(filter, window, tally, failsOfSites);
  return tally.facets();
}

/** @param {Filter} filter @param {Record<string, any>} site @param {import("../filtering.js").Window} window @param {Tally} tally */
function countSite(filter, site, window, tally) {
  const fails = filter.failsOfSite(site, window);
  const values = {
    country: site.country,
    region: regionKey(site.country, site.admin1),
    kind: site.kind,
    activity: site.activity,
  };
  for (const [list, value] of Object.entries(values)) {
    if (value && onlyFor(fails, FAILS[list])) tally.counts.sites[tally.slot(list, value)] += 1;
  }
  return fails;
}

/** @param {Filter} filter @param {import("../filtering.js").Window} window @param {Tally} tally @param {Map<string, number>} failsOfSites */
function countReports(filter, window, tally, failsOfSites) {
  const { index, failsOfReports } = filter;
  const { ofReport, ofSite, from, to } = index;
  const looksAt = filter.looksAt(window);
  const two = Boolean(filter.filters.publishers);
  const siteFails = index.site.values.map((id) => failsOfSites.get(id) ?? ~0);
  const { reports: corroborated } = index.corroborated;
  const counts = tally.counts.reports;
  for (let at = 0; at < failsOfReports.length; at++) {
    const fails = failsOfReports[at];
    const site = ofReport.site[at];
    if (from[at] <= window.to && to[at] >= window.from) {
      for (const list of OF_SITE) {
        if (onlyFor(fails, FAILS[list])) counts[tally[list][ofSite[list][site]]] += 1;
      }
      for (const list of OF_REPORT) {
        if (onlyFor(fails, FAILS[list])) counts[tally[list][ofReport[list][at]]] += 1;
      }
      for (const grade of GRADES) {
        if (!onlyFor(fails, FAILS[grade])) continue;
        const slots = tally[grade];
        for (let step = ofReport[grade][at] - 1; step < slots.length; step++)
          counts[slots[step]] += 1;
      }
      if (corroborated[at] && onlyFor(fails, FAILS.publishers)) counts[tally.publishers] += 1;
    }
    // For sites: what their reports must be, and whether all else of the site is met.
    if (!looksAt(at) || siteFails[site] & ~FAILS.support) continue;
    const publisher = ofReport.publisher[at];
    const own = fails & OF_REPORTS;
    for (const list of /** @type {const} */ (["event", "source"])) {
      if (onlyFor(own, FAILS[list]))
        tally.meet(tally[list][ofReport[list][at]], site, publisher, two);
    }
    for (const grade of GRADES) {
      if (!onlyFor(own, FAILS[grade])) continue;
      const slots = tally[grade];
      for (let step = ofReport[grade][at] - 1; step < slots.length; step++)
        tally.meet(slots[step], site, publisher, two);
    }
    if (own === 0) tally.meet(tally.publishers, site, publisher, true);
  }
}

/** @param {Filter} filter @param {import("../filtering.js").Window} window @param {Tally} tally @param {Map<string, number>} failsOfSites */
function countControl(filter, window, tally, failsOfSites) {
  const { index, failsOfReports, filters } = filter;
  /** @type {Map<number, number[]>} reports of the window that all but the actors leave, by site */
  const reportsOf = new Map();
  for (let at = 0; at < failsOfReports.length; at++) {
    if (index.from[at] > window.to || index.to[at] < window.from) continue;
    if (!onlyFor(failsOfReports[at], FAILS.actor)) continue;
    const site = index.ofReport.site[at];
    const others = reportsOf.get(site);
    if (others) others.push(at);
    else reportsOf.set(site, [at]);
  }
  const counted = { sites: new Set(), reports: new Set() };
  /** @param {keyof Count} what @param {number} slot @param {number} id @param {number} count of all ids */
  const once = (what, slot, id, count) => {
    const key = slot * count + id;
    if (counted[what].has(key)) return;
    counted[what].add(key);
    tally.counts[what][slot] += 1;
  };
  for (const { claim, from, to } of index.claims.control) {
    if (!filter.counts(claim)) continue;
    const slots = [];
    const meant = filter.meant(claim.actor_id);
    if (!filters.role || filters.role.includes(claim.role))
      slots.push(...meant.map((id) => tally.slot("actor", id)));
    if (!filters.actor || meant.some((id) => filters.actor?.includes(id)))
      slots.push(tally.slot("role", claim.role));
    if (!slots.length) continue;
    const site = index.site.of(claim.site_id);
    const fails = failsOfSites.get(claim.site_id) ?? ~0;
    const atDay = from <= window.to && to >= window.to && onlyFor(fails, FAILS.actor);
    for (const slot of slots) {
      if (atDay) once("sites", slot, site, index.site.values.length);
      for (const at of reportsOf.get(site) ?? []) {
        if (index.from[at] <= to && index.to[at] >= from)
          once("reports", slot, at, failsOfReports.length);
      }
    }
  }
}
