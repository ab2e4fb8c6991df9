/**
 * The state of every site on any day, out of the document that the server makes of all days at once
 * (`/map/timelines.json`, docs/map-data.md). Nothing of the rules is here: between two of its days only
 * ages change, and a last day that was not over at the first of them.
 */

import { isoDay } from "./days.js";

/**
 * @typedef {import("./days.js").Day} Day
 * @typedef {import("./api.js").Feature} Feature
 * @typedef {import("./records.js").Records} Records
 * @typedef {object} TimelinesDocument
 * @property {string[]} activities
 * @property {Record<string, any>[]} sites what is the same on every day, and the point
 * @property {string[]} reports ids, named below by their place
 * @property {string[]} control ids, named below by their place
 * @property {Record<string, any[]> | {site: number[], day: number[]}} stretches columns, by site and day
 */

/** What a claim of control brings to a state; the rest of it belongs to its own layer. */
const HOLDING = [
  "control_id",
  "actor_id",
  "actor_name",
  "actor_kind",
  "role",
  "valid",
  "held_on",
  "possible_from",
  "possible_to",
  "certain_from",
  "certain_to",
  "note",
  "source_id",
  "source_title",
  "source_publisher",
  "source_published",
  "source_url",
  "reliability",
  "locator",
  "credibility",
];
const EVIDENCE = [
  "report_id",
  "occurred",
  "event_kind",
  "activity_after",
  "summary",
  "source_id",
  "source_title",
  "source_publisher",
  "source_published",
  "source_url",
  "reliability",
  "locator",
  "credibility",
];
/** @type {readonly never[]} */
const NONE = Object.freeze([]);

export class Timelines {
  /** @param {any} document a `TimelinesDocument` @param {Records} records where the claims are found */
  constructor(document, records) {
    this.records = records;
    const { activities, sites, reports, control, stretches } = document;
    this.activities = activities;
    this.reportIds = reports;
    this.controlIds = control;
    this.days = Int32Array.from(stretches?.day ?? []);
    /** The stretches of site `i` are those from `starts[i]` to before `starts[i + 1]`. */
    this.starts = startsOf(stretches?.site ?? [], sites.length);
    this.columns = stretches ?? {};
    this.sites = sites.map((/** @type {any} */ site) => ({
      ...site,
      geometry: site.point ? { type: "Point", coordinates: site.point } : null,
    }));
    this.numbers = new Map(sites.map((/** @type {any} */ site, at) => [site.site_id, at]));
    /** Where each site was found last: days are mostly asked for one after the other. */
    this.found = Int32Array.from(this.starts.subarray(0, sites.length));
    /** @type {Map<Day, string>} */
    this.texts = new Map();
  }

  /** @param {Day} day @returns {Feature[]} of the sites that are known on that day, by id */
  statesOn(day) {
    const features = [];
    const datetime = isoDay(day);
    for (let number = 0; number < this.sites.length; number++) {
      const at = this.#stretch(number, day);
      if (at < 0) continue;
      const site = this.sites[number];
      const properties = new SiteState(this, site, at, day, datetime);
      features.push({ type: "Feature", id: site.site_id, geometry: site.geometry, properties });
    }
    return /** @type {any} */ (features);
  }

