/** What the symbols mean, and which layers are shown. */

import { fill, h } from "./dom.js";
import { drawArrow } from "./flows.js";
import { capital } from "./words.js";

/** Layers that can be switched off, by the name that stands in the address. */
export const LAYERS = {
  sites: "Sites",
  displacement: "Reported moves",
  circles: "Circles of precision",
  context: "Places for orientation",
  regions: "Region-wide reports",
};

/**
 * @param {HTMLElement} root
 * @param {import("./symbols.js").Symbology} symbology
 * @param {import("./store.js").Store} store
 * @param {{open: boolean}} options
 */
export function buildLegend(root, symbology, store, { open }) {
  const { states, rest } = entries(symbology);
  const boxes = Object.entries(LAYERS).map(([layer, label]) => layerSwitch(store, layer, label));
  fill(
    root,
    h(
      "details",
      { class: "legend", open },
      h("summary", {}, h("h2", {}, "Legend and layers")),
      h(
        "div",
        { class: "legend-body" },
        states,
        h("details", { class: "more" }, h("summary", {}, "All other symbols"), rest),
        h("fieldset", {}, h("legend", {}, "Shown on the map"), boxes),
      ),
    ),
  );
}

/** @param {import("./store.js").Store} store @param {string} layer @param {string} label */
function layerSwitch(store, layer, label) {
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
  return h("label", { class: "check" }, box, ` ${label}`);
}

/** @param {import("./symbols.js").Symbology} symbology */
function entries(symbology) {
  const { symbols } = symbology;
  const look = (/** @type {Record<string, any>} */ site) =>
    symbology.look({
      kind: "compound",
      place_role: "hotspot",
      activity: "active",
      age_days: 0,
      ...site,
    });
  const symbol = (/** @type {Record<string, any>} */ site, /** @type {string} */ label) =>
    entry(
      symbology.icon((context, x, y) => symbology.draw(context, x, y, look(site)), 26, 22),
      label,
    );
  const grey = { activity: "unknown" };
  const ages = symbols.age.map((/** @type {any} */ item, /** @type {number} */ index) => {
    const days = index ? symbols.age[index - 1].max_age_days + 1 : 0;
    return symbol({ age_days: days }, item.label);
  });
  const shapes = Object.entries(symbols.shape_labels).map(([shape, label]) => {
    const kind = symbols.kind.find((/** @type {any} */ item) => item.shape === shape);
    return symbol({ ...grey, kind: kind.code }, label);
  });
  const gathered = symbology.icon(
    (context, x, y) => {
      const looks = ["expanding", "active", "active", "reduced", "unknown"].map((activity) =>
        look({ activity }),
      );
      symbology.drawGathered(context, x, y, looks);
    },
    34,
    34,
  );
  const states = symbols.activity.map((/** @type {any} */ item) =>
    symbol({ activity: item.code }, item.label),
  );
  const rest = [
    group("Faded by age of the last report", ages),
    group("Kind of place", [
      ...shapes,
      symbol({ place_role: "context" }, symbology.place.get("context").label),
      entry(gathered, "several sites gathered: number, and share by state"),
    ]),
    group("Differing claims", [
      symbol({ contested: true }, symbology.rings.get("contested").label),
      symbol({ disputed: true }, symbology.rings.get("disputed").label),
    ]),
    group("Moves in the window", flowEntries(symbology)),
    group("Precision", [entry(circle(symbology), "the place lies somewhere within the circle")]),
  ];
  return { states: group("State at the date shown", states), rest };
}

/** @param {import("./symbols.js").Symbology} symbology */
function flowEntries(symbology) {
  const { flow, paper } = symbology.symbols;
  const arrow = (/** @type {number} */ credibility, /** @type {boolean} */ open = false) =>
    symbology.icon(
      (context, _, y) => {
        const { opacity, dash } = symbology.flow.get(credibility);
        const line = Array.from({ length: 20 }, (_, step) => [
          3 + step * 2,
          y + 3 - Math.sin((step / 19) * 3) * 5,
        ]);
        const style = { colour: flow.colour, width: flow.width_px, opacity, dash, paper };
        drawArrow(
          context,
          /** @type {any} */ ({ line, fades: { start: false, end: open } }),
          style,
        );
      },
      46,
      18,
    );
  return [
    entry(arrow(1), flow.label),
    entry(arrow(3), "fainter: less credible claim"),
    entry(arrow(4), "dashed: doubtful claim"),
    entry(arrow(1, true), flow.unknown_end_label),
  ];
}

/** @param {import("./symbols.js").Symbology} symbology */
function circle(symbology) {
  const { ink } = symbology.symbols;
  return symbology.icon((context, x, y) => {
    context.beginPath();
    context.arc(x, y, 8, 0, 2 * Math.PI);
    context.fillStyle = `${ink}14`;
    context.fill();
    context.setLineDash([2, 3]);
    context.strokeStyle = `${ink}90`;
    context.stroke();
  });
}

/** @param {string} title @param {Node[]} items */
const group = (title, items) =>
  h("section", {}, h("h3", {}, title), h("ul", { class: "plain" }, items));

/** @param {Node} icon @param {string} label */
const entry = (icon, label) => h("li", {}, icon, h("span", {}, capital(label)));
