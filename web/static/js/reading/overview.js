/** The panel's list: all that is in view, or the sites that one gathered symbol stands for. */

import { h, storedName } from "../dom.js";
import { flowButton } from "../sitepanel.js";
import { language, t } from "../text.js";
import { counted } from "../words.js";
import { citeView, copyLink } from "./cite.js";
import { downloadBlock, viewDownloads } from "./download.js";
import { viewSheets } from "./sheets.js";
import { folded } from "./tools.js";

/**
 * @typedef {import("../panel.js").Context} Context
 * @typedef {Record<string, any>} Site
 */

const LISTED = 300;
/** @type {Record<string, string>} what conditions are called that the service cannot count by */
const CONDITIONS = {
  actor: "asking.list_actor",
  role: "asking.list_role",
  members: "asking.only_members",
  publishers: "asking.only_publishers",
  q: "asking.words",
};

/** @param {Context} context */
export function overview(context) {
  const { sites, inView, records, state, symbology } = context;
  const seen = /** @type {Site[]} */ (inView.map((id) => sites.get(id)).filter(Boolean));
  const places = seen.filter((site) => !symbology.isRegion(site));
  const hotspots = places.filter((site) => site.place_role !== "context");
  const around = places.filter((site) => site.place_role === "context");
  const counts = records.countBySite(state);
  const told = [...sites.values()].filter(
    (site) => symbology.isRegion(site) && counts.get(site.site_id),
  );
  return [
    h("h2", { tabindex: "-1" }, counted("reading.overview.title", hotspots.length)),
    h("p", { class: "muted" }, t("reading.overview.as_reported")),
    records.served ? h("p", { class: "muted" }, t("reading.overview.by_service")) : null,
    records.served?.unsaid.length
      ? h("p", { class: "unsaid" }, t("reading.overview.unsaid", { conditions: unsaidIn(records.served.unsaid) }))
      : null,
    h(
      "div",
      { class: "tools" },
      copyLink(context),
      citeView(context, t("reading.cite.this_view")),
      downloadBlock(
        context,
        "view",
        () => viewDownloads(context, seen),
        () => viewSheets(context),
      ),
    ),
    rows(context, hotspots, counts),
    around.length
      ? folded("around", counted("reading.overview.around", around.length), () => [
          rows(context, around, counts),
        ])
      : null,
    folded("regions", counted("reading.overview.regions", told.length), () => [
      told.length
        ? rows(context, told, counts)
        : h("p", { class: "muted" }, t("reading.overview.no_regions")),
    ]),
    moves(context),
    h(
      "p",
      { class: "foot" },
      h(
        "button",
        {
          type: "button",
          class: "quiet",
          data: { key: "method" },
          onclick: () => context.actions.choose({ kind: "page", id: "method" }),
        },
        t("reading.method.open"),
      ),
    ),
  ];
}

/** @param {string[]} conditions */
const unsaidIn = (conditions) =>
  conditions.map((name) => t(CONDITIONS[name] ?? "asking.filters")).join(", ");

/** @param {Context} context */
function moves(context) {
  const flows = context.records.flowsIn(context.state);
  return folded("flows", counted("reading.overview.moves", flows.length), () => [
    h(
      "ul",
      { class: "plain rows" },
      flows.slice(0, LISTED).map(({ claim }) => h("li", {}, flowButton(context, claim))),
    ),
    more(flows.length),
  ]);
}

/** @param {number} count */
function more(count) {
  return count > LISTED
    ? h("p", { class: "muted" }, counted("reading.overview.more", count - LISTED))
    : null;
}

/**
 * The first sites by state and name; of thousands only those that are listed are put in order.
 * @param {Context} context
 * @param {Site[]} sites
 */
function firstByState({ symbology }, sites) {
  const { compare } = new Intl.Collator(language());
  const byName = (/** @type {Site} */ a, /** @type {Site} */ b) => compare(a.name, b.name);
  const listed = [];
  for (const activity of symbology.activity.keys()) {
    const same = sites.filter((site) => site.activity === activity);
    listed.push(...first(same, LISTED - listed.length, byName));
    if (listed.length >= LISTED) break;
  }
  return listed;
}

/**
 * The first of many, in order, without ordering the rest.
 * @param {Site[]} sites
 * @param {number} count
 * @param {(a: Site, b: Site) => number} compare
 */
function first(sites, count, compare) {
  if (sites.length <= count) return sites.sort(compare);
  const kept = sites.slice(0, count).sort(compare);
  for (const site of sites.slice(count)) {
    if (compare(site, kept[count - 1]) >= 0) continue;
    kept.pop();
    let [low, high] = [0, kept.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(kept[middle], site) <= 0) low = middle + 1;
      else high = middle;
    }
    kept.splice(low, 0, site);
  }
  return kept;
}

/** @param {Context} context @param {Site[]} sites @param {Map<string, number>} counts */
export function rows(context, sites, counts) {
  if (!sites.length) return h("p", { class: "muted" }, t("reading.overview.none"));
  const listed = firstByState(context, sites);
  return h(
    "div",
    {},
    h(
      "ul",
      { class: "plain rows" },
      listed.map((site) => h("li", {}, siteRow(context, site, counts.get(site.site_id) ?? 0))),
    ),
    more(sites.length),
  );
}

/** @param {Context} context @param {Site} site @param {number} count its reports in the window */
function siteRow({ symbology, words, actions }, site, count) {
  const look = { ...symbology.look(site), contested: false, disputed: false };
  const notes = [words.activity(site.activity)];
  if (site.contested) notes.push(t("reading.overview.contested"));
  if (site.disputed) notes.push(t("reading.overview.disputed"));
  if (count) notes.push(counted("reading.overview.in_window", count));
  return h(
    "button",
    {
      type: "button",
      class: "row",
      data: { key: `site ${site.site_id}`, site: site.site_id },
      onclick: () => actions.choose({ kind: "site", id: site.site_id }),
    },
    symbology.icon((pen, x, y) => symbology.draw(pen, x, y, look)),
    h("span", { class: "row-name" }, storedName(site.name)),
    h("span", { class: "row-note" }, notes.join(" · ")),
  );
}

/** @param {Context} context */
export function placeView(context) {
  const sites = /** @type {Site[]} */ (
    context.gathered.map((id) => context.sites.get(id)).filter(Boolean)
  );
  const counts = context.records.countBySite(context.state);
  const points = new Set(sites.map((site) => JSON.stringify(site.point)));
  const onePoint = points.size === 1 && sites.length > 1;
  return [
    h("h2", { tabindex: "-1" }, counted("reading.gathered.title", sites.length)),
    h("p", { class: "muted" }, t(`reading.gathered.${onePoint ? "one_point" : "close_together"}`)),
    rows(context, sites, counts),
  ];
}
