/**
 * What is shown, as files. Where the public API can say the selection, the link is its address, so
 * that whoever has the link has the same rows; else the file is made here from the loaded claims.
 */

import { apiQuery } from "../asking/query.js";
import { isoDay } from "../days.js";
import { button, h } from "../dom.js";
import { within } from "../records.js";
import { t } from "../text.js";
import { toCsv } from "./csv.js";
import { sheetList } from "./sheets.js";
import { folded } from "./tools.js";

/**
 * @typedef {import("../panel.js").Context} Context
 * @typedef {Record<string, any>} Claim
 * @typedef {object} Download
 * @property {string} title
 * @property {"reports" | "control" | "displacement" | "hotspots" | "actors"} layer
 * @property {Record<string, string>} asked of the API
 * @property {() => Claim[]} [claims] the same, as loaded and filtered; without it, unfiltered
 */

const ID = {
  reports: "report_id",
  control: "control_id",
  displacement: "flow_id",
  hotspots: "site_id",
  actors: "actor_id",
};
const FORMATS = /** @type {const} */ ([
  { ending: "geojson", title: "GeoJSON", type: "application/geo+json" },
  { ending: "csv", title: "CSV", type: "text/csv" },
]);

/**
 * @param {Context} context
 * @param {string} of what view
 * @param {() => Download[]} downloads
 * @param {() => import("./sheets.js").Sheet[]} [sheets] to print, of the same
 */
export function downloadBlock(context, of, downloads, sheets = () => []) {
  return folded(
    `download ${of}`,
    t("reading.download.title"),
    () => [
      h("p", { class: "muted" }, t("reading.download.note")),
      h(
        "ul",
        { class: "plain downloads" },
        downloads().map((download) =>
          h(
            "li",
            {},
            h("span", { class: "download-title" }, download.title),
            links(context, download),
          ),
        ),
      ),
      sheetList(context, sheets()),
    ],
    { class: "tool" },
  );
}

/** @param {Context} context @param {Download} download */
function links(context, download) {
  const query = askedWithFilters(context, download);
  // Of very many reports only what is drawn is here: no file without sources is made of that.
  if (!query && download.claims?.().some(({ partial }) => partial)) {
    return h("span", { class: "muted" }, t("reading.download.too_long"));
  }
  return FORMATS.map((format) => link(context, download, format, query));
}

/**
 * @param {Context} context
 * @param {Download} download
 * @param {typeof FORMATS[number]} format
 * @param {URLSearchParams | null} query
 */
function link(context, download, format, query) {
  const label = t("reading.download.as", { title: download.title, format: format.title });
  const file = `${download.layer}.${format.ending}`;
  if (!query) {
    return button(label, () => save(context, download, format), { class: "quiet" }, format.title);
  }
  const address = `${context.config.layers_root}/${file}?${query}`;
  return h("a", { href: address, download: file, "aria-label": label }, format.title);
}

/**
 * @param {Context} context
 * @param {Download} download
 * @returns {URLSearchParams | null} null where the API cannot say it, or there is none
 */
function askedWithFilters({ state, config }, { layer, asked, claims }) {
  if (config.self_contained) return null;
  const query = new URLSearchParams(asked);
  const { filters, q, from, to } = state;
  if (!claims || (!q && !Object.keys(filters).length)) return query;
  // Reports that the service counts are not here: the file holds what it counts.
  const counted = config.reports === "counted" && layer === "reports";
  const ids = counted ? null : claims().map((claim) => claim[ID[layer]]);
  const { filter, unsaid } = apiQuery(layer, { filters, q, from, to, ids });
  if (unsaid.length && !counted) return null;
  if (filter) query.set("filter", filter);
  return query;
}

