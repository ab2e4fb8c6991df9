/** What lies under a point of the map, and what a drawing shows: for hands and for tests. */

import { distanceTo } from "./arrows.js";

/**
 * @typedef {import("../overlay.js").Drawn} Drawn
 * @typedef {import("../gathering.js").Gathering} Gathering
 * @typedef {import("./siteindex.js").Place} Place
 * @typedef {{from: number, to: number}} Part
 * @typedef {object} Hit
 * @property {"site" | "flow" | "place"} kind
 * @property {string} id
 * @property {Gathering} [gathering]
 * @property {import("../flows.js").Bundle} [bundle]
 * @property {Place} [place]
 */

/**
 * @param {Drawn} drawn
 * @param {{x: number, y: number}} point pixels from the map's corner
 * @param {number} slack pixels that a finger or a mouse may miss by
 * @returns {Hit | null}
 */
export function hit({ frame, gatherings, fanned, opened, arrows, regions }, point, slack) {
  const [x, y] = [point.x + frame.corner.x, point.y + frame.corner.y];
  const spot = nearestWithin(fanned, x, y, 10 + slack);
  if (spot) return { kind: "site", id: spot.place.id, place: spot.place };
  const gathering = nearestWithin(gatherings, x, y, 14 + slack);
  if (gathering && gathering.members.length > 1) {
    return { kind: "place", id: gathering.id, gathering };
  }
  if (gathering && gathering !== opened) {
    const [place] = gathering.members;
    return { kind: "site", id: place.id, place };
  }
  const region = regions.find(
    ({ box }) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom,
  );
  if (region) return { kind: "site", id: region.place.id, place: region.place };
  let nearest = null;
  let least = 4 + slack;
  for (const arrow of arrows) {
    const distance = distanceTo(arrow, x, y);
    if (distance < least) [nearest, least] = [arrow, distance];
  }
  if (!nearest) return null;
  return { kind: "flow", id: nearest.bundle.flows[0].id, bundle: nearest.bundle };
}

/** @param {Drawn | null} drawn Ids of what it shows within the visible map. */
export function seen(drawn) {
  const sites = {};
  const flows = [];
  const gathered = [];
  const arrowsSeen = [];
  if (!drawn) {
    return { sites, flows, gathered, arrows: [], regions: [], circles: [], fanned: [] };
  }
  const { frame, gatherings, arrows, regions, circles, fanned } = drawn;
  for (const { x, y, members } of gatherings) {
    if (!visible(frame, x, y)) continue;
    for (const { id, site } of members) sites[id] = site.activity;
    if (members.length > 1) gathered.push(members.map(({ id }) => id));
  }
  for (const { bundle, line, fades } of arrows) {
    if (!line.some(([x, y]) => visible(frame, x, y))) continue;
    const ids = bundle.flows.map(({ id }) => id);
    flows.push(...ids);
    arrowsSeen.push({ flows: ids, fades, from: [...bundle.names[0]], to: [...bundle.names[1]] });
  }
  return {
    sites,
    flows: flows.sort(),
    arrows: arrowsSeen,
    gathered,
    fanned: fanned.map(({ place }) => place.id),
    regions: regions.map(({ place }) => place.id),
    atBorder: regions.filter(({ atBorder }) => atBorder).map(({ place }) => place.id),
    circles: [...circles].sort(),
  };
}

/** @param {Drawn | null} drawn @param {string} id of a site or a flow @returns {{x: number, y: number} | null} where it is drawn, from the map's corner */
export function whereIs(drawn, id) {
  if (!drawn) return null;
  const { frame, gatherings, fanned, arrows, regions } = drawn;
  const spot =
    fanned.find(({ place }) => place.id === id) ??
    gatherings.find(({ members }) => members.some((place) => place.id === id));
  const line = arrows.find(({ bundle }) => bundle.flows.some((flow) => flow.id === id))?.line;
  const middle = line?.[Math.floor(line.length / 2)];
  const box = regions.find(({ place }) => place.id === id)?.box;
  const at =
    spot ??
    (middle && { x: middle[0], y: middle[1] }) ??
    (box && { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 });
  return at ? { x: at.x - frame.corner.x, y: at.y - frame.corner.y } : null;
}

/**
 * @param {import("../canvaslayer.js").Frame} frame
 * @param {Part | null} part shares of the map's width, from its left edge
 * @returns {import("../canvaslayer.js").Frame} as though only this part of the map could be seen
 */
export function narrowed(frame, part) {
  if (!part) return frame;
  const { corner, visible: size } = frame;
  return {
    ...frame,
    corner: { x: corner.x + part.from * size.x, y: corner.y },
    visible: { x: (part.to - part.from) * size.x, y: size.y },
  };
}

/** @param {import("../canvaslayer.js").Frame} frame @param {number} x @param {number} y */
export const visible = ({ corner, visible: size }, x, y) =>
  x >= corner.x && y >= corner.y && x <= corner.x + size.x && y <= corner.y + size.y;

/** @template {{x: number, y: number}} T @param {T[]} spots @param {number} x @param {number} y @param {number} reach @returns {T | null} */
function nearestWithin(spots, x, y, reach) {
  let best = null;
  for (const spot of spots) {
    const distance = Math.hypot(spot.x - x, spot.y - y);
    if (distance < reach) [best, reach] = [spot, distance];
  }
  return best;
}
