/** The panel for a chosen site: state, control, moves, place, reports. */

import { longDate } from "./days.js";
import { button, h, sourceLink, stored, storedName, told } from "./dom.js";
import { dateInWords } from "./edtf.js";
import { controlItem, isPartial, loading, nameHeading, prose } from "./cards.js";
import { reportCard, sourceBlock, whole } from "./cards.js";
import { citeSite, copyLink } from "./reading/cite.js";
import { downloadBlock, siteDownloads } from "./reading/download.js";
import { siteSheets } from "./reading/sheets.js";
import { folded } from "./reading/tools.js";
import { within } from "./records.js";
import { t } from "./text.js";
import { capital, counted } from "./words.js";

/**
 * @typedef {import("./panel.js").Context} Context
 * @typedef {Record<string, any>} Site
 */

/** So many reports stand in the panel at once; the rest is folded. */
const CARDS = 60;
/** So many characters of other names are shown before they are folded. */
const OTHER_NAMES = 400;
const RUNS = ["active", "expanding"];

/** @param {Context} context @param {Site} site @returns {import("./dom.js").Child[]} */
export function siteView(context, site) {
  const { words } = context;
  return [
    h(
      "p",
      { class: "kicker" },
      `${capital(words.siteKind(site.kind))} · `,
      storedName(words.whereabouts(site)),
    ),
    h("header", { class: "names" }, nameHeading(site.name), otherNames(site.names_other ?? [])),
    tools(context, site),
    stateBlock(context, site),
    site.contested ? contradiction(context, site) : null,
    controlBlock(context, site),
    movesBlock(context, site),
    placeBlock(context, site),
    site.note
      ? h("section", {}, h("h3", {}, t("reading.site.note")), prose(site.note, "note"))
      : null,
    reportsBlock(context, site),
  ];
}

/** Names in other scripts first, each in its own letters. @param {string[]} names */
export function otherNames(names) {
  if (!names.length) return null;
  const all = names.map((name) => ({ name, element: stored(name) }));
  const scripts = all.filter(({ element }) => element.lang);
  const latin = all.filter(({ element }) => !element.lang);
  const line = (/** @type {typeof all} */ part, /** @type {string} */ className) =>
    part.length
      ? h(
          "p",
          { class: className },
          part.map(({ element }, index) => [index ? " · " : "", element]),
        )
      : null;
  if (names.join("").length > OTHER_NAMES) {
    const short = names.slice(0, 3).map((name) => [storedName(name), " · "]);
    const all = whole(names.join(" · "), "names");
    return h("div", { class: "other-names" }, h("p", {}, short), all);
  }
  return h(
    "div",
    { class: "other-names" },
    h("span", { class: "unseen" }, t("reading.site.also")),
    line(scripts, "in-scripts"),
    line(latin, ""),
  );
}

/** @param {Context} context @param {Site} site */
function tools(context, site) {
  const { actions } = context;
  return h(
    "div",
    { class: "tools" },
    button(t("reading.site.zoom"), () => actions.zoomTo(site), { data: { key: "zoom" } }),
    site.parent_site_id
      ? h(
          "button",
          {
            type: "button",
            data: { key: "parent" },
            onclick: () => actions.choose({ kind: "site", id: site.parent_site_id }),
          },
          told("reading.site.part_of", { name: storedName(site.parent_name) }),
        )
      : null,
    copyLink(context),
    citeSite(context, site, () => shownClaims(context, site)),
    downloadBlock(
      context,
      "site",
      () => siteDownloads(context, site),
      () => siteSheets(context, site),
    ),
  );
}

/** Every claim that the panel shows of a site. @param {Context} context @param {Site} site */
function shownClaims(context, site) {
  return [
    ...(site.evidence ?? []),
    ...(site.control ?? []),
    ...reportsShown(context, site).map(({ claim }) => claim),
  ];
}

