/** Which names stand on the map, and in what hand: sites first, then regions, then the base map. */

import { mercator, toPixel } from "./canvaslayer.js";
import { plural } from "./days.js";
import { span } from "./gathering.js";
import { labelText } from "./labels.js";

/**
 * @typedef {import("./canvaslayer.js").Frame} Frame
 * @typedef {import("./labels.js").Labels} Labels
 * @typedef {import("./gathering.js").Place} Place
 * @typedef {import("./basemap.js").Name} Name
 * @typedef {import("./overlay.js").Drawn} Drawn
 */

const FACE = 'system-ui, "Segoe UI", "Noto Sans", sans-serif';
const HALO = "#fdfcf9e6";
const STYLES = {
  site: { font: `600 12px ${FACE}`, colour: "#22262b", halo: HALO, size: 15 },
  context: { font: `400 11px ${FACE}`, colour: "#4c535c", halo: HALO, size: 14 },
  region: { font: `italic 600 12px ${FACE}`, colour: "#5a4a7a", halo: HALO, size: 16 },
  country: { font: `500 13px ${FACE}`, colour: "#6f6a78", halo: HALO, size: 18, spacing: "3px" },
  admin1: { font: `400 10px ${FACE}`, colour: "#74695c", halo: HALO, size: 16, spacing: "1.5px" },
  place: { font: `400 11px ${FACE}`, colour: "#545b63", halo: HALO, size: 13 },
  city: { font: `500 12px ${FACE}`, colour: "#474d55", halo: HALO, size: 14 },
};

/** Where the name of a region may stand: pixels below its middle. */
const REGION_SPOTS = [20, -20, 42, -42];

/** Zoom from which places of a rank are named. */
const PLACE_ZOOM = [4.5, 4.5, 6.25, 7.5, 9, 10];
const ADMIN1_ZOOM = 7;
/** Where the names of countries stand best: the middle of each as drawn at small scale. */
const COUNTRIES = new Map([
  ["MM", { name: "Myanmar", at: mercator([95.9, 21.4]) }],
  ["TH", { name: "Thailand", at: mercator([101.6, 15.4]) }],
  ["LA", { name: "Laos", at: mercator([102.6, 19.6]) }],
  ["KH", { name: "Cambodia", at: mercator([105, 12.8]) }],
  ["VN", { name: "Vietnam", at: mercator([108.2, 14.2]) }],
  ["MY", { name: "Malaysia", at: mercator([102.3, 4.3]) }],
  ["PH", { name: "Philippines", at: mercator([122.4, 12.6]) }],
  ["CN", { name: "China", at: mercator([103.5, 26.5]) }],
  ["IN", { name: "India", at: mercator([93.6, 25.6]) }],
  ["ID", { name: "Indonesia", at: mercator([101.8, -0.6]) }],
  ["BD", { name: "Bangladesh", at: mercator([90, 24.2]) }],
]);
const COUNTRY_ZOOM = 7;
/** Zoom from which states and the like are told; of countries at every zoom. */
const STATE_ZOOM = 6;
/**
 * @param {Labels} labels
 * @param {Drawn} drawn
 * @param {import("./hash.js").Choice | null} choice
 * @returns {Set<string>} the names that found room, in lower case
 */
export function placeSiteNames(labels, { frame, gatherings, fanned, opened }, choice) {
  const found = new Set();
  for (const { place, x, y } of fanned) {
    const always = choice?.id === place.id && choice.kind === "site";
    labels.place(labelText(place.site.name), x, y, 10, STYLES.site, { always });
  }
  if (opened) {
    const reach = span(opened, fanned);
    const { x, y } = opened;
    labels.reserve({ left: x - reach, right: x + reach, top: y - reach, bottom: y + reach });
  }
  const named = gatherings
    .filter((gathering) => gathering !== opened)
    .map((gathering) => ({ ...gathering, lead: leader(gathering.members) }))
    .sort((a, b) => weight(b) - weight(a));
  for (const { lead, members, x, y, reach } of named) {
    const chosen = choice?.kind === "site" && members.find(({ id }) => id === choice.id);
    if (!chosen && frame.zoom < nameZoom(lead, members.length)) continue;
    const { site } = chosen || lead;
    const more = members.length > 1 ? ` +${members.length - 1}` : "";
    const style = site.place_role === "context" ? STYLES.context : STYLES.site;
    const text = labelText(site.name) + more;
    if (labels.place(text, x, y, reach + 1, style, { always: Boolean(chosen) })) {
      found.add(site.name.toLowerCase());
    }
  }
  return found;
}

