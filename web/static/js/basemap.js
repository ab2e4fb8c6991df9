/** The offline base map: land and borders first, the rest when the browser has time. */

/* global L */

import { addCanvas, mercator, toPixel } from "./canvaslayer.js";

/**
 * @typedef {import("./canvaslayer.js").Frame} Frame
 * @typedef {object} Shape
 * @property {Path2D} path
 * @property {[number, number, number, number]} box
 * @property {number} rank of a river
 * @property {string} pair of countries whose border it is
 * @property {boolean} detailed whether `borders_detail` has it too
 * @typedef {object} Name
 * @property {[number, number]} unit Mercator
 * @property {string} name
 * @property {number} rank
 * @property {"place" | "admin1" | "country"} kind
 * @property {string} [code] of a country, ISO 3166-1 alpha-2
 */

/** The region that `data/basemap` holds: its north-west and south-east corners, CRS84. */
const REGION = [
  [88, 31],
  [128, -6],
];
/** Around it there is only coarse land, so that a wide screen shows no edge. */
const SURROUNDINGS = [
  [40, 60],
  [170, -35],
];
/** Zoom from which a river of a Natural Earth rank is drawn. */
const riverZoom = (/** @type {number} */ rank) => Math.min(rank - 1, 8);
/** Zoom from which the detailed borders stand in for the simple ones. */
const DETAIL_ZOOM = 8;
// Shapes are kept about this origin, in units of 2^-20 of the world: a Path2D holds 32-bit floats.
const ORIGIN = mercator([104, 14]);
const UNITS = 2 ** 20;

export class Basemap {
  /**
   * @param {any} map the Leaflet map
   * @param {import("./api.js").Api} api
   * @param {() => any} ground the map's colours and countries: `layers.symbology.ground()`
   * @param {() => void} onNames called when there are more names to place
   */
  constructor(map, api, ground, onNames) {
    this.api = api;
    this.ground = ground;
    this.onNames = onNames;
    /** @type {Map<string, Shape[]>} */
    this.layers = new Map();
    /** @type {Name[]} */
    this.names = ground().countries.map((/** @type {any} */ { code, lon, lat }) => ({
      unit: mercator([lon, lat]),
      name: code,
      rank: -1,
      kind: "country",
      code,
    }));
    this.neighbours = new Set(
      ground()
        .countries.filter((/** @type {any} */ item) => item.neighbour)
        .map((/** @type {any} */ item) => item.code),
    );
    /** Whether tiles of somebody else lie below: then land and sea are theirs. */
    this.overTiles = false;
    map.setMaxBounds(L.latLngBounds(REGION.map(([lon, lat]) => [lat, lon])).pad(0.4));
    this.canvas = addCanvas(map, "atlas-basemap", 250, (context, frame) =>
      this.#draw(context, frame),
    );
    const colour = () => (map.getContainer().style.backgroundColor = ground().basemap.beyond);
    colour();
    document.addEventListener("schemechange", () => {
      colour();
      this.canvas.redraw();
    });
    map.on("zoomend", () => this.#detail(map.getZoom()));
    this.ready = this.#load(map);
  }

  /** Leave land and sea to a layer of tiles below. @param {boolean} overTiles */
  setOverTiles(overTiles) {
    this.overTiles = overTiles;
    this.canvas.redraw();
  }

  /** @param {any} map */
  async #load(map) {
    await Promise.all([this.#lines("land"), this.#lines("borders")]);
    await Promise.all([
      this.#lines("rivers"),
      this.#lines("admin1"),
      this.#lines("moei"),
      this.#points("places", "place"),
      this.#points("admin1_labels", "admin1"),
    ]);
    this.#detail(map.getZoom());
  }

  /** @param {number} zoom */
  #detail(zoom) {
    if (zoom >= DETAIL_ZOOM - 1 && !this.layers.has("borders_detail")) {
      this.layers.set("borders_detail", []);
      this.#borders().catch((error) => console.warn(error));
    }
  }

  /** The detailed borders, and with them which of the simple ones they replace. */
  async #borders() {
    const pairs = new Set();
    for (const { properties } of await this.#lines("borders_detail")) pairs.add(pairOf(properties));
    for (const line of this.layers.get("borders") ?? []) line.detailed = pairs.has(line.pair);
    this.canvas.redraw();
  }

  /** @param {string} name */
  async #lines(name) {
    const features = await this.api.basemap(name);
    this.layers.set(name, features.flatMap(toShapes));
    this.canvas.redraw();
    return features;
  }