/** @param {Context} context @param {Site} site */
function stateBlock({ words, symbology, state, records }, site) {
  const look = { ...symbology.look(site), contested: false, disputed: false };
  const counts = site.reports_count
    ? t("reading.state.counts", {
        reports: counted("reading.count.reports", site.reports_count),
        sources: counted("reading.count.sources", site.sources_count),
        publishers: counted("reading.count.publishers", site.publishers_count),
      })
    : "";
  const around = site.parent_reports_count
    ? ` ${counted("reading.state.around", site.parent_reports_count)}`
    : "";
  return h(
    "section",
    { class: "state", data: { activity: site.activity ?? "unknown" } },
    h("h3", {}, t("reading.state.as_of", { day: longDate(state.to) })),
    h(
      "p",
      { class: "state-line" },
      symbology.icon((pen, x, y) => symbology.draw(pen, x, y, look)),
      h("span", {}, words.state(site)),
    ),
    counts ? h("p", { class: "muted" }, counts + around) : null,
    records.filter ? h("p", { class: "muted" }, t("reading.state.unfiltered")) : null,
    site.place_role === "context"
      ? h("p", { class: "muted" }, t("reading.state.orientation"))
      : null,
  );
}

/** Both sides of a contradiction, side by side. @param {Context} context @param {Site} site */
function contradiction(context, site) {
  const sides = [
    { title: t("reading.contested.runs"), runs: true },
    { title: t("reading.contested.stopped"), runs: false },
  ];
  const said = (/** @type {boolean} */ runs) =>
    (site.evidence ?? []).filter(
      (/** @type {any} */ item) => RUNS.includes(item.activity_after) === runs,
    );
  return h(
    "section",
    { class: "contested" },
    h("h3", {}, t("reading.contested.title")),
    h(
      "div",
      { class: "sides" },
      sides.map(({ title, runs }) =>
        h("div", { class: "side" }, h("h4", {}, title), said(runs).map(evidence(context))),
      ),
    ),
  );
}

/** @param {Context} context @returns {(item: Record<string, any>) => HTMLElement} */
const evidence = (context) => (item) =>
  isPartial(item) ? loading(item) : toldAs(context, item);

/** @param {Context} context @param {Record<string, any>} item */
const toldAs = (context, item) =>
  h(
    "article",
    { class: "evidence" },
    h(
      "p",
      {},
      h("strong", {}, capital(dateInWords(item.occurred))),
      ", ",
      stored(item.source_publisher),
      ` · ${item.reliability}${item.credibility}`,
      item.decides ? h("span", { class: "muted" }, ` ${t("reading.contested.decides")}`) : null,
    ),
    prose(item.summary, `evidence ${item.report_id}`),
    folded(`evidence ${item.report_id}`, t("reading.contested.source"), () => [
      // The evidence of a state has only part of the claim.
      sourceBlock(
        context,
        { ...context.records.reportById.get(item.report_id), ...item },
        "report",
      ),
    ]),
  );

/** @param {Context} context @param {Site} site */
function controlBlock(context, site) {
  const { words, symbology } = context;
  const control = site.control ?? [];
  const title = t("reading.control.title");
  if (!control.length) {
    return h(
      "section",
      {},
      h("h3", {}, title),
      h("p", { class: "muted" }, t("reading.control.none")),
    );
  }
  return h(
    "section",
    { class: "controls" },
    h(
      "h3",
      {},
      title,
      site.disputed
        ? h("span", { class: "tag tag-disputed" }, t("reading.control.disputed"))
        : null,
    ),
    [...symbology.role.values()].map(({ code, colour }) => {
      const items = control.filter((/** @type {any} */ item) => item.role === code);
      if (!items.length) return null;
      return [
        h("h4", { class: "role" }, swatch(colour), capital(words.meaning("role", code))),
        h(
          "ul",
          { class: "plain" },
          items.map((/** @type {any} */ item) => controlItem(context, item)),
        ),
      ];
    }),
  );
}

/** @param {string} colour */
export function swatch(colour) {
  const mark = h("span", { class: "swatch", "aria-hidden": "true" });
  mark.style.backgroundColor = colour;
  return mark;
}

