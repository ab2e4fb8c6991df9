/**
 * What the service counts where there are more reports than a browser holds (docs/map-data.md). It
 * is asked when the window rests; until it answers, the last answer stays.
 */

import { apiQuery } from "./asking/query.js";

/**
 * @typedef {import("./days.js").Day} Day
 * @typedef {import("./hash.js").State} State
 * @typedef {object} Histogram
 * @property {number} reports
 * @property {number} first_month months since year 0
 * @property {Record<string, number[]>} activity reports by month, by the activity that they leave
 * @property {Record<string, number[]>} event_kind the same by kind of event
 * @property {[Day | null, number][]} opens first possible days, and how many reports have them
 * @property {[Day | null, number][]} closes last possible days
 */

const REST_MS = 220;

export class Served {
  /**
   * @param {import("./api.js").Api} api
   * @param {{histogram: () => void, counts: () => void, failed: (error: Error) => void}} page
   */
  constructor(api, page) {
    this.api = api;
    this.page = page;
    /** @type {Histogram | null} of what the filters leave */
    this.histogram = null;
    /** @type {Histogram | null} of everything */
    this.everything = null;
    /** @type {Map<string, number>} reports in the window, by site */
    this.counts = new Map();
    /** @type {ReadonlySet<string> | null} sites that have the reports that the filters want */
    this.supported = null;
    /** @type {string[]} conditions that the counts leave out */
    this.unsaid = [];
    this.asked = { histogram: "", counts: "", supported: "" };
    this.open = 0;
  }

  /** Whether an answer is on its way. */
  get busy() {
    return this.open > 0 || this.waiting !== undefined;
  }

  /**
   * Ask for what the state wants, once it rests.
   * @param {State} state
   * @param {import("./filtering.js").Filter | null} filter
   */
  want(state, filter) {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => {
      this.waiting = undefined;
      this.#ask(state, filter?.needsReports ?? false);
    }, REST_MS);
  }

  /**
   * Fetch what of the state of a site only its panel tells.
   * @param {Record<string, any> | undefined} site
   * @param {Day | null} day
   * @returns {Promise<boolean>} whether more is known than before
   */
  async complete(site, day) {
    if (!site || day === null || site.evidence) return false;
    const { properties } = await this.api.site(site.site_id, day);
    Object.assign(site, properties);
    return true;
  }

  /** @param {State} state @param {boolean} needsReports */
  #ask(state, needsReports) {
    const { query, filter, unsaid } = apiQuery("reports", { ...state, ids: null });
    this.unsaid = unsaid;
    const said = filter ? `filter=${encodeURIComponent(filter)}` : "";
    const known = state.filters.window ? query : knownBy(query);
    this.#once("histogram", said, async () => {
      const told = await this.api.histogram(said);
      if (!said) this.everything = told;
      this.everything ??= await this.api.histogram("");
      return () => {
        this.histogram = told;
        this.page.histogram();
      };
    });
    this.#once("counts", query, async () => {
      const { sites } = await this.api.counts(query);
      return () => {
        this.counts = new Map(Object.entries(sites));
        this.page.counts();
      };
    });
    if (!needsReports) this.supported = null;
    this.#once("supported", needsReports ? known : "", async () => {
      const told = needsReports ? (await this.api.counts(known)).sites : null;
      return () => {
        this.supported = told && new Set(Object.keys(told));
        this.page.counts();
      };
    });
  }

  /**
   * @param {"histogram" | "counts" | "supported"} what
   * @param {string} query
   * @param {() => Promise<() => void>} ask gives what takes the answer up
   */
  async #once(what, query, ask) {
    const key = `?${query}`;
    if (this.asked[what] === key) return;
    this.asked[what] = key;
    this.open += 1;
    try {
      const take = await ask();
      if (this.asked[what] === key) take();
    } catch (error) {
      if (this.asked[what] === key) this.asked[what] = ""; // to be asked again
      this.page.failed(/** @type {Error} */ (error));
    } finally {
      this.open -= 1;
    }
  }
}

/** The reports that are known by the end of the window. @param {string} query */
const knownBy = (query) => query.replace(/datetime=[^/]*\//, "datetime=../");
