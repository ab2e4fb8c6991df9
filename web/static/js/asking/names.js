/** The names that can be searched for: of all sites and actors, and of places on the base map. */

import { country } from "../words.js";
import { NameIndex, placesOf } from "./nameindex.js";

/**
 * @param {import("./asking.js").Page} page
 * @returns {Promise<NameIndex>}
 */
export async function makeNames({ api, records, store, words }) {
  const names = new NameIndex();
  const [sites, places, regions] = await Promise.all([
    api.hotspots(store.limits.lastDay),
    api.basemap("places"),
    api.basemap("admin1_labels"),
  ]);
  names.set(
    "site",
    sites.map(({ properties: site, geometry }) => ({
      group: /** @type {const} */ ("site"),
      id: site.site_id,
      name: site.name,
      names: site.names_other ?? [],
      about: [words.siteKind(site.kind), site.admin1, country(site.country)]
        .filter(Boolean)
        .join(" · "),
      point: geometry?.coordinates ?? null,
      weight: site.reports_count ?? 0,
      precision_m: site.precision_m,
    })),
  );
  names.set(
    "actor",
    [...records.actors].map(([id, actor]) => ({
      group: /** @type {const} */ ("actor"),
      id,
      name: actor.name,
      names: actor.names_other ?? [],
      about: words.meaning("actor_kind", actor.kind),
      point: null,
      weight: actor.controls_count ?? 0,
    })),
  );
  names.set("place", [
    ...placesOf(places, "place", country),
    ...placesOf(regions, "region", country),
  ]);
  return names;
}
