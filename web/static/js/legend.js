/** What the symbols mean and how many are in view; what colours stand for, and which layers are shown. */

import { fill, h, stored } from "./dom.js";
import { COLOURINGS } from "./symbols.js";
import { samples } from "./place/samples.js";
import { number, t } from "./text.js";
import { capital } from "./words.js";

/** Layers that can be switched off, by the name that stands in the address; their texts' keys. */
export const LAYERS = {
  sites: "place.layer.sites",
  quiet: "place.layer.quiet",
  displacement: "place.layer.displacement",
  circles: "place.layer.circles",
  context: "place.layer.context",
  regions: "place.layer.regions",
};

/** @typedef {import("./place/tally.js").Counts} Counts */

export class Legend {
  /**
   * @param {HTMLElement} root
   * @param {object} page
   * @param {import("./symbols.js").Symbology} page.symbology
   * @param {import("./store.js").Store} page.store
   * @param {import("./overlay.js").Overlay} page.overlay
   * @param {{open: boolean}} options
   */
  constructor(root, { symbology, store, overlay }, { open }) {
    this.symbology = symbology;
    this.store = store;
    /** @type {Counts | null} */
    this.counts = null;
    /** @type {Map<string, HTMLElement>} entries by what they count */
    this.entries = new Map();
    this.first = h("div", {});
    this.rest = h("div", {});
    const colouring = h("fieldset", { class: "colouring" }, [
      h("legend", {}, t("place.colour.by")),
      COLOURINGS.map((code) => this.#radio(code)),
    ]);
    const layers = Object.keys(LAYERS).map((layer) => this.#switch(layer));
    const body = h("div", { class: "legend-body" }, [
      colouring,
      this.first,
      h("details", { class: "more" }, h("summary", {}, t("place.legend.others")), this.rest),
      h("fieldset", {}, h("legend", {}, t("place.legend.layers")), layers),
    ]);
    const title = h("summary", {}, h("h2", {}, t("place.legend.title")));
    const details = h("details", { class: "legend", open }, title, body);
    fill(root, details);
    this.render();
    overlay.tally.onCounts = (counts) => this.#count(counts);
    document.addEventListener("schemechange", () => this.render());
    store.subscribe((_, changed) => changed.has("off") && this.render());
    new ResizeObserver(() => overlay.update({ cover: boxOf(root) })).observe(details);
  }

  /** @param {import("./symbols.js").Colouring} code */
  #radio(code) {
    const props = { type: "radio", name: "colour", value: code };
    const input = /** @type {HTMLInputElement} */ (h("input", props));
    input.addEventListener("change", () => input.checked && this.store.set({ colour: code }));
    const show = () => (input.checked = this.store.state.colour === code);
    this.store.subscribe((_, changed) => changed.has("colour") && show());
    show();
    return h("label", { class: "check" }, input, ` ${t(`place.colour.${code}`)}`);
  }

  /** @param {string} layer */
  #switch(layer) {
    const { store } = this;
    const box = /** @type {HTMLInputElement} */ (h("input", { type: "checkbox", name: layer }));
    const show = () => (box.checked = !store.state.off.has(layer));
    box.addEventListener("change", () => {
      const off = new Set(store.state.off);
      if (box.checked) off.delete(layer);
      else off.add(layer);
      store.set({ off });
    });
    store.subscribe((_, changed) => changed.has("off") && show());
    show();
    return h("label", { class: "check" }, box, ` ${t(LAYERS[layer])}`);
  }

  /** Draw what is on: the symbols of the layers that are shown, in the colours chosen. */
  render() {
    const { off } = this.store.state;
    this.entries.clear();
    const groups = samples(this.symbology)
      .filter(({ layers }) => layers.some((layer) => !off.has(layer)))
      .map((group) => ({ group, node: this.#group(group) }));
    fill(this.first, groups.filter(({ group }) => group.first).map(({ node }) => node));
    fill(this.rest, groups.filter(({ group }) => !group.first).map(({ node }) => node));
    this.#write();
  }

  /** @param {import("./place/samples.js").Group} group */
  #group({ title, items }) {
    const nodes = items.map(({ icon, label, counts, named }) => {
      const text = h("span", {}, named ? stored(label) : capital(label));
      const node = h("li", {}, icon, text, h("span", { class: "count" }));
      if (counts) this.entries.set(counts, node);
      return node;
    });
    return h("section", {}, h("h3", {}, title), h("ul", { class: "plain" }, nodes));
  }

  /** @param {Counts} counts */
  #count(counts) {
    this.counts = counts;
    this.#write();
  }

  #write() {
    if (!this.counts) return;
    const { classes, shapes, flows, marks } = this.counts;
    const by = { class: classes, shape: shapes, flow: flows };
    for (const [key, node] of this.entries) {
      const [kind, code] = key.split(/:(.*)/s);
      const found = by[kind] ?? new Map(Object.entries(marks));
      const count = found.get(kind === "flow" ? Number(code) : code) ?? 0;
      const place = /** @type {HTMLElement} */ (node.lastChild);
      if (place.textContent !== number(count)) {
        place.replaceChildren(number(count));
        place.title = t("place.legend.in_view", { count });
      }
      node.classList.toggle("none", count === 0);
    }
  }
}

/** @param {HTMLElement} root @returns {import("./labels.js").Box} from the map's corner */
function boxOf(root) {
  const { offsetLeft: left, offsetTop: top, offsetWidth: width, offsetHeight: height } = root;
  return { left, top, right: left + width, bottom: top + height };
}