  /** @param {number} number of a site @param {Day} day @returns {number} its stretch, -1 before the first */
  #stretch(number, day) {
    const { days, starts, found } = this;
    const [first, end] = [starts[number], starts[number + 1]];
    const last = found[number];
    if (last < end && days[last] <= day && (last + 1 === end || days[last + 1] > day)) return last;
    let [low, high] = [first, end];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (days[middle] <= day) low = middle + 1;
      else high = middle;
    }
    if (low === first) return -1;
    found[number] = low - 1;
    return low - 1;
  }

  /** @param {number | null} day @returns {string | null} */
  text(day) {
    if (day === null) return null;
    const known = this.texts.get(day);
    if (known) return known;
    const text = isoDay(day);
    this.texts.set(day, text);
    return text;
  }

  /** @param {number} at a stretch @returns {string | null} */
  activity(at, column = this.columns.activity) {
    const code = column[at];
    return code === null ? null : this.activities[code];
  }

  /** Reports on the area around a site, which has a timeline of its own. @param {string | null} id @param {Day} day */
  reportsOn(id, day) {
    const number = id === null ? undefined : this.numbers.get(id);
    if (number === undefined) return 0;
    const at = this.#stretch(number, day);
    return at < 0 ? 0 : this.columns.reports_count[at];
  }

  /** @param {number} at a stretch @param {Day} day @returns {readonly Record<string, any>[]} */
  control(at, day) {
    const told = this.columns.control[at];
    if (!told.length) return NONE;
    const items = [];
    for (let place = 0; place < told.length; place += 3) {
      const claim = this.records.controlById.get(this.controlIds[told[place]]);
      if (!claim) continue; // not fetched yet
      const said = told[place + 2] === null ? null : Math.min(told[place + 2], day);
      items.push({
        ...pick(claim, HOLDING),
        certainty: told[place + 1] ? "certain" : "possible",
        last_said: this.text(said),
        last_said_age_days: said === null ? null : day - said,
      });
    }
    return items;
  }

  /** @param {number} at a stretch @param {Day} day @returns {Record<string, any>[]} */
  evidence(at, day) {
    const told = this.columns.evidence[at];
    const decided = this.columns.last_known[at] !== null;
    const items = [];
    for (let place = 0; place < told.length; place += 2) {
      const claim = this.records.reportById.get(this.reportIds[told[place]]);
      if (!claim) continue;
      items.push({
        ...pick(claim, EVIDENCE),
        observed: this.text(Math.min(told[place + 1], day)),
        decides: decided && place === 0,
      });
    }
    return items;
  }
}

/** One site on one day: the properties of a feature of `hotspots`, and its point. */
class SiteState {
  #timelines;
  #at;
  #day;

  /**
   * @param {Timelines} timelines
   * @param {Record<string, any>} site
   * @param {number} at its stretch
   * @param {Day} day
   * @param {string} datetime
   */
  constructor(timelines, site, at, day, datetime) {
    const { columns } = timelines;
    this.#timelines = timelines;
    this.#at = at;
    this.#day = day;
    this.site_id = site.site_id;
    this.name = site.name;
    this.names_other = site.names_other;
    this.kind = site.kind;
    this.place_role = site.place_role;
    this.country = site.country;
    this.admin1 = site.admin1;
    this.admin2 = site.admin2;
    this.parent_site_id = site.parent_site_id;
    this.parent_name = site.parent_name;
    this.precision_m = site.precision_m;
    this.location_basis = site.location_basis;
    this.location_source_id = site.location_source_id;
    this.location_source_title = site.location_source_title;
    this.location_source_publisher = site.location_source_publisher;
    this.location_source_url = site.location_source_url;
    this.note = site.note;
    this.point = site.point;
    this.datetime = datetime;
    this.activity = timelines.activity(at);
    this.last_known_activity = timelines.activity(at, columns.last_known);
    const observed = columns.last_observed[at];
    const last = observed === null ? null : Math.min(observed, day);
    this.last_observed = timelines.text(last);
    this.age_days = last === null ? null : day - last;
    this.contested = columns.contested[at] === 1;
    this.disputed = columns.disputed[at] === 1;
    this.first_reported = timelines.text(columns.first_reported[at]);
    this.reports_count = columns.reports_count[at];
    this.sources_count = columns.sources_count[at];
    this.publishers_count = columns.publishers_count[at];
    this.parent_reports_count = timelines.reportsOn(site.parent_site_id, day);
    this.control = timelines.control(at, day);
  }

  /** The reports that the state rests on; put together when a panel asks for them. */
  get evidence() {
    return this.#timelines.evidence(this.#at, this.#day);
  }
}

/** @param {ArrayLike<number>} numbers of sites, rising @param {number} count @returns {Int32Array} */
function startsOf(numbers, count) {
  const starts = new Int32Array(count + 1);
  for (let at = 0; at < numbers.length; at++) starts[numbers[at] + 1] += 1;
  for (let number = 0; number < count; number++) starts[number + 1] += starts[number];
  return starts;
}

/** @param {Record<string, any>} claim @param {string[]} names */
const pick = (claim, names) => Object.fromEntries(names.map((name) => [name, claim[name]]));
