/** The side panel: an overview, or the site, the flow or the gathered sites that are chosen. */

import { plural } from "./days.js";
import { dateInWords } from "./edtf.js";
import { button, fill, h, stored } from "./dom.js";
import { sourceBlock } from "./cards.js";
import { flowButton, siteView } from "./sitepanel.js";
import { capital } from "./words.js";

/**
 * @typedef {object} Actions
 * @property {(choice: import("./hash.js").Choice | null) => void} choose
 * @property {(site: Record<string, any>) => void} zoomTo
 * @typedef {object} Context what every view of the panel is made from
 * @property {import("./hash.js").State} state
 * @property {import("./store.js").Store} store
 * @property {import("./records.js").Records} records
 * @property {import("./words.js").Words} words
 * @property {import("./symbols.js").Symbology} symbology
 * @property {Map<string, Record<string, any>>} sites of the day shown, by id
 * @property {string[]} inView ids of the sites in the visible part of the map
 * @property {string[]} gathered ids of the sites of the chosen gathered symbol
 * @property {Actions} actions
 */

const LISTED = 300;

export class Panel {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.body = h("div", { class: "panel-body" });
    this.handle = h("button", {
      type: "button",
      class: "sheet-handle",
      "aria-controls": "panel-body",
      onclick: () => this.open(!this.isOpen),
    });
    this.body.id = "panel-body";
    this.root = root;
    this.view = "";
    fill(root, this.handle, this.body);
    this.open(false);
  }

  /** On a narrow screen the panel is a sheet that opens and closes. @param {boolean} open */
  open(open) {
    this.isOpen = open;
    this.root.dataset.sheet = open ? "open" : "closed";
    this.handle.setAttribute("aria-expanded", String(open));
    this.#title();
  }

  /** Bring the keyboard to the list. */
  enter() {
    this.open(true);
    this.#focusHeading();
  }

  #title() {
    const title = this.isOpen ? null : this.body.querySelector("h2")?.textContent;
    fill(this.handle, this.isOpen ? "Back to the map" : stored(title ?? "Sites and reports"));
  }

  /** @param {Context} context */
  render(context) {
    const { choice } = context.state;
    const view = choice ? `${choice.kind} ${choice.id}` : "";
    const same = view === this.view;
    const scroll = same ? this.body.scrollTop : 0;
    const focused = document.activeElement;
    const key = this.body.contains(focused)
      ? focused?.closest("[data-key]")?.getAttribute("data-key")
      : null;
    const unfolded = same
      ? [...this.body.querySelectorAll("details[open]")].map((item) =>
          item.getAttribute("data-key"),
        )
      : [];
    fill(this.body, choice ? backButton(context) : null, this.#content(context));
    for (const item of this.body.querySelectorAll("details")) {
      if (unfolded.includes(item.getAttribute("data-key"))) item.setAttribute("open", "");
    }
    this.body.scrollTop = scroll;
    this.view = view;
    this.#title();
    if (same && key) this.#focus(key);
    else if (!same && key) this.#focusHeading();
  }

  /** @param {string} key */
  #focus(key) {
    const found = [...this.body.querySelectorAll("[data-key]")].find(
      (item) => item.getAttribute("data-key") === key,
    );
    const target = found?.matches("details") ? found.querySelector("summary") : found;
    /** @type {HTMLElement | null | undefined} */ (target)?.focus({ preventScroll: true });
  }

  #focusHeading() {
    const heading = this.body.querySelector("h2");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }

  /** @param {Context} context @returns {(Node | null)[]} */
  #content(context) {
    const { choice } = context.state;
    if (choice?.kind === "site") {
      const site = context.sites.get(choice.id) ?? unreported(context, choice.id);
      return site ? siteView(context, site) : [missing("site")];
    }
    if (choice?.kind === "flow") {
      const flow = context.records.flows.find(({ id }) => id === choice.id);
      return flow ? flowView(context, flow.claim) : [missing("move")];
    }
    if (choice?.kind === "place") return placeView(context);
    return overview(context);
  }
}

/** @param {Context} context */
function backButton({ actions }) {
  return button("Back to all sites in view", () => actions.choose(null), {
    class: "back",
    data: { key: "back" },
  });
}

/** @param {string} what */
function missing(what) {
  return h("h2", { tabindex: "-1" }, `No ${what} of this name is in the atlas`);
}

/**
 * What can be said of a site that no report names by the date shown.
 * @param {Context} context
 * @param {string} id
 */
function unreported({ records }, id) {
  const first = records.bySite.get(id)?.[0]?.claim;
  if (!first) return null;
  return {
    site_id: id,
    name: first.site_name,
    kind: first.site_kind,
    country: first.country,
    admin1: first.admin1,
    precision_m: first.precision_m,
    place_role: first.place_role,
    activity: "unknown",
    age_days: null,
    reports_count: 0,
    evidence: [],
    control: [],
  };
}

