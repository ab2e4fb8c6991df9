/** The offline base map: land and borders first, the rest when the browser has time. */

/* global L */

import { addCanvas, mercator, toPixel } from "./canvaslayer.js";

/**
 * @typedef {import("./canvaslayer.js").Frame} Frame
 * @typedef {{path: Path2D, box: [number, number, number, number], rank: number}} Shape
 * @typedef {{unit: [number, number], name: string, rank: number, kind: "place" | "admin1"}} Name
 */

const COLOURS = {
  beyond: "#e9e6df",
  sea: "#d9e4ea",
  land: "#f6f3ec",
  coast: "#a9bcc6",
  border: "#8d8598",
  region: "#d5cdc2",
  river: "#a8c5d4",
  moei: "#8fbdd3",
};

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
   * @param {() => void} onNames called when there are more names to place
   */
  constructor(map, api, onNames) {
    this.api = api;
    this.onNames = onNames;
    /** @type {Map<string, Shape[]>} */
    this.layers = new Map();
    /** @type {Name[]} */
    this.names = [];
    map.getContainer().style.backgroundColor = COLOURS.beyond;
    map.setMaxBounds(L.latLngBounds(REGION.map(([lon, lat]) => [lat, lon])).pad(0.4));
    this.canvas = addCanvas(map, "atlas-basemap", 200, (context, frame) =>
      this.#draw(context, frame),
    );
    map.on("zoomend", () => this.#detail(map.getZoom()));
    this.ready = this.#load(map);
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
      this.#lines("borders_detail").catch((error) => console.warn(error));
    }
  }

  /** @param {string} name */
  async #lines(name) {
    const features = await this.api.basemap(name);
    this.layers.set(name, features.flatMap(toShapes));
    this.canvas.redraw();
  }

  /** @param {string} name @param {Name["kind"]} kind */
  async #points(name, kind) {
    const features = await this.api.basemap(name);
    for (const { geometry, properties } of features) {
      const { name: text, rank = 3, country } = properties;
      // Cities of the neighbours stand back behind those of the countries that the reports speak of.
      const place = rank + (NEIGHBOURS.has(country) ? 1 : 0);
      this.names.push({ unit: mercator(geometry.coordinates), name: text, rank: place, kind });
    }
    this.names.sort((a, b) => a.rank - b.rank);
    this.onNames();
  }

  /** @param {CanvasRenderingContext2D} context @param {Frame} frame */
  #draw(context, frame) {
    const detailed = frame.zoom >= DETAIL_ZOOM && this.layers.get("borders_detail")?.length;
    const pen = new Pen(context, frame);
    context.save();
    context.lineJoin = "round";
    const corners = SURROUNDINGS.map((corner) => toPixel(frame, mercator(corner)));
    const [[west, north], [east, south]] = corners;
    context.fillStyle = COLOURS.sea;
    context.fillRect(west, north, east - west, south - north);
    pen.fill(this.layers.get("land"), COLOURS.land, COLOURS.coast, 0.8);
    if (frame.zoom >= 5) pen.stroke(this.layers.get("admin1"), COLOURS.region, 0.8, [3, 3]);
    const rivers = this.layers
      .get("rivers")
      ?.filter((river) => riverZoom(river.rank) <= frame.zoom);
    pen.stroke(rivers, COLOURS.river, frame.zoom < 7 ? 0.9 : 1.4);
    // The river is the border here: it lies below the line.
    if (frame.zoom >= 7) pen.stroke(this.layers.get("moei"), COLOURS.moei, 4);
    if (detailed) pen.stroke(this.layers.get("borders_detail"), COLOURS.border, 1.4);
    const rest = this.layers.get("borders")?.filter((line) => !detailed || line.rank === 0);
    pen.stroke(rest, COLOURS.border, frame.zoom < 6 ? 1 : 1.4);
    context.restore();
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

const NEIGHBOURS = new Set(["BD", "BT", "CN", "ID", "IN", "NP", "TW"]);
/** Borders that `borders_detail` has too; rank 1 marks those that it replaces. */
const DETAILED = new Set(["CN MM", "KH TH", "KH VN", "LA MM", "LA TH", "MM TH"]);

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
  const rank = properties.scalerank ?? (DETAILED.has(`${properties.a} ${properties.b}`) ? 1 : 0);
  return parts.map((/** @type {number[][][]} */ rings) => toShape(rings, rank));
}

/** @param {number[][][]} rings @param {number} rank @returns {Shape} */
function toShape(rings, rank) {
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
  return { path, box, rank };
}
