/** What the filters leave: of reports, of moves, of the sites at a day. */

import { gradeOf, lineOf, textOf } from "./asking/claimindex.js";
import { fold } from "./asking/fold.js";
import { regionKey } from "./asking/state.js";

/**
 * @typedef {import("./asking/claimindex.js").ClaimIndex} ClaimIndex
 * @typedef {import("./asking/state.js").Filters} Filters
 * @typedef {{from: number, to: number}} Window
 */

/** One bit for each condition; a claim is left where none of them fails. */
export const FAILS = {
  country: 1,
  region: 2,
  kind: 4,
  activity: 8,
  event: 16,
  source: 32,
  credibility: 64,
  reliability: 128,
  text: 256,
  publishers: 512,
  actor: 1024,
  support: 2048,
};
/** Conditions that the reports of a site must meet together for the site to be left. */
export const OF_REPORTS =
  FAILS.event | FAILS.source | FAILS.credibility | FAILS.reliability | FAILS.text;

/** A move is an event of these kinds; where its cause is given, of that kind too. */
const MOVES = ["relocation-in", "relocation-out"];
/** Kinds of event by the cause of a move. */
export const EVENT_OF_CAUSE = new Map([
  ["raid", "raid"],
  ["armed-conflict", "conflict"],
  ["infrastructure-cut", "infrastructure-cut"],
  ["sanctions", "sanction"],
  ["release", "release"],
]);

export class Filter {
  /**
   * @param {ClaimIndex} index
   * @param {Filters} filters
   * @param {string} q
   * @param {ReadonlySet<string> | null} [matching] ids of the reports that hold the words, where
   *   their texts are not here
   */
  constructor(index, filters, q, matching = null) {
    this.index = index;
    this.filters = filters;
    this.matching = matching;
    this.words = fold(q).split(" ").filter(Boolean);
    /** Who knows which sites have the reports wanted, where these are not here. */
    this.served = index.claims.served;
    const { country, region, kind, activity, event, source } = filters;
    this.chosen = { country, region, kind, activity, event, source };
    this.sets = Object.fromEntries(
      Object.entries(this.chosen).map(([list, values]) => [list, values && new Set(values)]),
    );
    this.credibility = filters.credibility ?? 6;
    this.reliability = filters.reliability ? gradeOf(filters.reliability) : 6;
    /** @type {Map<string, Window[]> | null} by site: when a claim gives a chosen actor its role */
    this.held = this.#held();
    this.failsOfReports = this.#reports();
    this.failsOfFlows = index.claims.flows.map((flow, at) => this.#flow(flow, at));
    this.reports = index.claims.reports.filter((_, at) => this.failsOfReports[at] === 0);
    this.flows = index.claims.flows.filter((_, at) => this.failsOfFlows[at] === 0);
    /** @type {Set<import("./flows.js").Flow> | undefined} */
    this.left = undefined;
    /** Whether a site is judged by its reports too. */
    this.needsReports =
      this.words.length > 0 ||
      Boolean(event || source || filters.credibility || filters.reliability) ||
      Boolean(filters.publishers || filters.window);
    /** @type {{key: string, marks: Uint8Array}} */
    this.supported = { key: "", marks: new Uint8Array(0) };
  }

  /** @param {import("./records.js").Report} report */
  report(report) {
    const at = this.index.numberOf(report);
    return at !== undefined && this.failsOfReports[at] === 0;
  }

  /** @param {import("./flows.js").Flow} flow */
  flow(flow) {
    this.left ??= new Set(this.flows);
    return this.left.has(flow);
  }

  /** @param {Record<string, any>} site its state at the end of the window @param {Window} window */
  site(site, window) {
    return this.failsOfSite(site, window) === 0;
  }

  /** @param {Record<string, any>} site @param {Window} window @returns {number} bits of `FAILS` */
  failsOfSite(site, window) {
    const { sets } = this;
    let fails = 0;
    if (sets.country && !sets.country.has(site.country)) fails |= FAILS.country;
    if (sets.region && !sets.region.has(regionKey(site.country, site.admin1)))
      fails |= FAILS.region;
    if (sets.kind && !sets.kind.has(site.kind)) fails |= FAILS.kind;
    if (sets.activity && !sets.activity.has(site.activity)) fails |= FAILS.activity;
    if (this.held && !covers(this.held.get(site.site_id), window.to, window.to))
      fails |= FAILS.actor;
    if (this.needsReports && this.served) {
      const { supported } = this.served; // null: the answer is not here yet
      if (supported && !supported.has(site.site_id)) fails |= FAILS.support;
    } else if (this.needsReports) {
      const number = this.index.site.numbers.get(site.site_id);
      if (number === undefined || !this.#supported(window)[number]) fails |= FAILS.support;
    }
    return fails;
  }

  /**
   * Which reports speak of a site: those known by the date shown, or those of the window.
   * @param {Window} window
   * @returns {(at: number) => boolean}
   */
  looksAt({ from, to }) {
    const { index, filters } = this;
    return filters.window
      ? (at) => index.from[at] <= to && index.to[at] >= from
      : (at) => index.from[at] <= to;
  }

  /** Which sites have the reports that they need, by number. @param {Window} window */
  #supported(window) {
    const key = this.filters.window ? `${window.from} ${window.to}` : `${window.to}`;
    if (this.supported.key === key) return this.supported.marks;
    const { ofReport, site } = this.index;
    const looksAt = this.looksAt(window);
    const marks = new Uint8Array(site.values.length);
    const publishers = new Int32Array(site.values.length).fill(-1);
    for (let at = 0; at < this.failsOfReports.length; at++) {
      if (this.failsOfReports[at] & OF_REPORTS || !looksAt(at)) continue;
      const number = ofReport.site[at];
      if (!this.filters.publishers) marks[number] = 1;
      else if (publishers[number] < 0) publishers[number] = ofReport.publisher[at];
      else if (publishers[number] !== ofReport.publisher[at]) marks[number] = 1;
    }
    this.supported = { key, marks };
    return marks;
  }

  #held() {
    const { actor, role } = this.filters;
    if (!actor && !role) return null;
    /** @type {Map<string, Window[]>} */
    const held = new Map();
    for (const { claim, from, to } of this.index.claims.control) {
      if (actor && !this.meant(claim.actor_id).some((id) => actor.includes(id))) continue;
      if (role && !role.includes(claim.role)) continue;
      if (!this.counts(claim)) continue;
      const others = held.get(claim.site_id);
      if (others) others.push({ from, to });
      else held.set(claim.site_id, [{ from, to }]);
    }
    return held;
  }

