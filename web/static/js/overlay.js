/** Everything that stands on the base map: circles, arrows, names, symbols. */

import { drawArrow, drawNumbers, middle } from "./place/arrows.js";
import { addCanvas } from "./canvaslayer.js";
import { drawCircles } from "./place/circles.js";
import { FlowMotion } from "./place/flowmotion.js";
import { FAN_MOST, fan, Gatherer, span } from "./gathering.js";
import { hit, narrowed, seen, visible, whereIs } from "./place/hits.js";
import { Labels } from "./labels.js";
import { placeBaseNames, placeSiteNames, styleOf } from "./names.js";
import { drawSoftAreas, placeRegions } from "./place/regions.js";
import { Router } from "./place/routes.js";
import { SiteIndex } from "./place/siteindex.js";
import { Sprites } from "./place/sprites.js";
import { Tally } from "./place/tally.js";

/**
 * @typedef {import("./canvaslayer.js").Frame} Frame
 * @typedef {import("./place/siteindex.js").Place} Place
 * @typedef {import("./gathering.js").Gathering} Gathering
 * @typedef {import("./place/arrows.js").Arrow} Arrow
 * @typedef {import("./place/hits.js").Hit} Hit
 * @typedef {{place: Place, x: number, y: number}} Spot
 * @typedef {object} Drawn what the last drawing holds, in pixels of its frame
 * @property {Frame} frame
 * @property {Gathering[]} gatherings
 * @property {Spot[]} fanned sites of the opened gathering
 * @property {Gathering | null} opened
 * @property {Arrow[]} arrows
 * @property {import("./place/regions.js").Region[]} regions
 * @property {string[]} circles ids of the sites whose circle of precision is drawn
 */

/** From this zoom on a chosen site is always parted from those that it is gathered with. */
const FAN_ZOOM = 9;
/** A loop is too small for a wide line: its number says how many claims it stands for. */
const LOOP_PX = 2.6;
/** From so many arrows on each is drawn in one stroke. */
const MANY_ARROWS = 120;
/** Symbols this many pixels outside the canvas are drawn too: they may reach into it. */
const MARGIN = 60;

export class Overlay {
  /**
   * @param {any} map the Leaflet map
   * @param {import("./symbols.js").Symbology} symbology
   * @param {{pane?: string, still?: boolean}} [options] still: nothing runs along the arrows
   */
  constructor(map, symbology, { pane = "atlas-overlay", still = false } = {}) {
    this.symbology = symbology;
    this.index = new SiteIndex(symbology);
    this.gatherer = new Gatherer(this.index);
    this.router = new Router(this.index, this.gatherer);
    this.sprites = new Sprites(symbology);
    this.tally = new Tally(symbology);
    /** @type {import("./flows.js").Flow[]} those of the window */
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
    /** @type {import("./labels.js").Box | null} of the legend, from the map's corner */
    this.cover = null;
    /** @type {import("./place/hits.js").Part | null} of the map that names keep to; null: all */
    this.part = null;
    /** @type {Drawn | null} */
    this.drawn = null;
    /** @type {Overlay | null} draws another date, with what is not of a date as here */
    this.twin = null;
    this.canvas = addCanvas(map, pane, 400, (context, frame) => this.#draw(context, frame));
    const shown = () => ({
      arrows: this.drawn?.arrows ?? [],
      colour: symbology.symbols.flow.colour,
      paper: symbology.symbols.paper,
    });
    this.motion = still ? null : new FlowMotion(map, shown);
    document.addEventListener("schemechange", () => this.relook());
  }

  /** @param {import("./api.js").Feature[]} features of `hotspots` */
  setSites(features) {
    this.index.setSites(features);
    this.#show();
    this.canvas.redraw();
  }

  /** @param {Partial<Pick<Overlay, "flows" | "names" | "off" | "choice" | "reportsOf" | "hovered" | "cover" | "part">>} what */
  update(what) {
    Object.assign(this, what);
    if (what.flows) this.router.setFlows(what.flows);
    if (what.off || (what.reportsOf && this.off.has("quiet"))) this.#show();
    this.canvas.redraw();
    const { flows: _flows, reportsOf: _reports, hovered: _hovered, part: _part, ...shared } = what;
    if (this.twin && Object.keys(shared).length) this.twin.update(shared);
  }

  /** Sites look different from before, though nothing else is said of them. */
  relook() {
    this.index.relook();
    this.canvas.redraw();
    this.twin?.relook();
  }

  /** @param {boolean} playing whether time runs: then dots run along the arrows */
  play(playing) {
    this.motion?.play(playing);
  }

  #show() {
    const { off, reportsOf } = this;
    const [sites, context, quiet] = ["sites", "context", "quiet"].map((layer) => !off.has(layer));
    this.index.show((place) =>
      place.context ? context : sites && (quiet || reportsOf.has(place.id)),
    );
  }