/** @param {{lead: Place, members: Place[]}} gathering */
const weight = ({ lead, members }) => importance(lead) + 4 * members.length;

/** @param {Place} lead @param {number} count @returns {number} */
function nameZoom({ site }, count) {
  if (site.place_role === "context") return 9;
  if (count >= 4) return 5;
  return ["active", "expanding"].includes(site.activity) ? 5.5 : 7;
}

/** @param {Place[]} members @returns {Place} the one whose name says best where this is */
function leader(members) {
  return members.reduce((best, place) => (importance(place) > importance(best) ? place : best));
}

/** @param {Place} place */
function importance({ site }) {
  if (site.place_role === "context") return site.kind === "town" ? 1 : 0;
  const area = ["town", "city"].includes(site.kind) ? 100 : 0;
  return 2 + area + Math.min(90, site.reports_count);
}

/**
 * @param {Labels} labels
 * @param {Frame} frame
 * @param {Place[]} regions
 * @param {Map<string, number>} reportsOf reports of the window by site
 * @returns {Drawn["regions"]} those that found room
 */
export function placeRegions(labels, frame, regions, reportsOf) {
  const drawn = [];
  for (const place of regions) {
    const count = reportsOf.get(place.id) ?? 0;
    const country = place.site.kind === "country" && COUNTRIES.get(place.site.country);
    if (!count || (!country && frame.zoom < STATE_ZOOM)) continue;
    const [x, y] = toPixel(frame, country ? country.at : place.unit);
    if (x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
    const text = country
      ? `${country.name}: ${plural(count, "country-wide report")}`
      : `${labelText(place.site.name)}: ${plural(count, "region-wide report")}`;
    const half = text.length * 3.3;
    for (const down of country ? [0, ...REGION_SPOTS] : REGION_SPOTS) {
      if (!labels.place(text, x, y + down, 0, STYLES.region)) continue;
      const middle = y + down;
      const box = { left: x - half, right: x + half, top: middle - 9, bottom: middle + 9 };
      drawn.push({ place, box });
      break;
    }
  }
  return drawn;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Labels} labels
 * @param {Frame} frame
 * @param {Name[]} names by rank
 * @param {Pick<Drawn, "gatherings" | "regions"> & {named: Set<string>}} drawn symbols, and names that stand already
 */
export function placeBaseNames(context, labels, frame, names, { gatherings, named, regions }) {
  if (frame.zoom < COUNTRY_ZOOM) {
    const told = new Set(
      regions
        .filter(({ place }) => place.site.kind === "country")
        .map(({ place }) => place.site.country),
    );
    for (const [code, { name, at }] of COUNTRIES) {
      if (told.has(code)) continue;
      const [x, y] = toPixel(frame, at);
      const spaced = { ...STYLES.country, spacing: frame.zoom < 5 ? "1px" : "3px" };
      labels.place(name.toUpperCase(), x, y, 0, spaced);
    }
  }
  context.save();
  context.fillStyle = "#7d838b";
  for (const { unit, name, rank, kind } of names) {
    if (frame.zoom < (kind === "admin1" ? ADMIN1_ZOOM : (PLACE_ZOOM[rank] ?? 10))) continue;
    const [x, y] = toPixel(frame, unit);
    if (x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
    if (kind === "admin1") {
      labels.place(labelText(name).toUpperCase(), x, y, 0, STYLES.admin1);
      continue;
    }
    if (named.has(name.toLowerCase())) continue;
    const style = rank <= 1 ? STYLES.city : STYLES.place;
    const under = gatherings.find(
      (symbol) => Math.hypot(symbol.x - x, symbol.y - y) < symbol.reach,
    );
    if (!labels.place(labelText(name), x, y, under ? under.reach + 3 : 3, style) || under) continue;
    context.beginPath();
    context.arc(x, y, rank <= 1 ? 2.2 : 1.6, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}
