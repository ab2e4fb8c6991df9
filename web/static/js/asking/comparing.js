/** A comparison of two dates, kept in step with the page: its list and its marks on the map. */

import { CompareLayer } from "./comparelayer.js";
import { CompareSheet } from "./comparesheet.js";
import { CHANGES, compareSites } from "./comparison.js";

/**
 * @typedef {import("./comparison.js").Compared} Compared
 * @typedef {import("./comparison.js").Site} Site
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
    /** @type {Map<string, Compared>} */
    this.compared = new Map();
  }

  async update() {
    const { compare, to } = this.page.store.state;
    if (compare === null) {
      if (this.compared.size) this.#show(new Map());
      return;
    }
    const days = { from: Math.min(compare, to), to: Math.max(compare, to) };
    try {
      const [before, after] = await Promise.all([
        this.#statesOn(days.from),
        this.#statesOn(days.to),
      ]);
      const { state } = this.page.store;
      if (state.compare !== compare || state.to !== to) return;
      const { filter, shownFlows } = this.page.records;
      const ids = new Set();
      for (const [sites, day] of /** @type {[Site[], number][]} */ ([
        [before, days.from],
        [after, days.to],
      ])) {
        // A site is compared if the filters leave it on either date.
        const window = { from: Math.min(state.from, day), to: day };
        for (const site of sites) {
          if (!filter || filter.site(site, window)) ids.add(site.site_id);
        }
      }
      const left = (/** @type {Site[]} */ sites) => sites.filter(({ site_id: id }) => ids.has(id));
      this.#show(compareSites(left(before), left(after), shownFlows, days));
      this.sheet.render(this.compared, days);
    } catch (error) {
      this.page.failed(/** @type {Error} */ (error));
    }
  }

  /** @param {number} day @returns {Promise<Site[]>} */
  async #statesOn(day) {
    const features = await this.page.api.hotspots(day);
    return features.map(({ properties }) => properties);
  }

  /** @param {Map<string, Compared>} compared */
  #show(compared) {
    this.compared = compared;
    const changes = [...compared].filter(([, { kind }]) =>
      CHANGES.includes(/** @type {any} */ (kind)),
    );
    this.layer.show(new Map(changes.map(([id, { kind }]) => [id, kind])));
  }

  /** For tests and for whoever embeds the map. */
  snapshot() {
    return {
      compared: Object.fromEntries([...this.compared].map(([id, { kind }]) => [id, kind])),
      comparisonMarks: this.layer.marks,
    };
  }
}
