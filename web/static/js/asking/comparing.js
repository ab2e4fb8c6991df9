/** A comparison of two dates, kept in step with the page: its list and its marks on the map. */

import { CompareLayer } from "./comparelayer.js";
import { CompareSheet } from "./comparesheet.js";
import { CHANGES, compareSites, windowTo } from "./comparison.js";
import { apiQuery } from "./query.js";
import { Swipe } from "./swipe.js";

/**
 * @typedef {import("./comparison.js").Compared} Compared
 * @typedef {import("./comparison.js").Site} Site
 * @typedef {import("../api.js").Feature} Feature
 */

export class Comparing {
  /**
   * @param {import("./asking.js").Page} page
   * @param {HTMLElement} root
   * @param {(id: string) => void} choose open a site
   */
  constructor(page, root, choose) {
    this.page = page;
    this.sheet = new CompareSheet(root, { store: page.store, words: page.words, choose });
    this.layer = new CompareLayer(page.map, page.overlay);
    this.swipe = new Swipe(page);
    /** @type {Map<string, Compared>} */
    this.compared = new Map();
  }

  async update() {
    const { compare, to } = this.page.store.state;
    if (compare === null) {
      if (this.compared.size) this.#show(new Map());
      this.swipe.end();
      return;
    }
    const days = { from: Math.min(compare, to), to: Math.max(compare, to) };
    try {
      const { api, records, store } = this.page;
      const [other, shown] = await Promise.all([api.hotspots(compare), api.hotspots(to)]);
      const { state } = store;
      if (state.compare !== compare || state.to !== to) return;
      const ids = new Set();
      for (const [features, day] of /** @type {[Feature[], number][]} */ ([
        [other, compare],
        [shown, to],
      ])) {
        // A site is compared if the filters leave it on either date.
        const window = windowTo(state, day);
        for (const { properties: site } of features) {
          if (records.shows(site, window)) ids.add(site.site_id);
        }
      }
      const left = (/** @type {Feature[]} */ features) =>
        features.map(({ properties }) => properties).filter(({ site_id: id }) => ids.has(id));
      const [before, after] = compare < to ? [other, shown] : [shown, other];
      this.#show(compareSites(left(before), left(after), records.shownFlows, days));
      this.sheet.render(this.compared, days);
      await this.#swiped(other);
    } catch (error) {
      this.page.failed(/** @type {Error} */ (error));
    }
  }

  /** @param {Map<string, Compared>} compared */
  #show(compared) {
    this.compared = compared;
    const changes = [...compared].filter(([, { kind }]) =>
      CHANGES.includes(/** @type {any} */ (kind)),
    );
    this.layer.show(new Map(changes.map(([id, { kind }]) => [id, kind])));
  }

  /** @param {{from: number, to: number}} window @returns {Promise<Map<string, number>>} reports by site */
  async #countsIn(window) {
    const { api, records, store } = this.page;
    if (!records.served) return records.countBySite(window);
    const { query } = apiQuery("reports", { ...store.state, ...window, ids: null });
    return new Map(Object.entries((await api.counts(query)).sites));
  }

  /** @param {Feature[]} features of the other date */
  async #swiped(features) {
    const { records, store } = this.page;
    const { state } = store;
    if (state.compare === null || state.swipe === null) {
      this.swipe.end();
      return;
    }
    const window = windowTo(state, state.compare);
    const reportsOf = await this.#countsIn(window);
    const now = store.state;
    if (now.swipe === null || ["compare", "from", "to"].some((key) => now[key] !== state[key])) return;
    const chosen = state.choice?.kind === "site" ? state.choice.id : null;
    this.swipe.show({
      day: state.compare,
      features: features.filter(
        ({ properties: site }) => site.site_id === chosen || records.shows(site, window),
      ),
      flows: records.flowsIn(window),
      reportsOf,
      classes: this.layer.classes,
    });
  }

  /** What is drawn may have changed, or the divider. */
  follow() {
    this.layer.follow();
    this.swipe.follow();
  }

  /** For tests and for whoever embeds the map. */
  snapshot() {
    return {
      compared: Object.fromEntries([...this.compared].map(([id, { kind }]) => [id, kind])),
      comparisonMarks: this.layer.marks,
      swipe: this.swipe.snapshot(),
    };
  }
}
