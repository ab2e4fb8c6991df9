/**
 * Reports out of the document of columns that the server makes of very many (`/map/reports.json`,
 * docs/map-data.md): what they are drawn, counted and filtered by. Their texts come with their site.
 */

import { isoDay } from "./days.js";

/** @param {any} document @returns {import("./api.js").Feature[]} with the properties that are known */
export function fromColumns(document) {
  const texts = new Map();
  const text = (/** @type {number | null} */ day) => {
    if (day === null) return null;
    let known = texts.get(day);
    if (!known) texts.set(day, (known = isoDay(day)));
    return known;
  };
  const { sites, sources, activities, event_kinds: kinds } = document;
  const ids = document.report_id ?? [];
  return ids.map((/** @type {string} */ id, /** @type {number} */ at) => {
    const site = sites[document.site[at]];
    const [source, publisher, kind, reliability] = sources[document.source[at]];
    const properties = {
      report_id: id,
      site_id: site.site_id,
      site_name: site.name,
      site_kind: site.kind,
      place_role: site.place_role,
      country: site.country,
      admin1: site.admin1,
      possible_from: text(document.possible_from[at]),
      possible_to: text(document.possible_to[at]),
      event_kind: kinds[document.event_kind[at]],
      activity_after: activities[document.activity_after[at]],
      source_id: source,
      source_publisher: publisher,
      source_kind: kind,
      reliability,
      credibility: document.credibility[at],
      /** Whether the other properties are still to be fetched. */
      partial: true,
    };
    const days = {
      from: document.possible_from[at] ?? -Infinity,
      to: document.possible_to[at] ?? Infinity,
    };
    return { type: "Feature", id, geometry: null, properties, days };
  });
}
