/** What is claimed: reports, flows and control by window and by site; actors and sources by id. */

import { parseDay } from "./days.js";

/**
 * @typedef {import("./days.js").Day} Day
 * @typedef {object} Dated
 * @property {Record<string, any>} claim properties of its feature
 * @property {Day} from first possible day, -Infinity where nothing limits it
 * @property {Day} to last possible day, Infinity where nothing limits it
 * @typedef {Dated} Report
 * @typedef {Dated} Control one claim that an actor has a role at a site
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
    /** @type {Map<string, Record<string, any>>} claims by id */
    this.reportById = new Map();
    /** @type {Set<string>} sites whose reports are being fetched */
    this.completing = new Set();
    /** @type {Map<string, Record<string, any>>} claims by id */
    this.controlById = new Map();
    /** @type {import("./flows.js").Flow[]} */
    this.flows = [];
    /** @type {Control[]} by id */
    this.control = [];
    /** @type {Map<string, Control[]>} by site */
    this.controlBySite = new Map();
    /** @type {Map<string, Record<string, any>>} properties by id */
    this.actors = new Map();
    /** @type {Map<string, Record<string, any>>} properties by id */
    this.sources = new Map();
    /** @type {ReturnType<typeof columnsOf> | null} of the reports that the filters leave */
    this.columns = null;
    /** @type {Windowed | null} */
    this.windowed = null;
    /** @type {import("./filtering.js").Filter | null} what is left out; null: nothing */
    this.filter = null;
    /** @type {import("./served.js").Served | null} who counts reports where they are too many */
    this.served = null;
  }

  /** @param {import("./filtering.js").Filter | null} filter made from these claims */
  setFilter(filter) {
    this.filter = filter;
  }

  /** The reports that the filters leave, the newest first. */
  get shownReports() {
    return this.filter?.reports ?? this.reports;
  }

  /** The moves that the filters leave. */
  get shownFlows() {
    return this.filter?.flows ?? this.flows;
  }

  /** @param {Record<string, any>} site its state on the last day of the window @param {{from: Day, to: Day}} window */
  shows(site, window) {
    return this.filter?.site(site, window) ?? true;
  }

  /** @param {import("./api.js").Feature[]} features of `reports` */
  setReports(features) {
    this.reports = features.map(({ properties, days }) => ({
      claim: properties,
      ...(days ?? possibleDays(properties)),
    }));
    this.reports.sort(
      (a, b) => newest(b) - newest(a) || (a.claim.report_id < b.claim.report_id ? -1 : 1),
    );
    this.bySite = grouped(this.reports);
    this.reportById = byId(this.reports, "report_id");
  }

  /**
   * Fetch what is not known yet of the reports on a site; where there are very many reports, their
   * texts come with their site.
   * @param {string} siteId
   * @param {import("./api.js").Api} api
   * @returns {Promise<boolean>} whether more is known than before
   */
  async complete(siteId, api) {
    const known = this.bySite.get(siteId);
    const partial = known?.some(({ claim }) => claim.partial) ?? this.served !== null;
    if (!partial || this.completing.has(siteId)) return false;
    this.completing.add(siteId);
    try {
      const features = await api.reportsOf(siteId);
      if (!known) this.#add(siteId, features);
      for (const { properties } of features) {
        const claim = this.reportById.get(properties.report_id);
        if (claim) Object.assign(claim, properties, { partial: false });
      }
    } finally {
      this.completing.delete(siteId);
    }
    return true;
  }

  /** The reports on a site beside those that are here. @param {string} siteId @param {import("./api.js").Feature[]} features */
  #add(siteId, features) {
    const here = this.reports.map(({ claim }) => ({ properties: claim }));
    this.setReports(/** @type {any} */ ([...here, ...features]));
    if (!features.length) this.bySite.set(siteId, []);
  }

  /** @param {import("./api.js").Feature[]} features of `control` */
  setControl(features) {
    this.control = features.map(({ properties }) => ({
      claim: properties,
      ...possibleDays(properties),
    }));
    this.controlBySite = grouped(this.control);
    this.controlById = byId(this.control, "control_id");
  }

  /** @param {import("./api.js").Feature[]} features of `actors` */
  setActors(features) {
    this.actors = new Map(features.map(({ properties }) => [properties.actor_id, properties]));
  }

  /** @param {import("./api.js").Feature[]} features of `sources` */
  setSources(features) {
    this.sources = new Map(features.map(({ properties }) => [properties.source_id, properties]));
  }

  /** @param {string} siteId @returns {Control[]} */
  controlOf(siteId) {
    return this.controlBySite.get(siteId) ?? [];
  }

  /** @param {{from: Day, to: Day}} window @returns {Report[]} the newest first; not to be changed */
  reportsIn(window) {
    return this.#inWindow(window).reports;
  }

  /** @param {{from: Day, to: Day}} window @returns {Map<string, number>} not to be changed */
  countBySite(window) {
    if (this.served) return this.served.counts;
    return this.#inWindow(window).counts;
  }

  /**
   * What the window leaves, worked out once for all parts of the page that ask in one frame.
   * @param {{from: Day, to: Day}} window
   */
  #inWindow({ from, to }) {
    const reports = this.shownReports;
    if (this.columns?.of !== reports) this.columns = columnsOf(reports);
    const known = this.windowed;
    if (known && known.from === from && known.to === to && known.columns === this.columns) return known;
    this.windowed = new Windowed(this.columns, from, to);
    return this.windowed;
  }

  /** How many reports the window leaves. @param {{from: Day, to: Day}} window */
  countIn(window) {
    if (!this.served) return this.reportsIn(window).length;
    let sum = 0;
    for (const count of this.served.counts.values()) sum += count;
    return sum;
  }

  /** @param {{from: Day, to: Day}} window */
  flowsIn(window) {
    return this.shownFlows.filter((flow) => within(flow, window));
  }

  /** @param {string} siteId */
  flowsOf(siteId) {
    return this.flows.filter(({ claim }) =>
      [claim.from_site_id, claim.to_site_id].includes(siteId),
    );
  }
}