/** Moves into and out of a place. @param {Context} context @param {Site} site */
function movesBlock(context, site) {
  const flows = context.records.flowsOf(site.site_id);
  if (!flows.length) return null;
  const { filter } = context.records;
  const seen = flows.filter((flow) => within(flow, context.state) && (filter?.flow(flow) ?? true));
  const outside = flows.length - seen.length;
  const part = (/** @type {"to" | "from"} */ side) => {
    const here = seen.filter(({ claim }) => claim[`${side}_site_id`] === site.site_id);
    if (!here.length) return null;
    return [
      h("h4", {}, t(`reading.site.moves_${side}`)),
      h(
        "ul",
        { class: "plain rows" },
        here.map(({ claim }) => h("li", {}, flowButton(context, claim))),
      ),
    ];
  };
  return h(
    "section",
    { class: "moves" },
    h("h3", {}, t("reading.site.moves")),
    part("to"),
    part("from"),
    seen.length ? null : h("p", { class: "muted" }, t("reading.site.no_moves")),
    outside ? h("p", { class: "muted" }, counted("reading.site.moves_outside", outside)) : null,
  );
}

/** @param {Context} context @param {Record<string, any>} claim */
export function flowButton({ words, actions }, claim) {
  const notes = [dateInWords(claim.moved)];
  if (claim.cause) notes.push(words.meaning("cause", claim.cause));
  return h(
    "button",
    {
      type: "button",
      class: "row",
      data: { key: `flow ${claim.flow_id}`, flow: claim.flow_id },
      onclick: () => actions.choose({ kind: "flow", id: claim.flow_id }),
    },
    h("span", { class: "row-name" }, storedName(words.route(claim))),
    h(
      "span",
      { class: "row-note" },
      `${notes.join(" · ")} · `,
      storedName(claim.source_publisher),
      ` · ${claim.reliability}${claim.credibility}`,
    ),
  );
}

/** @param {Context} context @param {Site} site */
function placeBlock({ words }, site) {
  const publisher = site.location_source_publisher;
  return h(
    "section",
    { class: "place" },
    h("h3", {}, t("reading.place.title")),
    h("p", {}, words.precision(site)),
    site.location_basis
      ? h(
          "p",
          { class: "muted" },
          told("reading.place.basis", { basis: stored(site.location_basis) }),
        )
      : null,
    site.location_source_title
      ? h(
          "p",
          { class: "muted" },
          told("reading.place.source", {
            source: sourceLink(site.location_source_url, site.location_source_title),
          }),
          publisher ? [", ", stored(publisher)] : null,
        )
      : null,
  );
}

/** @param {Context} context @param {Site} site */
function reportsShown({ records, state }, site) {
  const all = records.bySite.get(site.site_id) ?? [];
  return state.allReports ? all : all.filter(inWindow(records, state));
}

/**
 * Whether a report may fall within the window, and the filters leave it.
 * @param {import("./records.js").Records} records
 * @param {import("./hash.js").State} state
 */
const inWindow = ({ filter }, state) => (/** @type {import("./records.js").Report} */ report) =>
  within(report, state) && (filter?.report(report) ?? true);

/** @param {Context} context @param {Site} site */
function reportsBlock(context, site) {
  const { records, store, state } = context;
  const all = records.bySite.get(site.site_id) ?? [];
  const seen = all.filter(inWindow(records, state)).length;
  const filteredOut = all.filter((report) => within(report, state)).length - seen;
  const listed = reportsShown(context, site);
  const toggle = h("input", {
    type: "checkbox",
    checked: state.allReports,
    data: { key: "all-reports" },
    onchange: (/** @type {Event} */ event) =>
      store.set({ allReports: /** @type {HTMLInputElement} */ (event.target).checked }),
  });
  /** @param {import("./records.js").Report} report */
  const card = ({ claim }) => reportCard(context, claim);
  const rest = listed.length - CARDS;
  return h(
    "section",
    { class: "reports" },
    h("h3", {}, t("reading.reports.title")),
    h(
      "p",
      { class: "reports-count" },
      h(
        "span",
        {},
        t("reading.reports.in_window", {
          seen,
          reports: counted("reading.count.reports", all.length),
        }),
        filteredOut ? ` ${counted("reading.reports.filtered_out", filteredOut)}` : "",
      ),
      h("label", { class: "check" }, toggle, ` ${t("reading.reports.show_all")}`),
    ),
    listed.slice(0, CARDS).map(card),
    rest > 0
      ? folded(`rest ${site.site_id}`, counted("reading.reports.more", rest), () =>
          listed.slice(CARDS).map(card),
        )
      : null,
  );
}
