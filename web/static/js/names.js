/** Which names stand on the map, and in what hand: sites first, then regions, then the base map. */

import { toPixel } from "./canvaslayer.js";
import { span } from "./gathering.js";
import { labelText } from "./labels.js";
import { country } from "./words.js";

/**
 * @typedef {import("./canvaslayer.js").Frame} Frame
 * @typedef {import("./labels.js").Labels} Labels
 * @typedef {import("./labels.js").Style} Style
 * @typedef {import("./place/siteindex.js").Place} Place
 * @typedef {import("./basemap.js").Name} Name
 * @typedef {import("./overlay.js").Drawn} Drawn
 */

const FACE = 'system-ui, "Segoe UI", "Noto Sans", sans-serif';
const HANDS = {
  site: { font: `600 12px ${FACE}`, size: 15 },
  context: { font: `400 11px ${FACE}`, size: 14 },
  region: { font: `italic 600 12px ${FACE}`, size: 16 },
  country: { font: `500 13px ${FACE}`, size: 18, spacing: "3px" },
  admin1: { font: `400 10px ${FACE}`, size: 16, spacing: "1.5px" },
  place: { font: `400 11px ${FACE}`, size: 13 },
  city: { font: `500 12px ${FACE}`, size: 14 },
};

/** @param {keyof HANDS} hand @param {Record<string, string>} colours `symbols.labels` @returns {Style} */
export const styleOf = (hand, colours) => ({
  ...HANDS[hand],
  colour: colours[hand],
  halo: colours.halo,
});

/** Zoom from which places of a rank are named. */
const PLACE_ZOOM = [4.5, 4.5, 6.25, 7.5, 9, 10];
const ADMIN1_ZOOM = 7;
const COUNTRY_ZOOM = 7;
/** More names than this find no room on any screen. */
const MOST_NAMES = 300;

/**
 * @param {Labels} labels
 * @param {Drawn} drawn
 * @param {import("./hash.js").Choice | null} choice
 * @param {Record<string, string>} colours
 * @returns {Set<string>} the names that found room, in lower case
 */
export function placeSiteNames(labels, { frame, gatherings, fanned, opened }, choice, colours) {
  const found = new Set();
  const chosenId = choice?.kind === "site" ? choice.id : null;
  const [bold, slight] = [styleOf("site", colours), styleOf("context", colours)];
  for (const { place, x, y } of fanned) {
    const always = chosenId === place.id;
    labels.place(labelText(place.site.name), x, y, 10, bold, { always });
  }
  if (opened && fanned.length) {
    const reach = span(opened, fanned);
    const { x, y } = opened;
    labels.reserve({ left: x - reach, right: x + reach, top: y - reach, bottom: y + reach });
  }
  for (const { lead, gathering, chosen } of toName(frame, gatherings, opened, chosenId)) {
    const { members, x, y, reach } = gathering;
    const { site } = chosen ?? lead;
    const more = members.length > 1 ? ` +${members.length - 1}` : "";
    const style = site.place_role === "context" ? slight : bold;
    const text = labelText(site.name) + more;
    if (labels.place(text, x, y, reach + 1, style, { always: Boolean(chosen) })) {
      found.add(site.name.toLowerCase());
    }
  }
  return found;
}

/**
 * @param {Frame} frame
 * @param {Drawn["gatherings"]} gatherings
 * @param {Drawn["opened"]} opened
 * @param {string | null} chosenId
 */
function toName(frame, gatherings, opened, chosenId) {
  const found = [];
  for (const gathering of gatherings) {
    if (gathering === opened) continue;
    const lead = leader(gathering.members);
    const chosen = chosenId && gathering.members.find(({ id }) => id === chosenId);
    if (!chosen && frame.zoom < nameZoom(lead, gathering.members.length)) continue;
    const weight = lead.weight + 4 * gathering.members.length + (chosen ? 1e6 : 0);
    found.push({ gathering, lead, chosen: chosen || null, weight });
  }
  return found.sort((a, b) => b.weight - a.weight).slice(0, MOST_NAMES);
}

