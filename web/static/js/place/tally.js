/** Counts what the map shows, for the legend: at rest, not at every picture while time runs. */

import { visible } from "./hits.js";

const REST_MS = 200;

/**
 * @typedef {object} Counts of what is in view
 * @property {Map<string, number>} classes sites by activity, or by actor
 * @property {Map<string, number>} shapes sites by shape
 * @property {Map<number, number>} flows claims by credibility
 * @property {Record<"contested" | "disputed" | "stale" | "context" | "gathered" | "circles" | "unknownEnds" | "regions", number>} marks
 */

export class Tally {
  /** @param {import("../symbols.js").Symbology} symbology */
  constructor(symbology) {
    this.symbology = symbology;
    /** @type {(counts: Counts) => void} */
    this.onCounts = () => {};
    /** @type {[import("../overlay.js").Drawn, import("../canvaslayer.js").Frame] | null} */
    this.waiting = null;
  }

  /** @param {import("../overlay.js").Drawn} drawn @param {import("../canvaslayer.js").Frame} frame */
  count(drawn, frame) {
    const soon = this.waiting === null;
    this.waiting = [drawn, frame];
    if (soon) setTimeout(() => this.#tell(), REST_MS);
  }

  #tell() {
    if (!this.waiting) return;
    const [drawn, frame] = this.waiting;
    this.waiting = null;
    this.onCounts(counted(drawn, frame));
  }
}

/** @param {import("../overlay.js").Drawn} drawn @param {import("../canvaslayer.js").Frame} frame @returns {Counts} */
function counted({ gatherings, arrows, circles, regions }, frame) {
  const [classes, shapes, flows] = [new Map(), new Map(), new Map()];
  const marks = { contested: 0, disputed: 0, stale: 0, context: 0 };
  let gathered = 0;
  for (const { x, y, members } of gatherings) {
    if (!visible(frame, x, y)) continue;
    if (members.length > 1) gathered += 1;
    for (const { look, context } of members) {
      if (context) {
        marks.context += 1;
        continue;
      }
      // Those not observed for long have an entry of their own.
      for (const code of look.classes) if (!(look.stale && code === "unknown")) add(classes, code);
      add(shapes, look.shape);
      for (const mark of ["contested", "disputed", "stale"]) if (look[mark]) marks[mark] += 1;
    }
  }
  let unknownEnds = 0;
  for (const { bundle, line, fades } of arrows) {
    if (!line.some(([x, y]) => visible(frame, x, y))) continue;
    for (const { claim } of bundle.flows) add(flows, claim.credibility);
    if (fades.start || fades.end) unknownEnds += bundle.flows.length;
  }
  const rest = { gathered, circles: circles.length, unknownEnds, regions: regions.length };
  return { classes, shapes, flows, marks: { ...marks, ...rest } };
}

/** @param {Map<any, number>} counts @param {any} key */
const add = (counts, key) => counts.set(key, (counts.get(key) ?? 0) + 1);