/** @param {Context} context @param {Download} download @param {typeof FORMATS[number]} format */
function save(context, { layer, claims }, { ending, type }) {
  const features = (claims?.() ?? []).map((claim) => toFeature(context, layer, claim));
  const text = ending === "csv" ? toCsv(features.map(toRow)) : toGeoJson(layer, features);
  const address = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  h("a", { href: address, download: `${layer}.${ending}` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** @param {Context} context @param {Download["layer"]} layer @param {Claim} claim */
function toFeature({ allSites }, layer, claim) {
  const pointOf = (/** @type {string} */ id) => allSites.get(id)?.point ?? null;
  const { point, ...properties } = claim;
  // A site's state puts its evidence together only when it is asked for.
  if (layer === "hotspots") properties.evidence = claim.evidence;
  const shape = geometry(layer, claim, pointOf);
  return { type: "Feature", id: claim[ID[layer]], geometry: shape, properties };
}

/** @param {string} layer @param {Claim} claim @param {(id: string) => number[] | null} pointOf */
function geometry(layer, claim, pointOf) {
  if (layer !== "displacement") {
    const point = claim.point ?? pointOf(claim.site_id);
    return point && { type: "Point", coordinates: point };
  }
  const { from_site_id: from, to_site_id: to } = claim;
  const ends = [from, to].map(pointOf).filter((point) => point !== null);
  if (!ends.length) return null;
  const [one, two] = ends;
  const line = two && String(one) !== String(two);
  return line ? { type: "LineString", coordinates: ends } : { type: "Point", coordinates: one };
}

/** @param {string} layer @param {object[]} features one a line, so that one claim is one line */
function toGeoJson(layer, features) {
  const lines = features.map((feature) => JSON.stringify(feature)).join(",\n");
  return `{"type":"FeatureCollection","name":"${layer}","features":[\n${lines}\n]}\n`;
}

/** @param {ReturnType<typeof toFeature>} feature @returns {Record<string, unknown>} */
function toRow({ geometry: shape, properties }) {
  if (!shape) return { ...properties, WKT: null };
  const [lon, lat] = shape.coordinates;
  if (shape.type === "Point") return { ...properties, WKT: `POINT (${lon} ${lat})` };
  const line = shape.coordinates.map((/** @type {number[]} */ point) => point.join(" "));
  return { ...properties, WKT: `LINESTRING (${line.join(", ")})` };
}

/** @param {Context} context @returns {Record<string, string>} the window as the API takes it */
const inWindow = ({ state }) => ({ datetime: `${isoDay(state.from)}/${isoDay(state.to)}` });

/** @param {Context} context @param {Record<string, any>} site @returns {Download[]} */
export function siteDownloads(context, site) {
  const { records, state } = context;
  const id = site.site_id;
  const named = { site_id: id };
  const here = (/** @type {string} */ side) => `${side}_site_id = '${id}'`;
  return [
    {
      title: t("reading.download.reports_window"),
      layer: "reports",
      asked: { ...named, ...inWindow(context) },
      claims: () =>
        records.reportsIn(state).map(({ claim }) => claim).filter((claim) => claim.site_id === id),
    },
    { title: t("reading.download.reports_all"), layer: "reports", asked: named },
    {
      title: t("reading.download.state"),
      layer: "hotspots",
      asked: { ...named, datetime: isoDay(state.to) },
    },
    { title: t("reading.download.control"), layer: "control", asked: named },
    {
      title: t("reading.download.moves"),
      layer: "displacement",
      asked: { filter: `${here("from")} OR ${here("to")}` },
    },
  ];
}

/** @param {Claim} claim of a move @returns {Download[]} */
export function flowDownloads({ flow_id: id, from_site_id: from, to_site_id: to }) {
  const same = (/** @type {string} */ side, /** @type {string | null} */ site) =>
    site ? `${side}_site_id = '${site}'` : `${side}_site_id IS NULL`;
  return [
    { title: t("reading.download.this_move"), layer: "displacement", asked: { flow_id: id } },
    {
      title: t("reading.download.rivals"),
      layer: "displacement",
      asked: { filter: `${same("from", from)} AND ${same("to", to)}` },
    },
  ];
}

/** @param {Claim} actor @returns {Download[]} */
export function actorDownloads({ actor_id: id }) {
  return [
    { title: t("reading.download.roles"), layer: "control", asked: { actor_id: id } },
    { title: t("reading.download.actor"), layer: "actors", asked: { actor_id: id } },
  ];
}

/** Ids of all sites in the visible part, whatever the filters leave. @param {Context} context */
function inside({ allSites, bounds: [west, south, east, north] }) {
  const seen = ([lon, lat]) => lon >= west && lon <= east && lat >= south && lat <= north;
  return [...allSites].filter(([, { point }]) => point && seen(point)).map(([id]) => id);
}

/**
 * Of the whole view: what lies in the visible part of the map, in the window, after the filters.
 * @param {Context} context
 * @param {Record<string, any>[]} seen the sites in the visible part
 * @returns {Download[]}
 */
export function viewDownloads(context, seen) {
  const { records, state, bounds } = context;
  const ids = new Set(inside(context));
  const bbox = { bbox: bounds.join(",") };
  return [
    {
      title: t("reading.download.view_reports"),
      layer: "reports",
      asked: { ...bbox, ...inWindow(context) },
      claims: () =>
        records
          .reportsIn(state)
          .map(({ claim }) => claim)
          .filter((claim) => ids.has(claim.site_id)),
    },
    {
      title: t("reading.download.view_states"),
      layer: "hotspots",
      asked: { ...bbox, datetime: isoDay(state.to) },
      claims: () => seen,
    },
    {
      title: t("reading.download.view_control"),
      layer: "control",
      asked: { ...bbox, ...inWindow(context) },
      claims: () =>
        records.control
          .filter((held) => ids.has(held.claim.site_id) && within(held, state))
          .map(({ claim }) => claim),
    },
    {
      title: t("reading.download.view_moves"),
      layer: "displacement",
      asked: inWindow(context),
      claims: () => records.flowsIn(state).map(({ claim }) => claim),
    },
  ];
}
