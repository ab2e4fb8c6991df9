/** Where the arrows of a window begin and end on the map as it is drawn. */

import { layOut, reachesInto } from "./arrows.js";
import { toPixel } from "../canvaslayer.js";
import { bundle, levelAt } from "../flows.js";

/**
 * @typedef {import("../flows.js").Flow} Flow
 * @typedef {import("../flows.js").End} End
 * @typedef {Pick<import("../overlay.js").Drawn, "frame" | "gatherings" | "fanned">} Drawn
 */

/** An arrow stops this many pixels before a point without a symbol. */
const GAP = 6;

export class Router {
  /**
   * @param {import("./siteindex.js").SiteIndex} index
   * @param {import("../gathering.js").Gatherer} gatherer
   */
  constructor(index, gatherer) {
    this.index = index;
    this.gatherer = gatherer;
    /** @type {Map<string, number>} claims by site */
    this.claims = new Map();
  }

  /** @param {Flow[]} flows of the window */
  setFlows(flows) {
    this.claims = new Map();
    for (const { claim } of flows) {
      for (const id of [claim.from_site_id, claim.to_site_id]) {
        if (id) this.claims.set(id, (this.claims.get(id) ?? 0) + 1);
      }
    }
  }

  /**
   * @param {Flow[]} flows
   * @param {any} style `symbols.flow`
   * @param {Drawn} drawn
   * @returns {import("./arrows.js").Arrow[]} those that reach into the frame
   */
  route(flows, style, drawn) {
    if (!flows.length) return [];
    const { frame, gatherings, fanned } = drawn;
    const level = levelAt(frame.zoom, style);
    const at = {
      frame,
      symbols: new Map(gatherings.map((gathering) => [gathering.anchor, gathering])),
      spots: new Map(fanned.map((spot) => [spot.place.id, spot])),
      hubs: level === "region" ? this.#hubs() : null,
    };
    /** @type {Map<string, End>} */
    const ends = new Map();
    const endOf = (/** @type {string} */ site, /** @type {[number, number]} */ unit) => {
      let end = ends.get(site);
      if (!end) ends.set(site, (end = this.#end(site, unit, at)));
      return end;
    };
    const box = { left: 0, top: 0, right: frame.width, bottom: frame.height };
    return bundle(flows, level, endOf)
      .map(layOut)
      .filter((arrow) => reachesInto(arrow, box));
  }

  /** Of each region the site with the most claims, whose symbol stands for it. @returns {Map<string, string>} */
  #hubs() {
    const hubs = new Map();
    for (const id of this.claims.keys()) {
      const region = this.#regionOf(id);
      const hub = hubs.get(region);
      if (!hub || this.#weight(id) > this.#weight(hub)) hubs.set(region, id);
    }
    return hubs;
  }

  /** @param {string} id of a site @returns {number} claims; less than any for what has no symbol */
  #weight(id) {
    const claims = this.claims.get(id) ?? 0;
    return this.gatherer.anchor(id) < 0 ? -1 / claims : claims;
  }

  /** @param {string} id of a site, or of the region itself @returns {string} */
  #regionOf(id) {
    const place = this.index.place(id);
    if (!place) return id;
    const { country, admin1 } = place.site;
    return admin1 ? `${country}, ${admin1}` : id;
  }

  /**
   * @param {string} site
   * @param {[number, number]} unit
   * @param {object} at
   * @param {import("../canvaslayer.js").Frame} at.frame
   * @param {Map<number, import("../gathering.js").Gathering>} at.symbols
   * @param {Map<string, import("../overlay.js").Spot>} at.spots
   * @param {Map<string, string> | null} at.hubs
   * @returns {End}
   */
  #end(site, unit, { frame, symbols, spots, hubs }) {
    const region = hubs && this.#regionOf(site);
    const id = (region && hubs?.get(region)) || site;
    const place = this.index.place(id);
    const vague = this.index.regionIds.has(id);
    const named = this.index.place(site)?.site;
    const name = (region && !vague && named?.admin1) || named?.name || "";
    const spot = spots.get(id);
    if (spot) return { key: id, x: spot.x, y: spot.y, gap: 12, vague, name };
    const anchor = this.gatherer.anchor(id);
    if (anchor >= 0) {
      const [x, y] = this.gatherer.at(anchor, frame);
      const gap = (symbols.get(anchor)?.reach ?? 10) + 2;
      // Regions whose symbols are one have one bundle too.
      return { key: `@${anchor}`, x, y, gap, vague, name };
    }
    const [x, y] = toPixel(frame, place?.unit ?? unit);
    return { key: region ?? id, x, y, gap: GAP, vague, name };
  }
}
