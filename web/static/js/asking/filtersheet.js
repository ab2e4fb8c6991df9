/** The sheet with every filter, what each choice would leave, and the way back to everything. */

import { button, fill, h } from "../dom.js";
import { t } from "../text.js";
import { country } from "../words.js";
import { ChoiceList, tell, Threshold } from "./choices.js";
import { CREDIBILITIES, isAsking, LISTS, regionKey, RELIABILITIES } from "./state.js";
import { tidy, tidyText, toggled } from "./state.js";

/**
 * @typedef {import("./state.js").Filters} Filters
 * @typedef {import("./claimindex.js").ClaimIndex} ClaimIndex
 * @typedef {import("./choices.js").Choice} Choice
 * @typedef {object} Labels how values are called
 * @property {(list: string, value: string) => string} of
 * @property {(list: string) => string[]} order codes in the order of their list, if it has one
 */

const TYPING_MS = 250;

export class FilterSheet {
  /**
   * @param {HTMLElement} root
   * @param {import("../store.js").Store} store
   * @param {Labels} labels
   */
  constructor(root, store, labels) {
    this.root = root;
    this.store = store;
    this.labels = labels;
    this.left = h("p", { class: "sheet-left" });
    this.clear = button(t("asking.clear"), () => this.reset(), { class: "clear" });
    this.words = /** @type {HTMLInputElement} */ (
      h("input", {
        type: "search",
        id: "filter-words",
        maxlength: 200,
        oninput: () => this.#typed(),
      })
    );
    this.publishers = this.#flag("publishers", true);
    this.window = this.#flag("window", false);
    this.members = this.#flag("members", false);
    const list = (/** @type {import("./state.js").List} */ name, open = false) =>
      new ChoiceList(
        name,
        t(`asking.list_${name}`),
        (value) => this.#set(toggled(this.store.state.filters, name, value)),
        { open, hint: HINTED.has(name) ? t(`asking.hint_${name}`) : "" },
      );
    /** @type {Map<string, ChoiceList>} */
    this.lists = new Map(LISTS.map((name) => [name, list(name, name === "country")]));
    this.thresholds = new Map([
      ["credibility", this.#threshold("credibility", CREDIBILITIES.map(String))],
      ["reliability", this.#threshold("reliability", RELIABILITIES)],
    ]);
    this.lists.get("actor")?.element.lastElementChild?.append(this.members.element);
    this.#build();
  }

  #build() {
    const { lists, thresholds } = this;
    const [country, region, kind, activity, event, actor, role, source] = LISTS.map(
      (name) => lists.get(name)?.element,
    );
    fill(
      this.root,
      h(
        "header",
        { class: "sheet-head" },
        h("h2", { tabindex: "-1" }, t("asking.filters")),
        this.clear,
        button(t("asking.close"), () => this.onClose(), { class: "sheet-close" }),
      ),
      h(
        "div",
        { class: "sheet-body", tabindex: "-1" },
        this.left,
        (this.explained = h("p", { class: "muted" }, t("asking.counts_explained"))),
        h(
          "div",
          { class: "field" },
          h("label", { for: "filter-words" }, t("asking.words")),
          this.words,
          h("p", { class: "muted" }, t("asking.words_hint")),
        ),
        [country, region, kind, activity, event, actor, role, source],
        [...thresholds.values()].map(({ element }) => element),
        this.publishers.element,
        this.window.element,
        h("p", { class: "muted" }, t("asking.states_stay")),
      ),
    );
  }

  onClose = () => {};

  /** @param {"publishers" | "window" | "members"} name @param {boolean} counted */
  #flag(name, counted) {
    const box = /** @type {HTMLInputElement} */ (
      h("input", {
        type: "checkbox",
        onchange: () => this.#set({ ...this.store.state.filters, [name]: box.checked }),
      })
    );
    const cells = [h("span", { class: "n" }), h("span", { class: "n" })];
    const row = h(
      "label",
      { class: "choice" },
      box,
      h("span", {}, t(`asking.only_${name}`)),
      counted ? cells : null,
    );
    const element = h(
      "div",
      { class: "flag", data: { list: name } },
      row,
      h("p", { class: "muted" }, t(`asking.hint_${name}`)),
    );
    return { element, box, row, cells };
  }

