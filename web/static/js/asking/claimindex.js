/** The claims as columns of small numbers, made once, so that a filter is a pass over arrays. */

import { foldText } from "./fold.js";
import { regionKey } from "./state.js";

/**
 * @typedef {import("../records.js").Report} Report
 * @typedef {import("../records.js").Control} Control
 * @typedef {import("../flows.js").Flow} Flow
 * @typedef {{reports: Report[], flows: Flow[], control: Control[], actors: Map<string, Record<string, any>>}} Claims
 */

/** Values numbered in the order in which they were met. */
export class Codes {
  constructor() {
    /** @type {string[]} */
    this.values = [];
    /** @type {Map<string, number>} */
    this.numbers = new Map();
  }

  /** @param {string} value @returns {number} */
  of(value) {
    const known = this.numbers.get(value);
    if (known !== undefined) return known;
    this.numbers.set(value, this.values.length);
    return this.values.push(value) - 1;
  }

  /** @param {readonly string[]} chosen @returns {Uint8Array} 1 at each number that is chosen */
  marked(chosen) {
    const marks = new Uint8Array(this.values.length);
    for (const value of chosen) {
      const number = this.numbers.get(value);
      if (number !== undefined) marks[number] = 1;
    }
    return marks;
  }
}

/** An agency's story counts once, whoever prints it. @param {string | null} publisher */
export const originOf = (publisher) =>
  (publisher ?? "").split(/ via | with wires/i)[0].trim().toLowerCase();

export class ClaimIndex {
  /** @param {Claims} claims the reports in the order in which they are listed */
  constructor(claims) {
    this.claims = claims;
    const { reports } = claims;
    this.country = new Codes();
    this.region = new Codes();
    this.kind = new Codes();
    this.activity = new Codes();
    this.event = new Codes();
    this.source = new Codes();
    this.actor = new Codes();
    this.role = new Codes();
    this.publisher = new Codes();
    this.site = new Codes();
    /** Codes of country, region and kind by the number of the site. */
    /** @type {Record<"country" | "region" | "kind", number[]>} */
    this.ofSite = { country: [], region: [], kind: [] };
    const count = reports.length;
    this.from = new Float64Array(count);
    this.to = new Float64Array(count);
    /** @type {Record<"site" | "activity" | "event" | "source" | "publisher" | "credibility" | "reliability", Int32Array>} */
    this.ofReport = {
      site: new Int32Array(count),
      activity: new Int32Array(count),
      event: new Int32Array(count),
      source: new Int32Array(count),
      publisher: new Int32Array(count),
      credibility: new Int32Array(count),
      reliability: new Int32Array(count),
    };
    for (let at = 0; at < count; at++) this.#report(at, reports[at]);
    for (const { claim } of claims.control) {
      this.#site(claim.site_id, claim.country, claim.admin1, claim.site_kind);
      this.actor.of(claim.actor_id);
      this.role.of(claim.role);
      this.source.of(claim.source_kind);
    }
    for (const { claim } of claims.flows) {
      this.source.of(claim.source_kind);
      for (const end of ["from", "to"]) {
        const id = claim[`${end}_site_id`];
        if (id) this.#site(id, claim[`${end}_country`], null, claim[`${end}_kind`]);
      }
    }
    /** @type {string[] | null} */
    this.texts = null;
    /** @type {Map<Report, number> | null} */
    this.numbers = null;
    /** @type {{reports: Uint8Array, flows: Uint8Array} | null} */
    this.twice = null;
  }

  /** @param {number} at @param {Report} report */
  #report(at, { claim, from, to }) {
    const { ofReport } = this;
    this.from[at] = from;
    this.to[at] = to;
    ofReport.site[at] = this.#site(claim.site_id, claim.country, claim.admin1, claim.site_kind);
    ofReport.activity[at] = this.activity.of(claim.activity_after);
    ofReport.event[at] = this.event.of(claim.event_kind);
    ofReport.source[at] = this.source.of(claim.source_kind);
    ofReport.publisher[at] = this.publisher.of(originOf(claim.source_publisher));
    ofReport.credibility[at] = Number(claim.credibility);
    ofReport.reliability[at] = gradeOf(claim.reliability);
  }

  /** @param {string} id @param {string} country @param {string | null} admin1 @param {string} kind */
  #site(id, country, admin1, kind) {
    const known = this.site.numbers.get(id);
    if (known !== undefined) return known;
    this.ofSite.country.push(this.country.of(country ?? ""));
    this.ofSite.region.push(this.region.of(regionKey(country, admin1)));
    this.ofSite.kind.push(this.kind.of(kind ?? ""));
    return this.site.of(id);
  }

  /** @param {Report} report @returns {number | undefined} its place in the columns */
  numberOf(report) {
    this.numbers ??= new Map(this.claims.reports.map((each, at) => [each, at]));
    return this.numbers.get(report);
  }

  /** @param {number} at @returns {string} what a report says and who says so, folded */
  text(at) {
    this.texts ??= [];
    return (this.texts[at] ??= textOf(this.claims.reports[at].claim));
  }

  /** Which reports and moves another publisher tells too. */
  get corroborated() {
    this.twice ??= {
      reports: told(this.claims.reports, ({ claim }) => `${claim.site_id} ${claim.event_kind}`),
      flows: told(this.claims.flows, ({ claim }) => `${claim.from_site_id} ${claim.to_site_id}`),
    };
    return this.twice;
  }
}

/**
 * An actor and those that it belongs to, the nearest first.
 * @param {Map<string, Record<string, any>>} actors
 * @param {string} id
 * @returns {string[]}
 */
export function lineOf(actors, id) {
  const line = [id];
  for (;;) {
    const parent = actors.get(line[line.length - 1])?.parent_actor_id;
    if (!parent || line.includes(parent)) return line;
    line.push(parent);
  }
}

/** @param {string} letter A to F @returns {number} 1 to 6 */
export const gradeOf = (letter) => "ABCDEF".indexOf(letter) + 1 || 6;

/** The properties of a claim in which words are looked for. */
export const TEXT_OF = {
  reports: ["summary", "site_name", "source_title", "source_publisher"],
  displacement: ["summary", "from_name", "to_name", "source_title", "source_publisher"],
};

/** @param {Record<string, any>} claim @returns {string} */
export function textOf(claim) {
  const names = claim.flow_id ? TEXT_OF.displacement : TEXT_OF.reports;
  return foldText(names.map((name) => claim[name] ?? "").join(" / "));
}

/**
 * Marks what two publishers tell: claims of one key whose possible days meet.
 * @template {{claim: Record<string, any>, from: number, to: number}} T
 * @param {T[]} claims
 * @param {(claim: T) => string} keyOf
 * @returns {Uint8Array} 1 where another publisher says the same
 */
function told(claims, keyOf) {
  const marks = new Uint8Array(claims.length);
  const groups = Map.groupBy(
    claims.map((claim, at) => ({ at, claim, origin: originOf(claim.claim.source_publisher) })),
    ({ claim }) => keyOf(claim),
  );
  for (const group of groups.values()) {
    group.sort((a, b) => a.claim.from - b.claim.from);
    for (let first = 0; first < group.length; first++) {
      const one = group[first];
      for (let second = first + 1; second < group.length; second++) {
        const other = group[second];
        if (other.claim.from > one.claim.to) break;
        if (other.origin !== one.origin) marks[one.at] = marks[other.at] = 1;
      }
    }
  }
  return marks;
}
