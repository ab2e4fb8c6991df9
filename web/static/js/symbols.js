/** How a site looks, from the symbology that the server states; also drawn in legend and panel. */

import { ActorColours } from "./place/actors.js";
import { h } from "./dom.js";
import { scheme } from "./scheme.js";
import { drawNumber, drawRim, drawSymbol } from "./place/shapes.js";

/**
 * @typedef {"activity" | "actor"} Colouring
 * @typedef {object} Look shared by all sites that look alike
 * @property {string} key
 * @property {string} shape
 * @property {number} radius pixels
 * @property {string} colour of the symbol, the first if there are several
 * @property {string[]} colours
 * @property {string} tint of its share where sites are gathered
 * @property {string[]} tints
 * @property {string[]} classes activity, or keys of actors: what the colours stand for
 * @property {"full" | "half" | "empty"} fill
 * @property {"none" | "plus" | "cross"} mark
 * @property {number} opacity
 * @property {boolean} contested
 * @property {boolean} disputed
 * @property {boolean} stale observed once, but too long ago to say anything of this date
 */

/** @type {readonly Colouring[]} */
export const COLOURINGS = ["activity", "actor"];

export class Symbology {
  /** @param {any} symbols `layers.symbology.symbols()` */
  constructor(symbols) {
    this.given = symbols;
    /** @type {Colouring} */
    this.colouring = "activity";
    this.actors = new ActorColours(symbols.actors);
    /** Rises whenever sites look different from before. */
    this.version = 0;
    /** @type {Map<string, Look>} */
    this.looks = new Map();
    this.#adopt();
    document.addEventListener("schemechange", () => this.#adopt());
  }

  #adopt() {
    this.symbols = scheme() === "dark" ? this.given.dark : this.given;
    this.activity = byCode(this.symbols.activity);
    this.kind = byCode(this.symbols.kind);
    this.place = byCode(this.symbols.place);
    this.flow = byCode(this.symbols.flow.by_credibility);
    this.role = byCode(this.symbols.role);
    this.rings = byCode(this.symbols.rings);
    this.#changed();
  }

