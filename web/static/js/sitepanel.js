/** The panel for a chosen site: state, control, moves, place, reports. */

import { longDate, plural } from "./days.js";
import { dateInWords } from "./edtf.js";
import { button, h, sourceLink, stored } from "./dom.js";
import { controlItem, reportCard, sourceBlock } from "./cards.js";
import { capital } from "./words.js";
import { within } from "./records.js";

/**
 * @typedef {import("./panel.js").Context} Context
 * @typedef {Record<string, any>} Site
 */

/** @param {Context} context @param {Site} site @returns {(Node | null)[]} */
export function siteView(context, site) {
  const { words, state } = context;
  return [
    h(
      "p",
      { class: "kicker" },
      `${capital(words.siteKind(site.kind))} · `,
      stored(words.whereabouts(site)),
    ),
    names(context, site),
    stateBlock(context, site),
    site.contested ? contradiction(context, site) : null,
    controlBlock(context, site),
    movesBlock(context, site),
    placeBlock(context, site),
    site.note ? h("section", {}, h("h3", {}, "Note"), h("p", {}, stored(site.note))) : null,
    reportsBlock(context, site, state),
  ];
}

/** @param {Context} context @param {Site} site */
function names({ actions }, site) {
  const others = site.names_other ?? [];
  return h(
    "header",
    { class: "names" },
    h("h2", { tabindex: "-1" }, stored(site.name)),
    others.length
      ? h(
          "p",
          { class: "other-names" },
          h("span", { class: "unseen" }, "Also: "),
          others.map((/** @type {string} */ name, /** @type {number} */ index) => [
            index ? " · " : "",
            stored(name),
          ]),
        )
      : null,
    h(
      "p",
      { class: "tools" },
      button("Zoom to it", () => actions.zoomTo(site), { data: { key: "zoom" } }),
      site.parent_site_id
        ? button(
            `Part of ${site.parent_name}`,
            () => actions.choose({ kind: "site", id: site.parent_site_id }),
            { data: { key: "parent" } },
            "Part of ",
            stored(site.parent_name),
          )
        : null,
    ),
  );
}

/** @param {Context} context @param {Site} site */
function stateBlock({ words, symbology, state }, site) {
  const look = symbology.look({ ...site, contested: false, disputed: false });
  const counts = site.reports_count
    ? `${plural(site.reports_count, "report")} from ${plural(site.sources_count, "source")} of ` +
      `${plural(site.publishers_count, "publisher")} by this date.`
    : null;
  const parent = site.parent_reports_count
    ? ` ${plural(site.parent_reports_count, "report")} on the wider area ${site.parent_reports_count === 1 ? "does" : "do"} not name this place.`
    : "";
  return h(
    "section",
    { class: "state", data: { activity: site.activity ?? "unknown" } },
    h("h3", {}, `As of ${longDate(state.to)}`),
    h(
      "p",
      { class: "state-line" },
      symbology.icon((context, x, y) => symbology.draw(context, x, y, look)),
      h("span", {}, words.state(site)),
    ),
    counts ? h("p", { class: "muted" }, counts + parent) : null,
    site.place_role === "context"
      ? h(
          "p",
          { class: "muted" },
          "Shown for orientation: not itself a place of reported scam operations.",
        )
      : null,
  );
}

const RUNS = ["active", "expanding"];

/** Both sides of a contradiction, side by side. @param {Context} context @param {Site} site */
function contradiction({ words }, site) {
  const sides = [
    { title: "Reported active or expanding", runs: true },
    { title: "Reported reduced or closed", runs: false },
  ];
  return h(
    "section",
    { class: "contested" },
    h("h3", {}, "Contested: reports of that time differ"),
    h(
      "div",
      { class: "sides" },
      sides.map(({ title, runs }) =>
        h(
          "div",
          { class: "side" },
          h("h4", {}, title),
          site.evidence
            .filter((/** @type {any} */ item) => RUNS.includes(item.activity_after) === runs)
            .map((/** @type {any} */ item) =>
              h(
                "details",
                { data: { key: `evidence ${item.report_id}` } },
                h(
                  "summary",
                  {},
                  `${capital(dateInWords(item.occurred))}: `,
                  stored(item.source_publisher),
                  item.decides
                    ? h("span", { class: "muted" }, " (latest; shown on the map)")
                    : null,
                ),
                h("p", { class: "summary" }, stored(item.summary)),
                sourceBlock(item, words),
              ),
            ),
        ),
      ),
    ),
  );
}

