/** Reports and flows, fetched once and asked by window and by site. */

import { parseDay } from "./days.js";

/**
 * @typedef {import("./days.js").Day} Day
 * @typedef {object} Report
 * @property {Record<string, any>} claim properties of its feature
 * @property {Day} from first possible day, -Infinity where nothing limits it
 * @property {Day} to last possible day
 */

/**
 * @param {Record<string, any>} claim
 * @returns {{from: Day, to: Day}} what is not dated may have been at any time
 */
export function possibleDays(claim) {
  return {
    from: parseDay(claim.possible_from) ?? -Infinity,
    to: parseDay(claim.possible_to) ?? Infinity,
  };
}

/**
 * Whether a claim may hold on a day of the window (both ends belong to it).
 * @param {{from: Day, to: Day}} claim
 * @param {{from: Day, to: Day}} window
 */
export const within = (claim, window) => claim.from <= window.to && claim.to >= window.from;

export class Records {
  constructor() {
    /** @type {Report[]} the newest first */
    this.reports = [];
    /** @type {Map<string, Report[]>} by site, the newest first */
    this.bySite = new Map();
    /** @type {import("./flows.js").Flow[]} */
    this.flows = [];
  }

  /** @param {import("./api.js").Feature[]} features of `reports` */
  setReports(features) {
    this.reports = features.map(({ properties }) => ({
      claim: properties,
      ...possibleDays(properties),
    }));
    this.reports.sort(
      (a, b) => newest(b) - newest(a) || (a.claim.report_id < b.claim.report_id ? -1 : 1),
    );
    for (const report of this.reports) {
      const id = report.claim.site_id;
      const others = this.bySite.get(id);
      if (others) others.push(report);
      else this.bySite.set(id, [report]);
    }
  }

  /** @param {{from: Day, to: Day}} window */
  reportsIn(window) {
    return this.reports.filter((report) => within(report, window));
  }

  /** @param {{from: Day, to: Day}} window @returns {Map<string, number>} */
  countBySite(window) {
    const counts = new Map();
    for (const { claim } of this.reportsIn(window)) {
      counts.set(claim.site_id, (counts.get(claim.site_id) ?? 0) + 1);
    }
    return counts;
  }

  /** @param {{from: Day, to: Day}} window */
  flowsIn(window) {
    return this.flows.filter((flow) => within(flow, window));
  }

  /** @param {string} siteId */
  flowsOf(siteId) {
    return this.flows.filter(({ claim }) =>
      [claim.from_site_id, claim.to_site_id].includes(siteId),
    );
  }
}

/** @param {{from: Day, to: Day}} claim @returns {Day} by which claims are sorted: the later end, if known */
const newest = ({ from, to }) => (Number.isFinite(to) ? to : from);
