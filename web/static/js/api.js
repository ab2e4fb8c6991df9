/**
 * Where the data come from: the public API, asked as any outsider may ask it, or the page itself
 * where it is one self-contained file.
 */

/**
 * @typedef {{type: "Feature", id: string, geometry: any, properties: Record<string, any>, days?: {from: Day, to: Day}}} Feature
 *   days: those on which it is possible, where they are known as numbers
 * @typedef {import("./days.js").Day} Day
 * @typedef {import("./records.js").Records} Records
 * @typedef {object} Source answers with parsed JSON
 * @property {(name: string) => Promise<any>} layer a whole layer as GeoJSON
 * @property {(name: string) => Promise<any>} basemap a part of the offline base map as GeoJSON
 * @property {(name: string) => Promise<any>} document `timelines` or `reports` (docs/map-data.md)
 * @property {(layer: string, key: string, id: string) => Promise<any>} of features of a layer where a
 *   property has that value, as GeoJSON
 */

import { isoDay } from "./days.js";
import { fromColumns } from "./reportcolumns.js";
import { Timelines } from "./timelines.js";

/** Features of one site that are fetched when it is opened; no site has more reports. */
const MOST_OF_ONE = 10_000;
const ATTEMPTS = 200;
const DAYS_KEPT = 8;

export class Api {
  /** @param {{layers_root: string, static_root: string, api_root: string, map_root: string, self_contained?: boolean, reports?: string}} config */
  constructor(config) {
    /** @type {Source} */
    this.source = config.self_contained ? new EmbeddedSource() : new ServerSource(config);
    /** Whether the texts of reports are fetched with the site that they are of. */
    this.columns = config.reports === "columns";
    /** Whether the service counts reports, as there are more than a browser holds. */
    this.counted = config.reports === "counted";
    this.root = { api: config.api_root, map: config.map_root };
    /** @type {Map<Day, Promise<Feature[]>>} the last days that the service was asked for */
    this.days = new Map();
    /** @type {Promise<Timelines> | undefined} */
    this.made = undefined;
  }

  /** @returns {Promise<Feature[]>} where there are very many, without their texts */
  async reports() {
    if (this.counted) return []; // those of a site come with it
    if (this.columns) return fromColumns(await this.source.document("reports"));
    return this.#layer("reports");
  }

  /** @param {string} siteId @returns {Promise<Feature[]>} whole */
  async reportsOf(siteId) {
    return (await this.source.of("reports", "site_id", siteId)).features;
  }

  /** @returns {Promise<Feature[]>} */
  displacement() {
    return this.#layer("displacement");
  }

  /** @returns {Promise<Feature[]>} */
  control() {
    return this.#layer("control");
  }

  /** @returns {Promise<Feature[]>} */
  actors() {
    return this.#layer("actors");
  }

  /** @returns {Promise<Feature[]>} */
  sources() {
    return this.#layer("sources");
  }

  /** @param {string} name @returns {Promise<Feature[]>} */
  async basemap(name) {
    return (await this.source.basemap(name)).features;
  }

  /** The states of all sites on all days, fetched once. @param {Records} records @returns {Promise<Timelines>} */
  timelines(records) {
    this.made ??= this.source
      .document("timelines")
      .then((document) => new Timelines(document, records));
    return this.made;
  }

  /** @param {string} query @returns {Promise<import("./served.js").Histogram>} */
  histogram(query) {
    return asked(`${this.root.map}/histogram.json${query && "?"}${query}`);
  }

  /** Reports by site. @param {string} query @returns {Promise<{reports: number, sites: Record<string, number>}>} */
  counts(query) {
    return asked(`${this.root.map}/counts.json?${query}`);
  }

  /** A site with all that is said of it on a day. @param {string} id @param {Day} day @returns {Promise<Feature>} */
  site(id, day) {
    const item = `${this.root.api}/collections/hotspots/items/${encodeURIComponent(id)}`;
    return asked(`${item}?datetime=${isoDay(day)}&f=json`);
  }

  /** The states of a day, without what only a panel tells. @param {Day} day @returns {Promise<Feature[]>} */
  #statesOn(day) {
    const known = this.days.get(day);
    if (known) return known;
    const states = asked(`${this.root.map}/states.json?datetime=${isoDay(day)}`).then(fromRows);
    this.days.set(day, states);
    states.catch(() => this.days.delete(day));
    if (this.days.size > DAYS_KEPT) this.days.delete(this.days.keys().next().value ?? day);
    return states;
  }

  /** The state of the sites on a day. @param {Day} day @returns {Promise<Feature[]>} */
  async hotspots(day) {
    if (this.counted) return this.#statesOn(day);
    if (!this.made) throw new Error("the timelines have not been asked for");
    return (await this.made).statesOn(day);
  }

  /** @param {string} name @returns {Promise<Feature[]>} */
  async #layer(name) {
    return (await this.source.layer(name)).features;
  }
}

/** @param {{columns: string[], sites: any[][]}} document @returns {Feature[]} */
const fromRows = ({ columns, sites }) =>
  sites.map((row) => {
    const properties = Object.fromEntries(columns.map((name, at) => [name, row[at]]));
    const geometry = { type: "Point", coordinates: properties.point };
    return { type: "Feature", id: properties.site_id, geometry, properties };
  });

/** @implements {Source} */
class ServerSource {
  /** @param {{layers_root: string, static_root: string, api_root: string, map_root: string}} config */
  constructor(config) {
    this.config = config;
  }

  /** @param {string} name */
  layer(name) {
    return asked(`${this.config.layers_root}/${name}.geojson`);
  }

  /** @param {string} name */
  basemap(name) {
    return asked(`${this.config.static_root}/basemap/${name}.geojson`);
  }

  /** @param {string} name */
  document(name) {
    return asked(`${this.config.map_root}/${name}.json`);
  }

  /** @param {string} layer @param {string} key @param {string} id */
  of(layer, key, id) {
    const query = new URLSearchParams({ [key]: id, limit: String(MOST_OF_ONE), f: "json" });
    return asked(`${this.config.api_root}/collections/${layer}/items?${query}`);
  }
}

/**
 * Blocks of JSON in the page, each parsed when it is asked for.
 * @implements {Source}
 */
class EmbeddedSource {
  /** @param {string} name */
  async layer(name) {
    return embedded(`layer-${name}`);
  }

  /** @param {string} name */
  async basemap(name) {
    return embedded(`basemap-${name}`);
  }

  /** @param {string} name */
  async document(name) {
    return embedded(`map-${name}`);
  }

  /** @param {string} layer @param {string} key @param {string} id */
  async of(layer, key, id) {
    const { features } = embedded(`layer-${layer}`);
    return {
      features: features.filter((/** @type {Feature} */ { properties }) => properties[key] === id),
    };
  }
}

/** @param {string} name @returns {any} */
function embedded(name) {
  const block = document.getElementById(`data-${name}`);
  if (!block) throw new Error(`this file does not hold ${name}`);
  return JSON.parse(block.textContent ?? "");
}

/** What is still being made is asked for again when the server says. @param {string} url @returns {Promise<any>} */
async function asked(url) {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, {
      headers: { accept: "application/geo+json, application/json" },
    });
    const wait = Number(response.headers.get("retry-after"));
    if (response.status === 202 && wait && attempt < ATTEMPTS) {
      await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    } else if (response.ok) return response.json();
    else throw new Error(`${url} answered ${response.status}`);
  }
}