/** The reports of a window; lists are made when they are asked for. */
class Windowed {
  /** @param {ReturnType<typeof columnsOf>} columns @param {Day} from @param {Day} to */
  constructor(columns, from, to) {
    this.columns = columns;
    this.from = from;
    this.to = to;
    /** @type {Report[] | null} */
    this.listed = null;
    /** @type {Map<string, number> | null} */
    this.counted = null;
  }

  get reports() {
    const { of, from, to } = this.columns;
    this.listed ??= of.filter((_, at) => from[at] <= this.to && to[at] >= this.from);
    return this.listed;
  }

  get counts() {
    if (this.counted) return this.counted;
    const { from, to, site, siteIds } = this.columns;
    const numbers = new Int32Array(siteIds.length);
    for (let at = 0; at < site.length; at++) {
      if (from[at] <= this.to && to[at] >= this.from) numbers[site[at]] += 1;
    }
    this.counted = new Map();
    for (let number = 0; number < numbers.length; number++) {
      if (numbers[number]) this.counted.set(siteIds[number], numbers[number]);
    }
    return this.counted;
  }
}

/** What a window is compared with, in arrays: a hundred thousand reports take less than a millisecond. */
/** @param {Report[]} of */
function columnsOf(of) {
  const siteIds = [...new Set(of.map(({ claim }) => claim.site_id))];
  const places = new Map(siteIds.map((id, place) => [id, place]));
  return {
    of,
    siteIds,
    from: Float64Array.from(of, (report) => report.from),
    to: Float64Array.from(of, (report) => report.to),
    site: Int32Array.from(of, ({ claim }) => /** @type {number} */ (places.get(claim.site_id))),
  };
}

/** @param {{from: Day, to: Day}} claim @returns {Day} by which claims are sorted: the later end, if known */
const newest = ({ from, to }) => (Number.isFinite(to) ? to : from);

/** @template {Dated} T @param {T[]} claims @returns {Map<string, T[]>} by site, in their order */
function grouped(claims) {
  const groups = new Map();
  for (const claim of claims) {
    const others = groups.get(claim.claim.site_id);
    if (others) others.push(claim);
    else groups.set(claim.claim.site_id, [claim]);
  }
  return groups;
}

/** @param {Dated[]} claims @param {string} key @returns {Map<string, Record<string, any>>} */
const byId = (claims, key) => new Map(claims.map(({ claim }) => [claim[key], claim]));
