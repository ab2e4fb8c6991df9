/** The side panel: a list of what is in view, or the site, flow, actor or page that is chosen. */

import { button, fill, h, plainText, stored } from "./dom.js";
import { actorView } from "./reading/actorview.js";
import { flowView } from "./reading/flowview.js";
import { methodView } from "./reading/methodview.js";
import { overview, placeView } from "./reading/overview.js";
import { UNFOLD } from "./reading/tools.js";
import { siteView } from "./sitepanel.js";
import { t } from "./text.js";

/**
 * @typedef {object} Actions
 * @property {(choice: import("./hash.js").Choice | null) => void} choose
 * @property {(site: Record<string, any>) => void} zoomTo
 * @typedef {object} Context what every view of the panel is made from
 * @property {Record<string, any>} config what the page was told
 * @property {import("./hash.js").State} state
 * @property {import("./store.js").Store} store
 * @property {import("./records.js").Records} records
 * @property {import("./words.js").Words} words
 * @property {import("./symbols.js").Symbology} symbology
 * @property {Map<string, Record<string, any>>} sites of the day shown that the filters leave, by id
 * @property {Map<string, Record<string, any>>} allSites of the day shown
 * @property {string[]} inView ids of the sites in the visible part of the map
 * @property {number[]} bounds of the visible part: west, south, east, north in degrees
 * @property {string[]} gathered ids of the sites of the chosen gathered symbol
 * @property {Actions} actions
 */

/** A title longer than this says no more to who hears it. */
const LONGEST_TITLE = 80;

export class Panel {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.body = h("div", { class: "panel-body", id: "panel-body" });
    this.handle = h("button", {
      type: "button",
      class: "sheet-handle",
      "aria-controls": "panel-body",
      onclick: () => this.open(!this.isOpen),
    });
    this.trail = h("nav", { class: "trail", "aria-label": t("reading.trail.label") });
    this.root = root;
    this.view = "";
    this.linked = false;
    /** @type {Map<string, number>} how far each step of the history was read */
    this.scrolls = new Map();
    fill(root, this.handle, this.trail, this.body, h("p", { class: "unseen", role: "status" }));
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") root.dataset.tips = "off";
    });
    for (const back of ["pointerover", "focusin"]) {
      root.addEventListener(back, () => delete root.dataset.tips);
    }
    this.open(false);
  }

  /** What is open, in a few words; empty before anything is. */
  get title() {
    return plainText(this.body.querySelector("h2")?.textContent, LONGEST_TITLE);
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
    const closed = stored(this.title || t("reading.panel.title"));
    fill(this.handle, this.isOpen ? t("reading.panel.back_to_map") : closed);
  }

  /**
   * The page's links to the method open it here; with a key held, as every link does.
   * @param {Context} context
   */
  #takeLinks({ config, actions }) {
    if (this.linked) return;
    this.linked = true;
    for (const link of document.querySelectorAll(`header a[href="${config.method_url}"]`)) {
      link.addEventListener("click", (event) => {
        const { ctrlKey, metaKey, shiftKey } = /** @type {MouseEvent} */ (event);
        if (ctrlKey || metaKey || shiftKey) return;
        event.preventDefault();
        link.closest("details")?.removeAttribute("open");
        actions.choose({ kind: "page", id: "method" });
        this.open(true);
      });
    }
  }

  /** @param {Context} context */
  render(context) {
    this.#takeLinks(context);
    const { choice } = context.state;
    const view = choice ? `${choice.kind} ${choice.id}` : "";
    const { step } = context.store;
    const same = view === this.view && step === this.step;
    if (this.step !== undefined) this.scrolls.set(this.step, this.body.scrollTop);
    const focused = document.activeElement;
    const inside = this.root.contains(focused) && focused !== this.handle;
    const key = focused?.closest("[data-key]")?.getAttribute("data-key");
    const place = this.#focusable().indexOf(/** @type {HTMLElement} */ (focused));
    const unfolded = same ? this.#unfolded() : new Set();
    fill(this.trail, trail(context));
    fill(this.body, this.#content(context));
    for (const item of this.body.querySelectorAll("details")) {
      if (!unfolded.has(item.dataset.key)) continue;
      item.open = true;
      item.dispatchEvent(new Event(UNFOLD));
    }
    this.body.scrollTop = this.scrolls.get(step) ?? 0;
    this.view = view;
    this.step = step;
    this.#title();
    if (inside && !same) this.#focusHeading();
    else if (inside) this.#focus(key, place);
  }

  /** What can hold the keyboard, in order. @returns {HTMLElement[]} */
  #focusable() {
    return [...this.root.querySelectorAll("a, button, summary, input, [tabindex]")];
  }

  #unfolded() {
    const open = this.body.querySelectorAll("details[open]");
    return new Set([...open].map((item) => /** @type {HTMLElement} */ (item).dataset.key));
  }

  /**
   * Give the keyboard back to what held it: it is known by its key, or by its place.
   * @param {string | null | undefined} key
   * @param {number} place
   */
  #focus(key, place) {
    const keyed = key && [...this.root.querySelectorAll("[data-key]")];
    const found = keyed && keyed.find((item) => item.getAttribute("data-key") === key);
    const target = found && !found.matches("details") ? found : this.#focusable()[place];
    /** @type {HTMLElement | undefined} */ (target)?.focus({ preventScroll: true });
    if (!this.root.contains(document.activeElement)) this.#focusHeading();
  }

  #focusHeading() {
    const heading = this.body.querySelector("h2");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }

  /** @param {Context} context @returns {import("./dom.js").Child[]} */
  #content(context) {
    const { choice } = context.state;
    if (choice?.kind === "site") {
      const site = context.allSites.get(choice.id) ?? unreported(context, choice.id);
      return site ? siteView(context, site) : missing("site");
    }
    if (choice?.kind === "flow") {
      const flow = context.records.flows.find(({ id }) => id === choice.id);
      return flow ? flowView(context, flow.claim) : missing("flow");
    }
    if (choice?.kind === "actor") {
      const actor = context.records.actors.get(choice.id);
      return actor ? actorView(context, actor) : missing("actor");
    }
    if (choice?.kind === "page") {
      return choice.id === "method" ? methodView(context) : missing("page");
    }
    if (choice?.kind === "place") return placeView(context);
    return overview(context);
  }
}

/** Back and forward through what was opened, and out of it. @param {Context} context */
function trail({ store, actions, state }) {
  const { canGoBack, canGoForward } = store;
  if (!state.choice && !canGoBack && !canGoForward) return null;
  return [
    button(t("reading.trail.back"), () => history.back(), {
      class: "step step-back",
      disabled: !canGoBack,
      data: { key: "trail back" },
    }),
    button(t("reading.trail.forward"), () => history.forward(), {
      class: "step step-forward",
      disabled: !canGoForward,
      data: { key: "trail forward" },
    }),
    state.choice
      ? button(t("reading.trail.all"), () => actions.choose(null), {
          class: "back",
          data: { key: "back" },
        })
      : null,
  ];
}

/** @param {"site" | "flow" | "actor" | "page"} what */
function missing(what) {
  return [h("h2", { tabindex: "-1" }, t(`reading.missing.${what}`))];
}

/**
 * What can be said of a site that no report names by the date shown.
 * @param {Context} context
 * @param {string} id
 */
function unreported({ records }, id) {
  const first = (records.bySite.get(id) ?? records.controlOf(id))[0]?.claim;
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
