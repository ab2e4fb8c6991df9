/** Everything that stands on the base map: circles, arrows, names, symbols. */

import { addCanvas, pixelsPerMetre, toPixel } from "./canvaslayer.js";
import { distanceTo, drawArrow, layOut } from "./flows.js";
import { fan, gather, pointKey, span, toPlace } from "./gathering.js";
import { Labels } from "./labels.js";
import { placeBaseNames, placeRegions, placeSiteNames } from "./names.js";

/**
 * @typedef {import("./canvaslayer.js").Frame} Frame
 * @typedef {import("./gathering.js").Place} Place
 * @typedef {import("./gathering.js").Gathering} Gathering
 * @typedef {import("./flows.js").Arrow} Arrow
 * @typedef {{place: Place, x: number, y: number}} Spot
 * @typedef {object} Drawn what the last drawing holds, in pixels of its frame
 * @property {Frame} frame
 * @property {Gathering[]} gatherings
 * @property {Spot[]} fanned sites of the opened gathering
 * @property {Gathering | null} opened
 * @property {Arrow[]} arrows
 * @property {{place: Place, box: import("./labels.js").Box}[]} regions
 * @property {string[]} circles ids of the sites whose circle of precision is drawn
 * @typedef {{kind: "site" | "flow" | "place", id: string, gathering?: Gathering, flow?: import("./flows.js").Flow, place?: Place}} Hit
 */

/** From this zoom on a chosen site is always parted from those that it is gathered with. */
const FAN_ZOOM = 9;

export class Overlay {
  /**
   * @param {any} map the Leaflet map
   * @param {import("./symbols.js").Symbology} symbology
   */
  constructor(map, symbology) {
    this.symbology = symbology;
    /** @type {Place[]} */
    this.places = [];
    /** @type {Place[]} */
    this.regions = [];
    /** @type {Set<string>} */
    this.regionIds = new Set();
    /** @type {import("./flows.js").Flow[]} */
    this.flows = [];
    /** @type {import("./basemap.js").Name[]} */
    this.names = [];
    /** @type {Map<string, number>} reports of the window by site */
    this.reportsOf = new Map();
    /** @type {ReadonlySet<string>} */
    this.off = new Set();
    /** @type {import("./hash.js").Choice | null} */
    this.choice = null;
    /** @type {Hit | null} */
    this.hovered = null;
    /** @type {Drawn | null} */
    this.drawn = null;
    this.canvas = addCanvas(map, "atlas-overlay", 400, (context, frame) =>
      this.#draw(context, frame),
    );
  }

  /** @param {import("./api.js").Feature[]} features of `hotspots` */
  setSites(features) {
    const places = features
      .filter((feature) => feature.geometry)
      .map((feature) => toPlace(feature, this.symbology));
    this.regions = places.filter((place) => this.symbology.isRegion(place.site));
    this.places = places.filter((place) => !this.symbology.isRegion(place.site));
    for (const { id } of this.regions) this.regionIds.add(id);
    this.canvas.redraw();
  }

  /** @param {Partial<Pick<Overlay, "flows" | "names" | "off" | "choice" | "reportsOf" | "hovered">>} what */
  update(what) {
    Object.assign(this, what);
    this.canvas.redraw();
  }