  /** @param {string} actor @returns {string[]} the actors of which one must be chosen for it */
  meant(actor) {
    return this.filters.members ? lineOf(this.index.claims.actors, actor) : [actor];
  }

  /** @param {Record<string, any>} claim of control: whether its grades and source are asked for */
  counts(claim) {
    return (
      Number(claim.credibility) <= this.credibility &&
      gradeOf(claim.reliability) <= this.reliability &&
      (this.sets.source?.has(claim.source_kind) ?? true)
    );
  }

  #reports() {
    const { index, chosen, words, held } = this;
    const { ofReport, ofSite, from, to } = index;
    const count = index.claims.reports.length;
    const fails = new Uint16Array(count);
    for (const list of /** @type {const} */ (["country", "region", "kind"])) {
      if (!chosen[list]) continue;
      const marks = index[list].marked(chosen[list]);
      for (let at = 0; at < count; at++) {
        if (!marks[ofSite[list][ofReport.site[at]]]) fails[at] |= FAILS[list];
      }
    }
    for (const list of /** @type {const} */ (["activity", "event", "source"])) {
      if (!chosen[list]) continue;
      const marks = index[list].marked(chosen[list]);
      for (let at = 0; at < count; at++) {
        if (!marks[ofReport[list][at]]) fails[at] |= FAILS[list];
      }
    }
    for (const grade of /** @type {const} */ (["credibility", "reliability"])) {
      for (let at = 0; at < count; at++) {
        if (ofReport[grade][at] > this[grade]) fails[at] |= FAILS[grade];
      }
    }
    for (let at = 0; words.length && at < count; at++) {
      if (!this.#holdsWords(at)) fails[at] |= FAILS.text;
    }
    if (this.filters.publishers) {
      const { reports } = index.corroborated;
      for (let at = 0; at < count; at++) if (!reports[at]) fails[at] |= FAILS.publishers;
    }
    if (held) {
      const heldAt = index.site.values.map((id) => held.get(id));
      for (let at = 0; at < count; at++) {
        if (!covers(heldAt[ofReport.site[at]], from[at], to[at])) fails[at] |= FAILS.actor;
      }
    }
    return fails;
  }

  /** @param {number} at a report */
  #holdsWords(at) {
    const { index, matching, words } = this;
    if (matching) return matching.has(index.claims.reports[at].claim.report_id);
    const text = index.text(at);
    return words.every((word) => text.includes(word));
  }

  /**
   * A move is at both its ends; what it cannot say, such as an activity, it does not meet.
   * @param {import("./flows.js").Flow} flow
   * @param {number} at
   */
  #flow({ claim, from, to }, at) {
    const { sets, index, words } = this;
    const ends = [claim.from_site_id, claim.to_site_id].filter(Boolean);
    const numbers = ends.map((id) => /** @type {number} */ (index.site.numbers.get(id)));
    let fails = 0;
    for (const list of /** @type {const} */ (["country", "region", "kind"])) {
      const set = sets[list];
      if (set && !numbers.some((number) => set.has(index[list].values[index.ofSite[list][number]])))
        fails |= FAILS[list];
    }
    if (sets.activity) fails |= FAILS.activity;
    if (sets.event && !eventsOf(claim).some((event) => sets.event.has(event))) fails |= FAILS.event;
    if (sets.source && !sets.source.has(claim.source_kind)) fails |= FAILS.source;
    if (Number(claim.credibility) > this.credibility) fails |= FAILS.credibility;
    if (gradeOf(claim.reliability) > this.reliability) fails |= FAILS.reliability;
    const text = words.length ? textOf(claim) : "";
    if (!words.every((word) => text.includes(word))) fails |= FAILS.text;
    if (this.filters.publishers && !index.corroborated.flows[at]) fails |= FAILS.publishers;
    const { held } = this;
    if (held && !ends.some((id) => covers(held.get(id), from, to))) fails |= FAILS.actor;
    return fails;
  }
}

/** @param {Record<string, any>} flow @returns {string[]} */
const eventsOf = ({ cause }) => [...MOVES, EVENT_OF_CAUSE.get(cause) ?? ""];

/** @param {Window[] | undefined} periods @param {number} from @param {number} to */
const covers = (periods, from, to) =>
  periods?.some((period) => period.from <= to && period.to >= from) ?? false;