  /** @param {"credibility" | "reliability"} name @param {string[]} values */
  #threshold(name, values) {
    const steps = values.map((value) => ({ value, label: this.labels.of(name, value) }));
    return new Threshold(name, t(`asking.list_${name}`), steps, (value) =>
      this.#set({ ...this.store.state.filters, [name]: value || undefined }),
    );
  }

  /** @param {Filters} filters */
  #set(filters) {
    this.store.set({ filters: tidy(filters) });
  }

  #typed() {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.store.set({ q: tidyText(this.words.value) }), TYPING_MS);
  }

  /** One click back to everything. */
  reset() {
    this.store.set({ filters: tidy({}), q: "" }, { step: true });
  }

  /**
   * @param {ClaimIndex} index what there is to choose from
   * @param {Map<string, Record<string, any>> | null} sites to choose from where the reports are not here
   */
  choices(index, sites = null) {
    const weights = weigh(index);
    if (sites) this.#ofSites(weights, sites);
    for (const [name, list] of this.lists) {
      const order = this.labels.order(name);
      const rank = (/** @type {Choice} */ { value, weight }) =>
        order.length ? order.indexOf(value) : -weight;
      const choices = [...(weights.get(name) ?? [])]
        .filter(([value]) => value)
        .map(([value, weight]) => ({ value, weight, label: this.labels.of(name, value) }))
        .sort((a, b) => rank(a) - rank(b) || a.label.localeCompare(b.label));
      list.set(choices);
    }
    this.show(this.store.state);
  }

  /** @param {Map<string, Map<string, number>>} weights @param {Map<string, Record<string, any>>} sites */
  #ofSites(weights, sites) {
    for (const list of ["activity", "event", "source"])
      weights.set(list, new Map(this.labels.order(list).map((value) => [value, 1])));
    for (const list of ["country", "region", "kind"]) weights.set(list, new Map());
    for (const { country, admin1, kind } of sites.values()) {
      for (const [list, value] of [
        ["country", country],
        ["region", regionKey(country, admin1)],
        ["kind", kind],
      ]) {
        const values = /** @type {Map<string, number>} */ (weights.get(list));
        values.set(value, (values.get(value) ?? 0) + 1);
      }
    }
  }

  /** @param {import("../hash.js").State} state */
  show({ filters, q }) {
    for (const [name, list] of this.lists) list.check(filters[name] ?? []);
    this.thresholds.get("credibility")?.check(String(filters.credibility ?? ""));
    this.thresholds.get("reliability")?.check(filters.reliability ?? "");
    this.publishers.box.checked = Boolean(filters.publishers);
    this.window.box.checked = Boolean(filters.window);
    this.members.box.checked = Boolean(filters.members);
    this.members.box.disabled = !filters.actor;
    if (document.activeElement !== this.words) this.words.value = q;
    /** @type {HTMLButtonElement} */ (this.clear).disabled = !isAsking({ filters, q });
  }

  /** @param {import("./facets.js").Facets | null} facets null: too many to count each @param {string} left */
  count(facets, left) {
    if (!facets) {
      this.explained.textContent = t("asking.counts_by_service");
      this.root.classList.add("uncounted");
      if (this.left.textContent !== left) this.left.textContent = left;
      return;
    }
    for (const [name, list] of this.lists) list.count(facets.get(name));
    for (const [name, list] of this.thresholds) list.count(facets.get(name));
    const { row, cells } = this.publishers;
    tell(row, cells, facets.get("publishers")?.get("2"));
    if (this.left.textContent !== left) this.left.textContent = left;
  }
}

const HINTED = new Set(["activity", "actor", "event"]);

/** How many claims speak of each value. @param {ClaimIndex} index @returns {Map<string, Map<string, number>>} */
function weigh(index) {
  const weights = new Map();
  const add = (/** @type {string} */ list, /** @type {string} */ value) => {
    let values = weights.get(list);
    if (!values) weights.set(list, (values = new Map()));
    values.set(value, (values.get(value) ?? 0) + 1);
  };
  const { ofReport, ofSite } = index;
  for (let at = 0; at < ofReport.site.length; at++) {
    for (const list of /** @type {const} */ (["country", "region", "kind"]))
      add(list, index[list].values[ofSite[list][ofReport.site[at]]]);
    for (const list of /** @type {const} */ (["activity", "event", "source"]))
      add(list, index[list].values[ofReport[list][at]]);
  }
  for (const { claim } of index.claims.control) {
    add("actor", claim.actor_id);
    add("role", claim.role);
  }
  return weights;
}

/**
 * @param {import("../words.js").Words} words
 * @param {() => Map<string, Record<string, any>>} actors
 * @returns {Labels}
 */
export function labelsOf(words, actors) {
  const lists = { kind: "site_kind", event: "event_kind", role: "role", source: "source_kind" };
  return {
    of(list, value) {
      switch (list) {
        case "country":
          return country(value);
        case "region": {
          const [code, ...name] = value.split("/");
          return `${name.join("/")}, ${country(code)}`;
        }
        case "kind":
          return words.siteKind(value);
        case "activity":
          return words.activity(value);
        case "actor":
          return actors().get(value)?.name ?? value;
        case "credibility":
        case "reliability":
          return t(value === "1" || value === "A" ? "asking.grade" : "asking.grade_or_better", {
            grade: value,
            meaning: words.meaning(list, value),
          });
        default:
          return words.meaning(lists[list] ?? list, value);
      }
    },
    order(list) {
      if (list === "activity") return [...words.symbology.activity.keys()];
      return list in lists ? Object.keys(words.vocabulary[lists[list]] ?? {}) : [];
    },
  };
}