  #changed() {
    this.looks.clear();
    this.version += 1;
  }

  /** @param {Colouring} colouring */
  setColouring(colouring) {
    if (colouring === this.colouring) return;
    this.colouring = colouring;
    this.#changed();
  }

  /**
   * @param {{claim: Record<string, any>}[]} control claims, of all times
   * @param {Map<string, Record<string, any>>} actors
   */
  setActors(control, actors) {
    this.actors = new ActorColours(this.given.actors, control, actors);
    this.#changed();
  }

  /** Whether a site is a region: text, never a pin. @param {Record<string, any>} site */
  isRegion(site) {
    return (
      this.kind.get(site.kind)?.shape === "label" ||
      (site.precision_m ?? 0) >= this.symbols.region_precision_m
    );
  }

  /** @param {number | null} age days @returns {number} */
  opacity(age) {
    if (age === null) return 1;
    for (const item of this.symbols.age) {
      if (item.max_age_days === null || age <= item.max_age_days) return item.opacity;
    }
    return 1;
  }

  /** @param {Record<string, any>} site a feature's properties @returns {Look} */
  look(site) {
    const activity = this.activity.has(site.activity) ? site.activity : "unknown";
    const kind = this.kind.has(site.kind) ? site.kind : "compound";
    const stale = activity === "unknown" && Boolean(site.last_known_activity);
    const held = this.colouring === "actor" ? this.actors.holders(site) : null;
    const age = held ? held.age : activity === "unknown" ? null : (site.age_days ?? null);
    const opacity = this.opacity(age);
    const [contested, disputed] = [site.contested === true, site.disputed === true];
    const context = site.place_role === "context";
    const key = context
      ? "context"
      : `${activity} ${kind} ${opacity} ${+contested}${+disputed}${+stale} ${held ? held.keys : ""}`;
    let look = this.looks.get(key);
    if (!look) {
      look = this.#make(key, { activity, kind, opacity, contested, disputed, stale, held });
      this.looks.set(key, context ? this.#context(look) : look);
      look = /** @type {Look} */ (this.looks.get(key));
    }
    return look;
  }

  /** @param {string} key @param {any} of @returns {Look} */
  #make(key, { activity: code, kind: kindCode, held, ...rest }) {
    const activity = this.activity.get(code);
    const kind = this.kind.get(kindCode);
    const colours = held
      ? held.keys.map((/** @type {string} */ actor) => this.actors.colour(actor, this.symbols.actors))
      : [activity.colour];
    const tints = held ? [...colours] : [activity.tint];
    const unnamed = held?.keys[0] === "none";
    if (unnamed) tints[0] = this.activity.get("unknown").tint;
    return {
      key,
      shape: kind.shape === "label" ? "circle" : kind.shape,
      radius: (kind.radius_px || 7) * (code === "unknown" ? 0.85 : 1),
      colour: colours[0],
      colours,
      tint: tints[0],
      tints,
      classes: held ? held.keys : [code],
      // Whom nobody names is hollow, so that it is not taken for one more actor.
      fill: unnamed ? "empty" : activity.fill,
      mark: unnamed ? "none" : activity.mark,
      ...rest,
    };
  }

  /** A place for orientation makes no claim: small, grey, square. @param {Look} look @returns {Look} */
  #context(look) {
    const { colour, radius_px: radius } = this.place.get("context");
    const tint = this.symbols.basemap.region;
    return {
      ...look,
      ...{ shape: "square", radius, colour, colours: [colour], tint, tints: [tint], classes: [] },
      ...{ fill: "empty", mark: "none", opacity: 1 },
      ...{ contested: false, disputed: false, stale: false },
    };
  }

  /** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {Look} look */
  draw(context, x, y, look) {
    drawSymbol(context, x, y, look, this.symbols);
  }

  /**
   * A symbol with the number of sites gathered in it, its rim parted by what they are coloured by.
   * @param {CanvasRenderingContext2D} context
   * @param {number} x
   * @param {number} y
   * @param {Look[]} looks of the sites
   */
  drawGathered(context, x, y, looks) {
    drawRim(context, x, y, this.rim(looks), this.symbols);
    drawNumber(context, x, y, looks.length, this.symbols.ink);
  }

  /** @param {Look[]} looks of gathered sites @returns {import("./place/shapes.js").Rim} */
  rim(looks) {
    const parts = new Map();
    let [contested, disputed] = [false, false];
    for (const look of looks) {
      contested ||= look.contested;
      disputed ||= look.disputed;
      for (const tint of look.tints) {
        let part = parts.get(tint);
        if (!part) parts.set(tint, (part = { tint, count: 0, weight: 0 }));
        part.count += 1 / look.tints.length;
        part.weight += look.opacity / look.tints.length;
      }
    }
    const order =
      this.colouring === "actor"
        ? this.symbols.actors.colours
        : this.symbols.activity.map((/** @type {any} */ item) => item.tint);
    const shares = [...parts.values()]
      .sort((a, b) => rankOf(order, a.tint) - rankOf(order, b.tint))
      .map(({ tint, count, weight }) => ({
        tint,
        share: count / looks.length,
        opacity: Math.round((10 * weight) / count) / 10,
      }));
    const radius = Math.round(2 * gatheredRadius(looks.length)) / 2;
    return { radius, shares, contested, disputed };
  }

  /**
   * The symbol as an element; what it means must stand beside it in words.
   * @param {(context: CanvasRenderingContext2D, x: number, y: number) => void} draw
   * @param {number} [width]
   * @param {number} [height]
   * @returns {HTMLElement}
   */
  icon(draw, width = 24, height = 24) {
    const canvas = /** @type {HTMLCanvasElement} */ (
      h("canvas", { class: "icon", "aria-hidden": "true", width: width * 2, height: height * 2 })
    );
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    const context = canvas.getContext("2d");
    context.scale(2, 2);
    draw(context, width / 2, height / 2);
    return canvas;
  }
}

/** @param {number} count of sites @returns {number} pixels */
export const gatheredRadius = (count) => 10 + Math.min(6, Math.sqrt(count) * 1.1);

/**
 * How far a symbol reaches, rings included.
 * @param {Look[]} looks of the sites in it
 * @returns {number} pixels
 */
export function reach(looks) {
  const one = looks.length === 1;
  const radius = one ? looks[0].radius + 1 : gatheredRadius(looks.length) + 2;
  if (looks.some((look) => look.disputed)) return radius + 7;
  return looks.some((look) => look.contested) ? radius + 4 : radius;
}

/** @param {any[]} items @returns {Map<any, any>} */
const byCode = (items) => new Map(items.map((item) => [item.code, item]));

/** @param {string[]} order @param {string} colour */
const rankOf = (order, colour) => (order.indexOf(colour) + order.length + 1) % (order.length + 1);