  /** @param {string} name @param {Name["kind"]} kind */
  async #points(name, kind) {
    const features = await this.api.basemap(name);
    for (const { geometry, properties } of features) {
      const { name: text, rank = 3, country } = properties;
      // Cities of the neighbours stand back behind those of the countries that the reports speak of.
      const place = rank + (this.neighbours.has(country) ? 1 : 0);
      this.names.push({ unit: mercator(geometry.coordinates), name: text, rank: place, kind });
    }
    this.names.sort((a, b) => a.rank - b.rank);
    this.onNames();
  }

  /** @param {CanvasRenderingContext2D} context @param {Frame} frame */
  #draw(context, frame) {
    const colours = this.ground().basemap;
    const detailed = frame.zoom >= DETAIL_ZOOM && this.layers.get("borders_detail")?.length;
    const pen = new Pen(context, frame);
    context.save();
    context.lineJoin = "round";
    if (!this.overTiles) this.#land(context, frame, pen, colours);
    if (detailed) pen.stroke(this.layers.get("borders_detail"), colours.border, 1.4);
    const rest = this.layers.get("borders")?.filter((line) => !detailed || !line.detailed);
    pen.stroke(rest, colours.border, frame.zoom < 6 ? 1 : 1.4);
    context.restore();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Frame} frame
   * @param {Pen} pen
   * @param {Record<string, string>} colours
   */
  #land(context, frame, pen, colours) {
    const corners = SURROUNDINGS.map((corner) => toPixel(frame, mercator(corner)));
    const [[west, north], [east, south]] = corners;
    context.fillStyle = colours.sea;
    context.fillRect(west, north, east - west, south - north);
    pen.fill(this.layers.get("land"), colours.land, colours.coast, 0.8);
    if (frame.zoom >= 5) pen.stroke(this.layers.get("admin1"), colours.region, 0.8, [3, 3]);
    const rivers = this.layers
      .get("rivers")
      ?.filter((river) => riverZoom(river.rank) <= frame.zoom);
    pen.stroke(rivers, colours.river, frame.zoom < 7 ? 0.9 : 1.4);
    // The river is the border here: it lies below the line.
    if (frame.zoom >= 7) pen.stroke(this.layers.get("moei"), colours.moei, 4);
  }
}

/** Draws the shapes that reach into the frame. */
class Pen {
  /** @param {CanvasRenderingContext2D} context @param {Frame} frame */
  constructor(context, frame) {
    this.context = context;
    this.size = frame.scale / UNITS;
    const [x, y] = toPixel(frame, ORIGIN);
    this.x = x;
    this.y = y;
    this.seen = [-this.x, -this.y, frame.width - this.x, frame.height - this.y].map(
      (pixel) => pixel / this.size,
    );
    this.base = context.getTransform();
  }

  /** @param {Shape[] | undefined} shapes @param {(path: Path2D) => void} use */
  #each(shapes, use) {
    const [west, north, east, south] = this.seen;
    this.context.setTransform(
      this.base.multiply(new DOMMatrix([this.size, 0, 0, this.size, this.x, this.y])),
    );
    for (const { path, box } of shapes ?? []) {
      if (box[0] <= east && box[2] >= west && box[1] <= south && box[3] >= north) use(path);
    }
    this.context.setTransform(this.base);
  }

  /** @param {Shape[] | undefined} shapes @param {string} colour @param {string} edge @param {number} width */
  fill(shapes, colour, edge, width) {
    this.context.fillStyle = colour;
    this.#each(shapes, (path) => this.context.fill(path, "evenodd"));
    this.stroke(shapes, edge, width);
  }

  /**
   * @param {Shape[] | undefined} shapes
   * @param {string} colour
   * @param {number} width screen pixels
   * @param {number[]} [dash] screen pixels
   */
  stroke(shapes, colour, width, dash = []) {
    this.context.strokeStyle = colour;
    this.context.lineWidth = width / this.size;
    this.context.setLineDash(dash.map((length) => length / this.size));
    this.#each(shapes, (path) => this.context.stroke(path));
    this.context.setLineDash([]);
  }
}

/** @param {Record<string, any>} properties of a border @returns {string} */
const pairOf = ({ a, b }) => `${a} ${b}`;

/** @param {import("./api.js").Feature} feature @returns {Shape[]} */
function toShapes({ geometry, properties }) {
  const { type, coordinates } = geometry;
  const parts =
    type === "Polygon"
      ? [coordinates]
      : type === "MultiPolygon"
        ? coordinates
        : type === "MultiLineString"
          ? coordinates.map((/** @type {any} */ line) => [line])
          : [[coordinates]];
  const [rank, pair] = [properties.scalerank ?? 0, pairOf(properties)];
  return parts.map((/** @type {number[][][]} */ rings) => ({
    ...toPath(rings),
    rank,
    pair,
    detailed: false,
  }));
}

/** @param {number[][][]} rings @returns {Pick<Shape, "path" | "box">} */
function toPath(rings) {
  const path = new Path2D();
  /** @type {[number, number, number, number]} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const ring of rings) {
    ring.forEach((position, index) => {
      const unit = mercator(position);
      const x = (unit[0] - ORIGIN[0]) * UNITS;
      const y = (unit[1] - ORIGIN[1]) * UNITS;
      if (index) path.lineTo(x, y);
      else path.moveTo(x, y);
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    });
  }
  return { path, box };
}
