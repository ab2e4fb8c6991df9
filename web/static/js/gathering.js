/** Sites whose symbols would lie on one another are gathered into one, and fanned out on request. */

import { mercator, toPixel } from "./canvaslayer.js";
import { reach } from "./symbols.js";

/**
 * @typedef {import("./canvaslayer.js").Frame} Frame
 * @typedef {object} Place one site to be drawn
 * @property {string} id
 * @property {[number, number]} unit Mercator
 * @property {Record<string, any>} site properties of its feature
 * @property {import("./symbols.js").Look} look
 * @typedef {object} Gathering one symbol on the map
 * @property {string} id of the site that stands for it
 * @property {number} x pixels in the frame
 * @property {number} y
 * @property {Place[]} members
 * @property {boolean} onePoint whether no zoom can part them
 * @property {number} reach pixels from the middle to the rim of the symbol
 */

/** Pixels within which two symbols would lie on one another: two gathered ones, one of them, none. */
const [BOTH, ONE, NEITHER] = [27, 21, 14];

/**
 * @param {import("./api.js").Feature} feature
 * @param {import("./symbols.js").Symbology} symbology
 * @returns {Place}
 */
export function toPlace(feature, symbology) {
  return {
    id: feature.properties.site_id,
    unit: mercator(feature.geometry.coordinates),
    site: feature.properties,
    look: symbology.look(feature.properties),
  };
}

/** @param {readonly number[]} unit two places share a point if these agree (about 4 m) */
export const pointKey = (unit) => `${Math.round(unit[0] * 1e7)} ${Math.round(unit[1] * 1e7)}`;

/**
 * @param {Place[]} places
 * @param {Frame} frame
 * @returns {Gathering[]} the largest first; where a symbol stands does not depend on its members
 */
export function gather(places, frame) {
  /** @type {Map<string, Place[]>} */
  const points = new Map();
  for (const place of places) {
    const key = pointKey(place.unit);
    const sharing = points.get(key);
    if (sharing) sharing.push(place);
    else points.set(key, [place]);
  }
  const stacks = [...points.values()].sort(
    (a, b) => b.length - a.length || (a[0].id < b[0].id ? -1 : 1),
  );
  /** @type {Map<string, Gathering[]>} */
  const grid = new Map();
  const gatherings = [];
  for (const members of stacks) {
    const [x, y] = toPixel(frame, members[0].unit);
    const near = nearest(grid, x, y, members.length > 1);
    if (near) {
      near.members.push(...members);
      near.onePoint = false;
      continue;
    }
    const gathering = { id: members[0].id, x, y, members: [...members], onePoint: true, reach: 0 };
    gatherings.push(gathering);
    const key = cell(x, y);
    const others = grid.get(key);
    if (others) others.push(gathering);
    else grid.set(key, [gathering]);
  }
  for (const gathering of gatherings) {
    gathering.members.sort((a, b) => (a.id < b.id ? -1 : 1));
    gathering.id = gathering.members[0].id;
    gathering.reach = reach(gathering.members.map((place) => place.look));
  }
  return gatherings;
}

/** @param {number} x @param {number} y @param {number} [right] @param {number} [down] */
const cell = (x, y, right = 0, down = 0) =>
  `${Math.floor(x / BOTH) + right} ${Math.floor(y / BOTH) + down}`;

/**
 * @param {Map<string, Gathering[]>} grid
 * @param {number} x
 * @param {number} y
 * @param {boolean} many whether more than one site stands here
 * @returns {Gathering | null}
 */
function nearest(grid, x, y, many) {
  let best = null;
  let distance = Infinity;
  for (let right = -1; right <= 1; right++) {
    for (let down = -1; down <= 1; down++) {
      for (const other of grid.get(cell(x, y, right, down)) ?? []) {
        const apart = Math.hypot(other.x - x, other.y - y);
        const crowd = other.members.length > 1;
        const limit = many && crowd ? BOTH : many || crowd ? ONE : NEITHER;
        if (apart < limit && apart < distance) [best, distance] = [other, apart];
      }
    }
  }
  return best;
}

/**
 * Places of a fan: rings about the point, clockwise from the top.
 * @param {Gathering} gathering
 * @returns {{place: Place, x: number, y: number}[]}
 */
export function fan({ members, x, y }) {
  const spots = [];
  let ring = 0;
  let next = 0;
  while (next < members.length) {
    const radius = 44 + ring * 30;
    const room = Math.floor((2 * Math.PI * radius) / 30);
    const count = Math.min(room, members.length - next);
    for (let index = 0; index < count; index++) {
      const angle = -Math.PI / 2 + (2 * Math.PI * (index + ring * 0.5)) / count;
      spots.push({
        place: members[next + index],
        x: x + radius * Math.cos(angle),
        y: y + radius * Math.sin(angle),
      });
    }
    next += count;
    ring += 1;
  }
  return spots;
}

/** @param {Gathering} opened @param {{x: number, y: number}[]} fanned @returns {number} radius of the fan, names not counted */
export const span = (opened, fanned) =>
  20 + Math.max(0, ...fanned.map(({ x, y }) => Math.hypot(x - opened.x, y - opened.y)));