/** @param {Context} context */
function overview(context) {
  const { sites, inView, records, state } = context;
  const seen = inView.map((id) => sites.get(id)).filter(Boolean);
  const places = seen.filter((site) => !context.symbology.isRegion(site));
  const hotspots = places.filter((site) => site?.place_role !== "context").sort(byState(context));
  const around = places.filter((site) => site?.place_role === "context").sort(byState(context));
  const regions = [...sites.values()].filter((site) => context.symbology.isRegion(site));
  const counts = records.countBySite(state);
  const told = regions.filter((site) => counts.get(site.site_id));
  const flows = records.flowsIn(state);
  return [
    h("h2", { tabindex: "-1" }, `Sites in view: ${hotspots.length}`),
    h(
      "p",
      { class: "muted" },
      "Every state is as reported. Choose a site on the map or here to read who said so.",
    ),
    rows(context, hotspots, counts),
    around.length
      ? h(
          "details",
          { data: { key: "around" } },
          h("summary", {}, `Places for orientation in view: ${around.length}`),
          rows(context, around, counts),
        )
      : null,
    h(
      "details",
      { data: { key: "regions" } },
      h("summary", {}, `Region-wide reports in the window: ${told.length} regions`),
      told.length
        ? rows(context, told, counts)
        : h("p", { class: "muted" }, "No report of the window speaks of a whole state or country."),
    ),
    h(
      "details",
      { data: { key: "flows" } },
      h("summary", {}, `Reported moves in the window: ${flows.length}`),
      h(
        "ul",
        { class: "plain rows" },
        flows.map(({ claim }) => h("li", {}, flowButton(context, claim))),
      ),
    ),
  ];
}

/** @param {Context} context */
function byState({ symbology }) {
  const order = [...symbology.activity.keys()];
  return (/** @type {any} */ a, /** @type {any} */ b) =>
    order.indexOf(a.activity) - order.indexOf(b.activity) || a.name.localeCompare(b.name, "en");
}

/** @param {Context} context @param {any[]} sites @param {Map<string, number>} counts */
function rows({ symbology, words, actions }, sites, counts) {
  if (!sites.length) return h("p", { class: "muted" }, "None here at this date.");
  const listed = sites.slice(0, LISTED);
  return h(
    "div",
    {},
    h(
      "ul",
      { class: "plain rows" },
      listed.map((site) => {
        const look = { ...symbology.look(site), contested: false, disputed: false };
        const notes = [words.activity(site.activity)];
        if (site.contested) notes.push("contested");
        if (site.disputed) notes.push("control disputed");
        const count = counts.get(site.site_id);
        if (count) notes.push(`${plural(count, "report")} in the window`);
        return h(
          "li",
          {},
          h(
            "button",
            {
              type: "button",
              class: "row",
              data: { key: `site ${site.site_id}`, site: site.site_id },
              onclick: () => actions.choose({ kind: "site", id: site.site_id }),
            },
            symbology.icon((pen, x, y) => symbology.draw(pen, x, y, look)),
            h("span", { class: "row-name" }, stored(site.name)),
            h("span", { class: "row-note" }, notes.join(" · ")),
          ),
        );
      }),
    ),
    sites.length > LISTED
      ? h("p", { class: "muted" }, `and ${sites.length - LISTED} more: zoom in to list them`)
      : null,
  );
}

/** @param {Context} context */
function placeView(context) {
  const sites = context.gathered.map((id) => context.sites.get(id)).filter(Boolean);
  const counts = context.records.countBySite(context.state);
  const points = new Set(sites.map((site) => JSON.stringify(site?.point)));
  return [
    h("h2", { tabindex: "-1" }, `${plural(sites.length, "site")} gathered here`),
    h(
      "p",
      { class: "muted" },
      points.size === 1 && sites.length > 1
        ? "They share one point: for most of them no source gives a position of its own, so that of their town is taken."
        : "They lie close together at this scale; zoom in to part them.",
    ),
    rows(context, sites.sort(byState(context)), counts),
  ];
}

/** @param {Context} context @param {Record<string, any>} claim */
function flowView(context, claim) {
  const { words, records, actions } = context;
  const rivals = records.flows.filter(
    ({ claim: other }) =>
      other.flow_id !== claim.flow_id &&
      other.from_site_id === claim.from_site_id &&
      other.to_site_id === claim.to_site_id,
  );
  const end = (/** @type {"from" | "to"} */ side) => {
    const id = claim[`${side}_site_id`];
    if (!id) return null;
    const open = () => actions.choose({ kind: "site", id });
    return button(
      `Open ${claim[`${side}_name`]}`,
      open,
      { data: { key: side } },
      "Open ",
      stored(claim[`${side}_name`]),
    );
  };
  return [
    h("p", { class: "kicker" }, "Reported move of activity or people"),
    h("h2", { tabindex: "-1" }, stored(words.route(claim))),
    h("p", { class: "tools" }, end("from"), end("to")),
    h(
      "article",
      { class: "card", data: { flow: claim.flow_id } },
      h(
        "p",
        { class: "card-when" },
        h("strong", {}, capital(dateInWords(claim.moved))),
        h(
          "span",
          { class: "tag" },
          claim.cause ? `reported cause: ${words.meaning("cause", claim.cause)}` : "no cause given",
        ),
      ),
      h("p", { class: "summary" }, stored(claim.summary)),
      words.people({ ...claim, people_kind: null })
        ? h(
            "p",
            { class: "people" },
            `Reported number: ${words.people({ ...claim, people_kind: null })}`,
          )
        : null,
      sourceBlock(claim, words),
    ),
    rivals.length
      ? h(
          "section",
          {},
          h("h3", {}, "Other claims between the same places"),
          h(
            "ul",
            { class: "plain rows" },
            rivals.map((flow) => h("li", {}, flowButton(context, flow.claim))),
          ),
        )
      : null,
  ];
}