  /** @param {CanvasRenderingContext2D} context @param {Frame} frame */
  #draw(context, frame) {
    const shown = this.places.filter(({ site }) =>
      site.place_role === "context" ? !this.off.has("context") : !this.off.has("sites"),
    );
    const gatherings = gather(shown, frame).filter(({ x, y }) => inside(frame, x, y, 60));
    const opened = this.#opened(gatherings, frame.zoom);
    const fanned = opened ? fan(opened) : [];
    const symbols = new Map();
    for (const gathering of gatherings) {
      for (const { id } of gathering.members) symbols.set(id, gathering);
    }
    for (const { place, x, y } of fanned) symbols.set(place.id, { x, y, reach: 10 });
    const flows = this.off.has("displacement") ? [] : this.flows;
    const arrows = flows.map((flow) => layOut(flow, frame, symbols, this.regionIds));
    /** @type {Drawn} */
    const drawn = { frame, gatherings, fanned, opened, arrows, regions: [], circles: [] };
    this.#circles(context, drawn, shown);
    this.#arrows(context, drawn);
    const labels = new Labels(context);
    for (const { x, y, reach } of gatherings) reserve(labels, x, y, reach);
    for (const { x, y } of fanned) reserve(labels, x, y, 10);
    const named = placeSiteNames(labels, drawn, this.choice);
    if (!this.off.has("regions")) {
      drawn.regions = placeRegions(labels, frame, this.regions, this.reportsOf);
    }
    placeBaseNames(context, labels, frame, this.names, {
      gatherings,
      named,
      regions: drawn.regions,
    });
    this.#symbols(context, drawn);
    this.#veil(context, drawn);
    labels.draw();
    if (opened) this.#gathering(context, opened);
    for (const { place, x, y } of fanned) this.#site(context, place, x, y);
    this.drawn = drawn;
  }

  /** @param {Gathering[]} gatherings @param {number} zoom @returns {Gathering | null} the one to be fanned out */
  #opened(gatherings, zoom) {
    if (this.choice?.kind !== "place" && this.choice?.kind !== "site") return null;
    const { id, kind } = this.choice;
    const found = gatherings.find(({ members }) => members.some((place) => place.id === id));
    if (!found || found.members.length === 1) return null;
    return kind === "place" || found.onePoint || zoom >= FAN_ZOOM ? found : null;
  }

  /** @param {CanvasRenderingContext2D} context @param {Drawn} drawn @param {Place[]} shown */
  #circles(context, drawn, shown) {
    const { frame } = drawn;
    const { circle_precision_m: limit, circle_zoom: zoom, ink } = this.symbology.symbols;
    const chosen = this.choice?.kind === "site" ? this.choice.id : null;
    const all = frame.zoom >= zoom && !this.off.has("circles");
    const circles = new Map();
    for (const place of shown) {
      const { precision_m: metres } = place.site;
      if (!metres || !(place.id === chosen || (all && metres <= limit))) continue;
      drawn.circles.push(place.id);
      // Sites with one point and one radius have one circle.
      const key = `${pointKey(place.unit)} ${metres}`;
      if (!circles.has(key) || place.id === chosen) circles.set(key, place);
    }
    for (const place of circles.values()) {
      const [x, y] = toPixel(frame, place.unit);
      const radius = place.site.precision_m * pixelsPerMetre(frame, latitude(place.unit));
      if (!inside(frame, x, y, radius)) continue;
      const isChosen = place.id === chosen;
      context.save();
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = `${ink}14`;
      if (isChosen) context.fill();
      context.setLineDash(isChosen ? [] : [2, 4]);
      context.strokeStyle = isChosen ? `${ink}b0` : `${ink}4d`;
      context.lineWidth = isChosen ? 1.4 : 1;
      context.stroke();
      context.restore();
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {Drawn} drawn */
  #arrows(context, { arrows, opened }) {
    const { colour, width_px: width } = this.symbology.symbols.flow;
    const { paper } = this.symbology.symbols;
    for (const arrow of arrows) {
      const { flow } = arrow;
      const style = this.symbology.flow.get(flow.claim.credibility) ?? this.symbology.flow.get(6);
      const emphasis = this.#emphasis(flow, opened);
      drawArrow(context, arrow, {
        colour,
        paper,
        width: emphasis > 1 ? width + 1.2 : width,
        opacity: emphasis > 1 ? 1 : style.opacity * emphasis,
        dash: style.dash,
      });
    }
  }

  /** @param {import("./flows.js").Flow} flow @param {Gathering | null} opened @returns {number} 2 strong, 1 as ever, less: faint */
  #emphasis({ id, claim }, opened) {
    if (this.hovered?.kind === "flow" && this.hovered.id === id) return 2;
    if (!this.choice) return 1;
    if (this.choice.id === id) return 2;
    if (this.choice.kind === "flow" && !this.flows.some((flow) => flow.id === this.choice?.id))
      return 1;
    const ends = [claim.from_site_id, claim.to_site_id];
    const touches =
      this.choice.kind === "place"
        ? opened?.members.some((place) => ends.includes(place.id))
        : ends.includes(this.choice.id);
    return touches ? 1 : 0.3;
  }

  /** @param {CanvasRenderingContext2D} context @param {Drawn} drawn */
  #symbols(context, { gatherings, opened }) {
    for (const gathering of [...gatherings].sort((a, b) => weight(a) - weight(b))) {
      if (gathering !== opened) this.#gathering(context, gathering);
    }
  }

  /** A veil over what lies below the fan, and its ribs. @param {CanvasRenderingContext2D} context @param {Drawn} drawn */
  #veil(context, { opened, fanned }) {
    if (!opened) return;
    context.save();
    context.beginPath();
    context.arc(opened.x, opened.y, span(opened, fanned), 0, 2 * Math.PI);
    context.fillStyle = `${this.symbology.symbols.paper}d0`;
    context.fill();
    context.strokeStyle = `${this.symbology.symbols.ink}70`;
    for (const { x, y } of fanned) {
      context.beginPath();
      context.moveTo(opened.x, opened.y);
      context.lineTo(x, y);
      context.stroke();
    }
    context.restore();
  }

  /** @param {CanvasRenderingContext2D} context @param {Gathering} gathering */
  #gathering(context, { id, members, x, y, reach }) {
    if (members.length === 1) {
      this.#site(context, members[0], x, y);
      return;
    }
    const looks = members.map((place) => place.look);
    this.symbology.drawGathered(context, x, y, looks);
    const chosen = this.choice && members.some((place) => place.id === this.choice?.id);
    if (chosen || this.hovered?.id === id) this.#highlight(context, x, y, reach + 2);
  }

  /** @param {CanvasRenderingContext2D} context @param {Place} place @param {number} x @param {number} y */
  #site(context, place, x, y) {
    this.symbology.draw(context, x, y, place.look);
    const chosen = this.choice?.kind === "site" && this.choice.id === place.id;
    if (chosen || this.hovered?.id === place.id) {
      this.#highlight(context, x, y, place.look.radius + (place.look.contested ? 8 : 5));
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius */
  #highlight(context, x, y, radius) {
    context.save();
    context.strokeStyle = "#0b57d0";
    context.lineWidth = 2.5;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
    context.restore();
  }

  /**
   * What lies under a point of the map.
   * @param {{x: number, y: number}} point pixels from the map's corner
   * @param {number} [slack] pixels that a finger or a mouse may miss by
   * @returns {Hit | null}
   */
  hit(point, slack = 4) {
    if (!this.drawn) return null;
    const { frame, gatherings, fanned, opened, arrows, regions } = this.drawn;
    const [x, y] = [point.x + frame.corner.x, point.y + frame.corner.y];
    const spot = nearestWithin(fanned, x, y, 10 + slack);
    if (spot) return { kind: "site", id: spot.place.id, place: spot.place };
    const gathering = nearestWithin(gatherings, x, y, 14 + slack);
    if (gathering && gathering.members.length > 1) {
      return { kind: "place", id: gathering.id, gathering };
    }
    if (gathering && gathering !== opened) {
      const [place] = gathering.members;
      return { kind: "site", id: place.id, place };
    }
    const region = regions.find(
      ({ box }) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom,
    );
    if (region) return { kind: "site", id: region.place.id, place: region.place };
    let nearest = null;
    let least = 4 + slack;
    for (const arrow of arrows) {
      const distance = distanceTo(arrow, x, y);
      if (distance < least) [nearest, least] = [arrow, distance];
    }
    return nearest && { kind: "flow", id: nearest.flow.id, flow: nearest.flow };
  }

  /** @param {string} id @returns {string[] | null} ids of the sites in one symbol with this one */
  gatheringOf(id) {
    const found = this.drawn?.gatherings.find(({ members }) =>
      members.some((place) => place.id === id),
    );
    return found ? found.members.map((place) => place.id) : null;
  }

  /** Ids of what the last drawing shows within the visible map. */
  snapshot() {
    const sites = {};
    const flows = [];
    const gathered = [];
    if (!this.drawn) return { sites, flows, gathered, regions: [], circles: [], fanned: [] };
    const { frame, gatherings, arrows, regions, circles, fanned } = this.drawn;
    for (const { x, y, members } of gatherings) {
      if (!visible(frame, x, y)) continue;
      for (const { id, site } of members) sites[id] = site.activity;
      if (members.length > 1) gathered.push(members.map(({ id }) => id));
    }
    for (const { flow, line } of arrows) {
      if (line.some(([x, y]) => visible(frame, x, y))) flows.push(flow.id);
    }
    return {
      sites,
      flows: flows.sort(),
      gathered,
      fanned: fanned.map(({ place }) => place.id),
      regions: regions.map(({ place }) => place.id),
      circles: [...circles].sort(),
    };
  }

  /** @param {string} id @returns {{x: number, y: number} | null} where it is drawn, from the map's corner */
  whereIs(id) {
    if (!this.drawn) return null;
    const { frame, gatherings, fanned, arrows } = this.drawn;
    const spot =
      fanned.find(({ place }) => place.id === id) ??
      gatherings.find(({ members }) => members.some((place) => place.id === id));
    const line = arrows.find(({ flow }) => flow.id === id)?.line;
    const middle = line?.[Math.floor(line.length / 2)];
    const at = spot ?? (middle && { x: middle[0], y: middle[1] });
    return at ? { x: at.x - frame.corner.x, y: at.y - frame.corner.y } : null;
  }
}