  /** @param {CanvasRenderingContext2D} context @param {Frame} frame */
  #draw(context, frame) {
    const { symbols } = this.symbology;
    this.gatherer.gather(frame.zoom, frame.scale);
    const gatherings = this.gatherer.inFrame(frame, MARGIN);
    const opened = this.#opened(gatherings, frame.zoom);
    const fanned = opened && opened.members.length <= FAN_MOST ? fan(opened) : [];
    const arrows = this.off.has("displacement")
      ? []
      : this.router.route(this.flows, symbols.flow, { frame, gatherings, fanned });
    /** @type {Drawn} */
    const drawn = { frame, gatherings, fanned, opened, arrows, regions: [], circles: [] };
    if (!this.off.has("regions")) {
      const { region } = symbols.labels;
      drawSoftAreas(context, frame, this.index.regions, this.reportsOf, region);
    }
    drawn.circles = drawCircles(context, frame, this.#circled(gatherings), symbols, {
      chosen: this.choice?.kind === "site" ? this.choice.id : null,
      all: !this.off.has("circles"),
    });
    this.#arrows(context, drawn);
    const labels = new Labels(context);
    this.#reserve(labels, drawn);
    this.#names(context, labels, drawn);
    this.#symbols(context, drawn);
    this.#veil(context, drawn);
    labels.draw();
    if (opened) this.#gathering(context, opened);
    for (const { place, x, y } of fanned) this.#site(context, place, x, y);
    this.drawn = drawn;
    this.tally.count(drawn, frame);
  }

  /** @param {Gathering[]} gatherings @param {number} zoom @returns {Gathering | null} the one to be fanned out */
  #opened(gatherings, zoom) {
    if (this.choice?.kind !== "place" && this.choice?.kind !== "site") return null;
    const { id, kind } = this.choice;
    const anchor = this.gatherer.anchor(id);
    const found = gatherings.find((gathering) => gathering.anchor === anchor);
    if (!found || found.members.length === 1) return null;
    return kind === "place" || found.onePoint || zoom >= FAN_ZOOM ? found : null;
  }

  /** @param {Gathering[]} gatherings @returns {Iterable<Place>} */
  *#circled(gatherings) {
    for (const { members } of gatherings) yield* members;
    const chosen = this.choice?.kind === "site" ? this.index.place(this.choice.id) : null;
    // Its circle may reach into a view that its point lies outside of.
    if (!chosen || this.index.regionIds.has(chosen.id) || !this.index.shown[chosen.slot]) return;
    const anchor = this.gatherer.anchor(chosen.id);
    if (!gatherings.some((gathering) => gathering.anchor === anchor)) yield chosen;
  }

  /** @param {CanvasRenderingContext2D} context @param {Drawn} drawn */
  #arrows(context, { arrows, opened }) {
    const { colour, width_px: width, widest_px: widest } = this.symbology.symbols.flow;
    const { paper } = this.symbology.symbols;
    for (const arrow of arrows) {
      const { flows } = arrow.bundle;
      const style = this.symbology.flow.get(flows[0].claim.credibility) ?? this.symbology.flow.get(6);
      const emphasis = Math.max(...flows.map((flow) => this.#emphasis(flow, opened)));
      const size = Math.min(arrow.loop ? LOOP_PX : widest, width * Math.sqrt(flows.length));
      const strong = emphasis > 1;
      const [wide, opacity] = strong ? [size + 1.2, 1] : [size, style.opacity * emphasis];
      const drawn = { colour, paper, width: wide, opacity, dash: style.dash };
      drawArrow(context, arrow, drawn, arrows.length > MANY_ARROWS);
    }
  }

  /** @param {import("./flows.js").Flow} flow @param {Gathering | null} opened @returns {number} 2 strong, 1 as ever, less: faint */
  #emphasis({ id, claim }, opened) {
    if (this.hovered?.bundle?.flows.some((flow) => flow.id === id)) return 2;
    const choice = this.choice;
    if (!choice || !["site", "flow", "place"].includes(choice.kind)) return 1;
    if (choice.id === id) return 2;
    if (choice.kind === "flow") return this.flows.some((flow) => flow.id === choice.id) ? 0.3 : 1;
    const ends = [claim.from_site_id, claim.to_site_id];
    const touches =
      choice.kind === "place"
        ? opened?.members.some((place) => ends.includes(place.id))
        : ends.includes(choice.id);
    return touches ? 1 : 0.3;
  }

  /** Keep names off symbols, numbers and the legend. @param {Labels} labels @param {Drawn} drawn */
  #reserve(labels, { frame, gatherings, fanned, arrows }) {
    for (const { x, y, reach } of gatherings) reserve(labels, x, y, reach);
    for (const { x, y } of fanned) reserve(labels, x, y, 10);
    for (const { bundle: { flows }, line } of arrows) {
      if (flows.length > 1) reserve(labels, ...middle(line), 9);
    }
    const cover = this.#cover(frame);
    if (cover) labels.reserve(cover);
    if (!this.part) return;
    const { corner, visible: size } = narrowed(frame, this.part);
    const all = { left: 0, right: frame.width, top: 0, bottom: frame.height };
    labels.reserve({ ...all, right: corner.x });
    labels.reserve({ ...all, left: corner.x + size.x });
  }

  /** @param {Frame} frame @returns {import("./labels.js").Box | null} of the legend, in the frame */
  #cover({ corner: { x, y } }) {
    if (!this.cover) return null;
    const { left, top, right, bottom } = this.cover;
    return { left: left + x, top: top + y, right: right + x, bottom: bottom + y };
  }

  /** @param {CanvasRenderingContext2D} context @param {Labels} labels @param {Drawn} drawn */
  #names(context, labels, drawn) {
    const { gatherings } = drawn;
    const frame = narrowed(drawn.frame, this.part);
    const { labels: colours } = this.symbology.symbols;
    const named = placeSiteNames(labels, drawn, this.choice, colours);
    if (!this.off.has("regions")) {
      drawn.regions = placeRegions(labels, frame, this.index.regions, {
        reportsOf: this.reportsOf,
        countries: countriesIn(gatherings, frame),
        middles: this.#middles(),
        cover: this.#cover(drawn.frame),
        style: styleOf("region", colours),
      });
    }
    const { regions } = drawn;
    placeBaseNames(context, labels, frame, this.names, { gatherings, named, regions, colours });
    drawNumbers(context, drawn.arrows, this.symbology.symbols);
  }

  #middles() {
    return new Map(
      this.names.filter(({ kind }) => kind === "country").map(({ code, unit }) => [code ?? "", unit]),
    );
  }

  /** @param {CanvasRenderingContext2D} context @param {Drawn} drawn */
  #symbols(context, { gatherings, opened }) {
    /** @type {Gathering[][]} what lies on top comes last */
    const heaps = [[], [], [], []];
    for (const gathering of gatherings) {
      if (gathering !== opened) heaps[weight(gathering)].push(gathering);
    }
    for (const heap of heaps) for (const gathering of heap) this.#gathering(context, gathering);
  }

  /** A veil over what lies below the fan, and its ribs. @param {CanvasRenderingContext2D} context @param {Drawn} drawn */
  #veil(context, { opened, fanned }) {
    if (!opened || !fanned.length) return;
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
  #gathering(context, { anchor, id, members, x, y, reach }) {
    if (members.length === 1) {
      this.#site(context, members[0], x, y);
      return;
    }
    const looks = members.map((place) => place.look);
    this.sprites.drawGathered(context, x, y, looks);
    const chosen = this.choice && this.gatherer.anchor(this.choice.id) === anchor;
    if (chosen || this.hovered?.id === id) this.#highlight(context, x, y, reach + 2);
  }

  /** @param {CanvasRenderingContext2D} context @param {Place} place @param {number} x @param {number} y */
  #site(context, place, x, y) {
    this.sprites.draw(context, x, y, place.look);
    const chosen = this.choice?.kind === "site" && this.choice.id === place.id;
    if (chosen || this.hovered?.id === place.id) {
      this.#highlight(context, x, y, place.look.radius + (place.look.contested ? 8 : 5));
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} radius */
  #highlight(context, x, y, radius) {
    context.save();
    context.strokeStyle = this.symbology.symbols.chosen;
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
    return this.drawn && hit(this.drawn, point, slack);
  }

  /** Ids of what the last drawing shows within the visible map. */
  snapshot() {
    return { ...seen(this.drawn), colouring: this.symbology.colouring, dots: this.motion?.dots ?? 0 };
  }

  /** @param {string} id @returns {{x: number, y: number} | null} where it is drawn, from the map's corner */
  whereIs(id) {
    return whereIs(this.drawn, id);
  }

  /** @param {string} id @returns {string[] | null} ids of the sites in one symbol with this one */
  gatheringOf(id) {
    const anchor = this.gatherer.anchor(id);
    if (anchor < 0 || !this.gatherer.points.length) return null;
    return this.gatherer.membersOf(anchor).map((place) => place.id);
  }
}

/** @param {Gathering} gathering what lies on top: many, then active, then the rest, then context */
function weight({ members }) {
  const [{ site, context }] = members;
  if (members.length > 1) return 3;
  if (context) return 0;
  return site.activity === "active" || site.activity === "expanding" ? 2 : 1;
}

/** @param {Gathering[]} gatherings @param {Frame} frame @returns {Set<string>} of which a site is in view */
function countriesIn(gatherings, frame) {
  const countries = new Set();
  for (const { members, x, y } of gatherings) {
    if (visible(frame, x, y)) countries.add(members[0].site.country);
  }
  return countries;
}

/** @param {Labels} labels @param {number} x @param {number} y @param {number} radius */
function reserve(labels, x, y, radius) {
  labels.reserve({ left: x - radius, right: x + radius, top: y - radius, bottom: y + radius });
}