/** @param {Place} lead @param {number} count @returns {number} */
function nameZoom({ site }, count) {
  if (site.place_role === "context") return 9;
  if (count >= 4) return 5;
  return ["active", "expanding"].includes(site.activity) ? 5.5 : 7;
}

/** @param {Place[]} members @returns {Place} the one whose name says best where this is */
function leader(members) {
  let [best] = members;
  for (const place of members) if (place.weight > best.weight) best = place;
  return best;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Labels} labels
 * @param {Frame} frame
 * @param {Name[]} names by rank
 * @param {Pick<Drawn, "gatherings" | "regions"> & {named: Set<string>, colours: Record<string, string>}} drawn symbols, and names that stand already
 */
export function placeBaseNames(context, labels, frame, names, drawn) {
  const { gatherings, named, regions, colours } = drawn;
  const told = new Set(
    regions
      .filter(({ place, atBorder }) => place.site.kind === "country" && !atBorder)
      .map(({ place }) => place.site.country),
  );
  const styles = {
    country: { ...styleOf("country", colours), spacing: frame.zoom < 5 ? "1px" : "3px" },
    admin1: styleOf("admin1", colours),
    city: styleOf("city", colours),
    place: styleOf("place", colours),
  };
  const near = new Near(gatherings);
  context.save();
  context.fillStyle = colours.dot;
  for (const { unit, name, rank, kind, code } of names) {
    if (!isNamed(kind, rank, frame.zoom)) continue;
    const [x, y] = toPixel(frame, unit);
    if (x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
    if (kind === "country") {
      const text = country(code ?? "") || name;
      if (!told.has(code)) labels.placeOn(text.toUpperCase(), x, y, styles.country);
    } else if (kind === "admin1") {
      labels.placeOn(labelText(name).toUpperCase(), x, y, styles.admin1);
    } else if (!named.has(name.toLowerCase())) {
      const under = near.under(x, y);
      const style = rank <= 1 ? styles.city : styles.place;
      const placed = labels.place(labelText(name), x, y, under ? under.reach + 3 : 3, style);
      if (!placed || under) continue;
      context.beginPath();
      context.arc(x, y, rank <= 1 ? 2.2 : 1.6, 0, 2 * Math.PI);
      context.fill();
    }
  }
  context.restore();
}

/** @param {Name["kind"]} kind @param {number} rank @param {number} zoom */
function isNamed(kind, rank, zoom) {
  if (kind === "country") return zoom < COUNTRY_ZOOM;
  return zoom >= (kind === "admin1" ? ADMIN1_ZOOM : (PLACE_ZOOM[rank] ?? 10));
}

/** Finds the symbol that a point lies under. */
class Near {
  static CELL = 32;

  /** @param {{x: number, y: number, reach: number}[]} symbols */
  constructor(symbols) {
    /** @type {Map<number, {x: number, y: number, reach: number}[]>} */
    this.cells = new Map();
    for (const symbol of symbols) {
      const key = this.#key(symbol.x, symbol.y);
      const cell = this.cells.get(key);
      if (cell) cell.push(symbol);
      else this.cells.set(key, [symbol]);
    }
  }

  /** @param {number} x @param {number} y @param {number} [right] @param {number} [down] */
  #key(x, y, right = 0, down = 0) {
    return (Math.floor(x / Near.CELL) + right + 64) * 4096 + Math.floor(y / Near.CELL) + down + 64;
  }

  /** @param {number} x @param {number} y */
  under(x, y) {
    for (let right = -1; right <= 1; right++) {
      for (let down = -1; down <= 1; down++) {
        for (const symbol of this.cells.get(this.#key(x, y, right, down)) ?? []) {
          if (Math.hypot(symbol.x - x, symbol.y - y) < symbol.reach) return symbol;
        }
      }
    }
    return null;
  }
}
