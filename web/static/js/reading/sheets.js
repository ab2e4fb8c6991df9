/** Sheets to print and report packs of what is shown: the service draws them, these are their links. */

import { apiQuery } from "../asking/query.js";
import { isoDay } from "../days.js";
import { h } from "../dom.js";
import { t } from "../text.js";

/**
 * @typedef {import("../panel.js").Context} Context
 * @typedef {{title: string, asked: Record<string, string>}} Sheet
 */

/** How far round a site its sheet reaches, in kilometres. */
const AROUND_KM = "30";
const FORMATS = [
  { ending: "pdf", title: "PDF" },
  { ending: "png", title: "PNG" },
  { ending: "svg", title: "SVG" },
  { ending: "zip", title: "ZIP" },
];

/** @param {Context} context @param {Sheet[]} sheets @returns {HTMLElement | null} */
export function sheetList({ config }, sheets) {
  if (config.self_contained || !sheets.length) return null;
  return h(
    "ul",
    { class: "plain downloads" },
    sheets.map(({ title, asked }) =>
      h("li", {}, h("span", { class: "download-title" }, title), links(config, title, asked)),
    ),
  );
}

/** @param {any} config @param {string} title @param {Record<string, string>} asked */
function links({ figures_root: root }, title, asked) {
  const query = new URLSearchParams(asked);
  return FORMATS.map((format) =>
    h(
      "a",
      {
        href: `${root}/figure.${format.ending}?${query}`,
        target: "_blank",
        rel: "noopener",
        "aria-label": t("reading.download.as", { title, format: format.title }),
      },
      format.title,
    ),
  );
}

/** @param {Context} context @returns {Record<string, string>} */
function common({ state }) {
  return {
    datetime: `${isoDay(state.from)}/${isoDay(state.to)}`,
    ...(state.colour === "actor" ? { style: "actor" } : {}),
  };
}

/** @param {Context} context @returns {Sheet[]} none where the service cannot be told the filters */
export function viewSheets(context) {
  const { filters, q, from, to } = context.state;
  const { filter, unsaid } = apiQuery("hotspots", { filters, q, from, to });
  if (unsaid.length) return [];
  const asked = {
    bbox: context.bounds.join(","),
    ...common(context),
    ...(filter ? { filter } : {}),
  };
  return [{ title: t("reading.download.view_sheet"), asked }];
}

/** @param {Context} context @param {Record<string, any>} site @returns {Sheet[]} */
export function siteSheets(context, { site_id: site }) {
  return [
    {
      title: t("reading.download.site_sheet", { km: AROUND_KM }),
      asked: { site, radius: AROUND_KM, ...common(context) },
    },
    { title: t("reading.download.site_timeline"), asked: { kind: "timeline", site } },
  ];
}

/** @param {Record<string, any>} actor @returns {Sheet[]} */
export const actorSheets = ({ actor_id: actor }) => [
  { title: t("reading.download.actor_timeline"), asked: { kind: "timeline", actor } },
];