/** @param {Gathering} gathering what lies on top: many, then active, then the rest, then context */
function weight({ members }) {
  const [{ site }] = members;
  if (members.length > 1) return 3;
  if (site.place_role === "context") return 0;
  return ["active", "expanding"].includes(site.activity) ? 2 : 1;
}

/** @param {Labels} labels @param {number} x @param {number} y @param {number} radius */
function reserve(labels, x, y, radius) {
  labels.reserve({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
}

/** @param {Frame} frame @param {number} x @param {number} y @param {number} margin */
const inside = (frame, x, y, margin) =>
  x > -margin && y > -margin && x < frame.width + margin && y < frame.height + margin;

/** @param {Frame} frame @param {number} x @param {number} y */
const visible = ({ corner, visible: size }, x, y) =>
  x >= corner.x && y >= corner.y && x <= corner.x + size.x && y <= corner.y + size.y;

/** @template {{x: number, y: number}} T @param {T[]} spots @param {number} x @param {number} y @param {number} reach @returns {T | null} */
function nearestWithin(spots, x, y, reach) {
  let best = null;
  for (const spot of spots) {
    const distance = Math.hypot(spot.x - x, spot.y - y);
    if (distance < reach) [best, reach] = [spot, distance];
  }
  return best;
}

/** @param {readonly number[]} unit @returns {number} degrees */
const latitude = (unit) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * unit[1]))) * 180) / Math.PI;