/** @param {Context} context @param {Site} site */
function controlBlock({ words, symbology }, site) {
  const control = site.control ?? [];
  if (!control.length) {
    return h(
      "section",
      {},
      h("h3", {}, "Who is said to control it"),
      h("p", { class: "muted" }, "No claim on this place covers this date."),
    );
  }
  const roles = [...symbology.role.values()];
  return h(
    "section",
    { class: "controls" },
    h(
      "h3",
      {},
      "Who is said to control it",
      site.disputed ? h("span", { class: "tag tag-disputed" }, "disputed") : null,
    ),
    roles.map(({ code, colour }) => {
      const items = control.filter((/** @type {any} */ item) => item.role === code);
      if (!items.length) return null;
      const heading = h(
        "h4",
        { class: "role" },
        swatch(colour),
        capital(words.meaning("role", code)),
      );
      return [
        heading,
        h(
          "ul",
          { class: "plain" },
          items.map((/** @type {any} */ item) => controlItem(item, words)),
        ),
      ];
    }),
  );
}

/** @param {string} colour */
function swatch(colour) {
  const mark = h("span", { class: "swatch", "aria-hidden": "true" });
  mark.style.backgroundColor = colour;
  return mark;
}

/** @param {Context} context @param {Site} site */
function movesBlock(context, site) {
  const flows = context.records.flowsOf(site.site_id);
  if (!flows.length) return null;
  const seen = flows.filter((flow) => within(flow, context.state));
  const [outside] = [flows.length - seen.length];
  return h(
    "section",
    {},
    h("h3", {}, "Reported moves from and to here"),
    seen.length
      ? h(
          "ul",
          { class: "plain rows" },
          seen.map(({ claim }) => h("li", {}, flowButton(context, claim))),
        )
      : h("p", { class: "muted" }, "None in the window."),
    outside
      ? h(
          "p",
          { class: "muted" },
          `${plural(outside, "more")} outside the window.`.replace("mores", "more"),
        )
      : null,
  );
}

/** @param {Context} context @param {Record<string, any>} claim */
export function flowButton({ words, actions }, claim) {
  return button(
    words.route(claim),
    () => actions.choose({ kind: "flow", id: claim.flow_id }),
    { class: "row", "aria-label": null, title: null, data: { key: `flow ${claim.flow_id}` } },
    h("span", { class: "row-name" }, stored(words.route(claim))),
    h("span", { class: "row-note" }, dateInWords(claim.moved, "event")),
  );
}

/** @param {Context} context @param {Site} site */
function placeBlock({ words }, site) {
  return h(
    "section",
    {},
    h("h3", {}, "Where it is, and how exactly"),
    h("p", {}, words.precision(site)),
    site.location_basis ? h("p", { class: "muted" }, "Basis: ", stored(site.location_basis)) : null,
    site.location_source_title
      ? h(
          "p",
          { class: "muted" },
          "Position from: ",
          sourceLink(site.location_source_url, site.location_source_title),
          site.location_source_publisher ? [", ", stored(site.location_source_publisher)] : null,
        )
      : null,
  );
}

/** @param {Context} context @param {Site} site @param {import("./hash.js").State} state */
function reportsBlock({ records, words, store }, site, state) {
  const all = records.bySite.get(site.site_id) ?? [];
  const seen = all.filter((report) => within(report, state));
  const listed = state.allReports ? all : seen;
  const toggle = h("input", {
    type: "checkbox",
    checked: state.allReports,
    data: { key: "all-reports" },
    onchange: (/** @type {Event} */ event) =>
      store.set({ allReports: /** @type {HTMLInputElement} */ (event.target).checked }),
  });
  return h(
    "section",
    { class: "reports" },
    h("h3", {}, "Reports, newest first"),
    h(
      "p",
      { class: "reports-count" },
      `${seen.length} of ${plural(all.length, "report")} may fall within the window.`,
      h("label", { class: "check" }, toggle, " show all"),
    ),
    listed.map(({ claim }) => reportCard(claim, words)),
  );
}
