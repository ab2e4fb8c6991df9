/**
 * All sites that were ever shown, by the points that they share: typed arrays that stay while the
 * states of the sites change from day to day.
 */

import { mercator } from "../canvaslayer.js";

/**
 * @typedef {object} Place one site to be drawn
 * @property {string} id
 * @property {number} slot
 * @property {readonly number[]} lonLat
 * @property {[number, number]} unit Mercator
 * @property {Record<string, any>} site properties of its feature
 * @property {import("../symbols.js").Look} look
 * @property {boolean} context shown for orientation only
 * @property {number} weight how well its name says where this is
 */

/** Two places share a point if they agree to this part of the world (about 4 m). */
const POINTS = 1e7;

/** @param {readonly number[]} unit @returns {number} */
export const pointKey = (unit) => Math.round(unit[0] * POINTS) * 1e8 + Math.round(unit[1] * POINTS);

export class SiteIndex {
  /** @param {import("../symbols.js").Symbology} symbology */
  constructor(symbology) {
    this.symbology = symbology;
    /** @type {Map<string, number>} */
    this.slots = new Map();
    /** @type {Place[]} by slot */
    this.places = [];
    /** @type {Place[]} sites of which no point can be shown, at the date */
    this.regions = [];
    /** @type {Set<string>} */
    this.regionIds = new Set();
    /** @type {Place[]} those known at the date */
    this.now = [];
    /** Rises whenever other sites are shown than before. */
    this.version = 0;
    this.looked = -1;
    /** @type {import("../api.js").Feature[]} the features that the places were made of, by slot */
    this.features = [];
    this.shown = new Uint8Array(0);
    this.#arrange();
  }

  /** @param {import("../api.js").Feature[]} features of `hotspots` */
  setSites(features) {
    const before = this.places.length;
    const relook = this.looked !== this.symbology.version;
    this.looked = this.symbology.version;
    /** @type {Place[]} */
    const [now, regions] = [[], []];
    for (const feature of features) {
      if (!feature.geometry) continue;
      const place = this.#place(feature, relook);
      if (this.regionIds.has(place.id)) regions.push(place);
      else now.push(place);
    }
    this.regions = regions;
    this.now = now;
    if (this.places.length > before || this.moved) this.#arrange();
  }

  /** Sites look different from before, though their states are the same. */
  relook() {
    this.looked = this.symbology.version;
    for (const place of this.places) place.look = this.symbology.look(place.site);
  }

  /** @param {import("../api.js").Feature} feature @param {boolean} relook @returns {Place} */
  #place(feature, relook) {
    const { properties: site, geometry } = feature;
    const slot = this.slots.get(site.site_id);
    if (slot === undefined) return this.#add(feature);
    const place = this.places[slot];
    if (this.features[slot] === feature && !relook) return place;
    this.features[slot] = feature;
    place.site = site;
    place.look = this.symbology.look(site);
    place.weight = weightOf(site);
    const [lon, lat] = geometry.coordinates;
    if (lon !== place.lonLat[0] || lat !== place.lonLat[1]) {
      place.lonLat = geometry.coordinates;
      place.unit = mercator(geometry.coordinates);
      this.moved = true;
    }
    return place;
  }

  /** @param {import("../api.js").Feature} feature @returns {Place} */
  #add(feature) {
    const { properties: site, geometry } = feature;
    const place = {
      id: site.site_id,
      slot: this.places.length,
      lonLat: geometry.coordinates,
      unit: mercator(geometry.coordinates),
      site,
      look: this.symbology.look(site),
      context: site.place_role === "context",
      weight: weightOf(site),
    };
    this.slots.set(place.id, place.slot);
    this.places.push(place);
    this.features.push(feature);
    if (this.symbology.isRegion(site)) this.regionIds.add(place.id);
    return place;
  }

  /** Put the places into points: the ones that most sites share first, then by id. */
  #arrange() {
    this.moved = false;
    /** @type {Map<number, Place[]>} */
    const points = new Map();
    for (const place of this.places) {
      if (this.regionIds.has(place.id)) continue;
      const key = pointKey(place.unit);
      const sharing = points.get(key);
      if (sharing) sharing.push(place);
      else points.set(key, [place]);
    }
    const stacks = [...points.values()];
    for (const stack of stacks) if (stack.length > 1) stack.sort(byId);
    stacks.sort((a, b) => b.length - a.length || byId(a[0], b[0]));
    /** @type {Place[][]} by point */
    this.stacks = stacks;
    this.x = Float64Array.from(stacks, ([place]) => place.unit[0]);
    this.y = Float64Array.from(stacks, ([place]) => place.unit[1]);
    this.counts = new Int32Array(stacks.length);
    this.pointOf = new Int32Array(this.places.length).fill(-1);
    stacks.forEach((stack, point) => {
      for (const { slot } of stack) this.pointOf[slot] = point;
    });
    this.shown = new Uint8Array(this.places.length);
    this.version += 1;
  }

  /** Say which of the places known at the date are shown. @param {(place: Place) => boolean} test */
  show(test) {
    const shown = new Uint8Array(this.places.length);
    for (const place of this.now) if (test(place)) shown[place.slot] = 1;
    let same = true;
    for (let slot = 0; same && slot < shown.length; slot++) same = shown[slot] === this.shown[slot];
    if (same) return;
    this.shown = shown;
    this.counts.fill(0);
    for (const { slot } of this.now) if (shown[slot]) this.counts[this.pointOf[slot]] += 1;
    this.version += 1;
  }

  /** @param {string} id @returns {Place | null} */
  place(id) {
    const slot = this.slots.get(id);
    return slot === undefined ? null : this.places[slot];
  }

  /** @param {string} id @returns {number} its point, -1 where the site is not shown */
  point(id) {
    const slot = this.slots.get(id);
    return slot === undefined || !this.shown[slot] ? -1 : this.pointOf[slot];
  }

  /** @param {number} point @returns {Place[]} the shown ones, by id */
  membersOf(point) {
    const stack = this.stacks[point];
    return this.counts[point] === stack.length
      ? stack
      : stack.filter(({ slot }) => this.shown[slot]);
  }
}

/** @param {Record<string, any>} site @returns {number} */
function weightOf({ place_role: role, kind, reports_count: reports }) {
  if (role === "context") return kind === "town" ? 1 : 0;
  return 2 + (kind === "town" || kind === "city" ? 100 : 0) + Math.min(90, reports);
}

/** @param {{id: string}} a @param {{id: string}} b */
const byId = (a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
