/** The entries of the legend: a symbol of each sort, drawn as the map draws it. */

import { t } from "../text.js";
import { drawArrow } from "./arrows.js";

/**
 * @typedef {object} Item
 * @property {HTMLElement} icon
 * @property {string} label
 * @property {string} [counts] which count stands beside it: `class:active`, `flow:2`, `mark:stale` …
 * @property {boolean} [named] whether the label is stored text
 * @typedef {object} Group
 * @property {string} title
 * @property {Item[]} items
 * @property {string[]} layers shown while one of them is
 * @property {boolean} [first] whether it is always open
 */

/** @typedef {import("../symbols.js").Symbology} Symbology */

/** @param {Symbology} symbology @returns {Group[]} */
export function samples(symbology) {
  const sites = ["sites"];
  const title = (/** @type {string} */ key) => t(`place.legend.${key}`);
  const byActor = symbology.colouring === "actor";
  return [
    byActor
      ? { title: title("actors"), items: actors(symbology), layers: sites, first: true }
      : { title: title("states"), items: states(symbology, true), layers: sites, first: true },
    ...(byActor ? [{ title: title("fills"), items: states(symbology, false), layers: sites }] : []),
    { title: title(byActor ? "ages_held" : "ages"), items: ages(symbology), layers: sites },
    { title: title("kinds"), items: kinds(symbology), layers: ["sites", "context"] },
    { title: title("differing"), items: differing(symbology), layers: sites },
    { title: title("moves"), items: moves(symbology), layers: ["displacement"] },
    { title: title("precision"), items: precision(symbology), layers: ["circles", "regions"] },
  ];
}

/** @param {Symbology} symbology @param {Record<string, any>} site @param {Partial<import("../symbols.js").Look>} [change] */
function symbol(symbology, site, change = {}) {
  const properties = { kind: "compound", place_role: "hotspot", activity: "active", age_days: 0 };
  const control = [{ role: symbology.symbols.actors.roles[0], actor_id: "", last_said_age_days: 0 }];
  const look = { ...symbology.look({ ...properties, control, ...site }), ...change };
  return symbology.icon((context, x, y) => symbology.draw(context, x, y, look), 26, 22);
}

/** @param {Symbology} symbology @param {boolean} counted */
const states = (symbology, counted) => [
  ...symbology.symbols.activity.map((/** @type {any} */ { code, label }) => ({
    icon: symbol(symbology, { activity: code }),
    label,
    counts: counted ? `class:${code}` : undefined,
  })),
  {
    icon: symbol(symbology, { activity: "unknown", last_known_activity: "active" }),
    label: symbology.symbols.stale.label,
    counts: "mark:stale",
  },
];

/** @param {Symbology} symbology */
function actors(symbology) {
  const { actors: given } = symbology.symbols;
  return symbology.actors.keys().map((key) => {
    const colour = symbology.actors.colour(key, given);
    const fill = /** @type {const} */ (key === "none" ? "empty" : "full");
    return {
      icon: symbol(symbology, {}, { colour, colours: [colour], fill }),
      label: symbology.actors.label(key),
      counts: `class:${key}`,
      named: !(key in given.labels),
    };
  });
}

/** @param {Symbology} symbology */
const ages = (symbology) =>
  symbology.symbols.age.map((/** @type {any} */ { label, opacity }) => ({
    icon: symbol(symbology, {}, { opacity }),
    label,
  }));

/** @param {Symbology} symbology */
function kinds(symbology) {
  const { shape_labels: labels, kind } = symbology.symbols;
  const shapes = Object.entries(labels).map(([shape, label]) => ({
    icon: symbol(symbology, {
      activity: "unknown",
      kind: kind.find((/** @type {any} */ item) => item.shape === shape).code,
    }),
    label,
    counts: `shape:${shape}`,
  }));
  const context = {
    icon: symbol(symbology, { place_role: "context" }),
    label: symbology.place.get("context").label,
    counts: "mark:context",
  };
  const looks = ["expanding", "active", "active", "reduced", "unknown"].map((activity) =>
    symbology.look({ kind: "compound", place_role: "hotspot", activity, age_days: 0 }),
  );
  const gathered = {
    icon: symbology.icon(
      (context, x, y) => symbology.drawGathered(context, x, y, looks),
      34,
      34,
    ),
    label: t("place.legend.gathered"),
    counts: "mark:gathered",
  };
  return [...shapes, context, gathered];
}

/** @param {Symbology} symbology */
const differing = (symbology) =>
  ["contested", "disputed"].map((code) => ({
    icon: symbol(symbology, { [code]: true }),
    label: symbology.rings.get(code).label,
    counts: `mark:${code}`,
  }));

/** @param {Symbology} symbology */
function moves(symbology) {
  const { flow } = symbology.symbols;
  const items = flow.by_credibility.map((/** @type {any} */ { code }) => ({
    icon: arrow(symbology, code),
    label: t(`place.legend.credibility.${code}`),
    counts: `flow:${code}`,
  }));
  return [
    ...items,
    { icon: arrow(symbology, 1, { claims: 6 }), label: t("place.legend.many_claims") },
    {
      icon: arrow(symbology, 1, { open: true }),
      label: flow.unknown_end_label,
      counts: "mark:unknownEnds",
    },
  ];
}

/** @param {Symbology} symbology @param {number} credibility @param {{claims?: number, open?: boolean}} [options] */
function arrow(symbology, credibility, { claims = 1, open = false } = {}) {
  const { flow, paper } = symbology.symbols;
  const { opacity, dash } = symbology.flow.get(credibility);
  const width = flow.width_px * Math.sqrt(claims);
  return symbology.icon(
    (context, _, y) => {
      const line = Array.from({ length: 20 }, (_, step) => [
        3 + step * 2,
        y + 3 - Math.sin((step / 19) * 3) * 5,
      ]);
      const style = { colour: flow.colour, width, opacity, dash, paper };
      drawArrow(context, /** @type {any} */ ({ line, fades: { start: false, end: open } }), style);
    },
    46,
    18,
  );
}

/** @param {Symbology} symbology */
function precision(symbology) {
  const { ink, labels } = symbology.symbols;
  const circle = symbology.icon((context, x, y) => {
    context.beginPath();
    context.arc(x, y, 8, 0, 2 * Math.PI);
    context.fillStyle = `${ink}14`;
    context.fill();
    context.setLineDash([2, 3]);
    context.strokeStyle = `${ink}90`;
    context.stroke();
  });
  const area = symbology.icon((context, x, y) => {
    const shade = context.createRadialGradient(x, y, 0, x, y, 11);
    shade.addColorStop(0, `${labels.region}60`);
    shade.addColorStop(1, `${labels.region}00`);
    context.fillStyle = shade;
    context.fillRect(x - 12, y - 12, 24, 24);
  });
  return [
    { icon: circle, label: t("place.legend.circle"), counts: "mark:circles" },
    { icon: area, label: t("place.legend.region"), counts: "mark:regions" },
  ];
}
