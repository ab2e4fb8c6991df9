/** The public API, asked as any outsider may ask it. */

/**
 * @typedef {{type: "Feature", id: string, geometry: any, properties: Record<string, any>}} Feature
 * @typedef {import("./days.js").Day} Day
 */

import { isoDay } from "./days.js";

const KEPT_DAYS = 400;

export class Api {
  /** @param {{layers_root: string, static_root: string}} config */
  constructor(config) {
    this.layers = config.layers_root;
    this.static = config.static_root;
    /** @type {Map<Day, Feature[]>} answers by day, the last used last */
    this.days = new Map();
    /** @type {Map<Day, Promise<Feature[]>>} */
    this.asked = new Map();
  }

  /** @returns {Promise<Feature[]>} */
  reports() {
    return this.#features(`${this.layers}/reports.geojson`);
  }

  /** @returns {Promise<Feature[]>} */
  displacement() {
    return this.#features(`${this.layers}/displacement.geojson`);
  }

  /** @param {string} name @returns {Promise<Feature[]>} */
  basemap(name) {
    return this.#features(`${this.static}/basemap/${name}.geojson`);
  }

  /** @param {Day} day @returns {Feature[] | undefined} the answer, if it is here already */
  knownHotspots(day) {
    return this.days.get(day);
  }

  /**
   * The state of the sites on a day, asked once.
   * @param {Day} day
   * @param {AbortSignal} [signal]
   * @returns {Promise<Feature[]>}
   */
  async hotspots(day, signal) {
    const known = this.days.get(day);
    if (known) return known;
    const asked = this.asked.get(day);
    if (asked && !signal) return asked;
    const answer = this.#features(
      `${this.layers}/hotspots.geojson?datetime=${isoDay(day)}`,
      signal,
    );
    this.asked.set(day, answer);
    try {
      const features = await answer;
      this.days.set(day, features);
      if (this.days.size > KEPT_DAYS) this.days.delete(this.days.keys().next().value);
      return features;
    } finally {
      if (this.asked.get(day) === answer) this.asked.delete(day);
    }
  }

  /** @param {string} url @param {AbortSignal} [signal] @returns {Promise<Feature[]>} */
  async #features(url, signal) {
    const response = await fetch(url, { signal, headers: { accept: "application/geo+json" } });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return (await response.json()).features;
  }
}
