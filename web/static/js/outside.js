/** What the page tells others: tests, and whoever embeds the map. */

import { isoDay, longDate } from "./days.js";
import { encode } from "./hash.js";

/** @param {any} atlas */
export function openToOthers(atlas) {
  globalThis.scamAtlas = Object.freeze({
    /** Settles when the first picture is complete. */
    ready: atlas.ready,
    snapshot: () => snapshot(atlas),
    /** What is shown of a layer, as a query to the API. */
    query: (/** @type {any} */ layer) => atlas.asking.query(layer),
    /** Where a site or flow is drawn, in pixels from the map's corner; `other`: of a swipe's other date. */
    whereIs: (/** @type {string} */ id, /** @type {"other" | undefined} */ side) =>
      side === "other" ? atlas.asking.comparing.swipe.whereIs(id) : atlas.overlay.whereIs(id),
  });
}

/** What is drawn and said. @param {any} atlas */
function snapshot(atlas) {
  const { state } = atlas.store;
  return {
    ready:
      atlas.loaded === true &&
      atlas.day === state.to &&
      atlas.panelWaiting === undefined &&
      !atlas.records.served?.busy,
    statesOf: atlas.day === null ? null : isoDay(atlas.day),
    window: { from: isoDay(state.from), to: isoDay(state.to) },
    view: state.view,
    choice: state.choice,
    off: [...state.off].sort(),
    playing: atlas.timebar.playing,
    counts: atlas.counts(),
    table: atlas.table.snapshot(),
    ...atlas.asking.snapshot(),
    hash: encode(state),
    date: longDate(state.to),
    ...atlas.overlay.snapshot(),
  };
}
