/** Sites whose symbols would lie on one another are gathered into one, and fanned out on request. */

import { reach } from "./symbols.js";

/**
 * @typedef {import("./canvaslayer.js").Frame} Frame
 * @typedef {import("./place/siteindex.js").Place} Place
 * @typedef {object} Gathering one symbol on the map
 * @property {number} anchor
 * @property {string} id of the site that stands for it
 * @property {number} x pixels in the frame
 * @property {number} y
 * @property {Place[]} members
 * @property {boolean} onePoint whether no zoom can part them
 * @property {number} reach pixels from the middle to the rim of the symbol
 */

/** Pixels within which two symbols would lie on one another: two gathered ones, one of them, none. */
const [BOTH, ONE, NEITHER] = [27, 21, 14];
/** A gathered symbol of more sites than this opens as a list beside the map only. */
export const FAN_MOST = 48;

/** @param {number} column @param {number} row */
const keyOf = (column, row) => column * 2 ** 21 + row;

/** Points in cells of twice the greatest distance: whatever is near lies in one of four. */
class Grid {
  static CELL = 2 * BOTH;

  /** @param {number} most points */
  constructor(most) {
    this.mask = 2 ** Math.ceil(Math.log2(2 * most + 2)) - 1;
    this.keys = new Float64Array(this.mask + 1).fill(-1);
    this.heads = new Int32Array(this.mask + 1).fill(-1);
    this.next = new Int32Array(most).fill(-1);
    this.x = new Float64Array(most);
    this.y = new Float64Array(most);
  }

  /** @param {number} column @param {number} row @returns {number} place of the cell in the table */
  #find(column, row) {
    const key = keyOf(column, row);
    let at = (Math.imul(column, 73_856_093) ^ Math.imul(row, 19_349_663)) & this.mask;
    while (this.keys[at] !== -1 && this.keys[at] !== key) at = (at + 1) & this.mask;
    return at;
  }

  /** @param {number} item @param {number} x @param {number} y */
  add(item, x, y) {
    const [column, row] = [Math.floor(x / Grid.CELL), Math.floor(y / Grid.CELL)];
    const at = this.#find(column, row);
    this.keys[at] = keyOf(column, row);
    this.x[item] = x;
    this.y[item] = y;
    this.next[item] = this.heads[at];
    this.heads[at] = item;
  }

  /** @param {number} x @param {number} y @param {(item: number) => number} limit pixels @returns {number} the nearest item within its limit, or -1 */
  nearest(x, y, limit) {
    const column = Math.floor(x / Grid.CELL - 0.5);
    const row = Math.floor(y / Grid.CELL - 0.5);
    let best = -1;
    let least = Infinity;
    for (let cell = 0; cell < 4; cell++) {
      const at = this.#find(column + (cell & 1), row + (cell >> 1));
      for (let item = this.heads[at]; item >= 0; item = this.next[item]) {
        const [dx, dy] = [this.x[item] - x, this.y[item] - y];
        const apart = dx * dx + dy * dy;
        if (apart < least && apart < limit(item) ** 2) [best, least] = [item, apart];
      }
    }
    return best;
  }
}

/**
 * The shown points of an index, gathered at one zoom. Counted in pixels of the whole world, so that
 * what is gathered stays so while the map is moved; kept until the zoom or the sites change.
 */
export class Gatherer {
  /** @param {import("./place/siteindex.js").SiteIndex} index */
  constructor(index) {
    this.index = index;
    this.zoom = NaN;
    this.version = -1;
    /** @type {number[]} the point that stands for it, by anchor: largest stacks first */
    this.points = [];
    /** @type {number[]} points beside that one, by anchor */
    this.joined = [];
    this.anchorOf = new Int32Array(0);
    this.next = new Int32Array(0);
  }

  /** @param {number} zoom @param {number} scale pixels of the world */
  gather(zoom, scale) {
    const { index } = this;
    if (zoom === this.zoom && index.version === this.version) return;
    this.zoom = zoom;
    this.version = index.version;
    const { x: xs, y: ys, counts } = index;
    const total = counts.length;
    const anchorOf = (this.anchorOf = new Int32Array(total).fill(-1));
    // The points of one anchor are a chain: first -> next -> next.
    const next = (this.next = new Int32Array(total).fill(-1));
    const last = new Int32Array(total);
    const crowd = new Uint8Array(total);
    const grid = new Grid(total);
    /** @type {number[]} */
    const points = (this.points = []);
    /** @type {number[]} */
    const joined = (this.joined = []);
    for (let point = 0; point < total; point++) {
      if (!counts[point]) continue;
      const [x, y] = [xs[point] * scale, ys[point] * scale];
      const many = counts[point] > 1;
      const best = grid.nearest(x, y, (anchor) =>
        many && crowd[anchor] ? BOTH : many || crowd[anchor] ? ONE : NEITHER,
      );
      if (best >= 0) {
        next[last[best]] = point;
        last[best] = point;
        joined[best] += 1;
        crowd[best] = 1;
        anchorOf[point] = best;
        continue;
      }
      const anchor = points.length;
      points.push(point);
      joined.push(0);
      crowd[anchor] = many ? 1 : 0;
      last[anchor] = point;
      anchorOf[point] = anchor;
      grid.add(anchor, x, y);
    }
  }

  /** @param {Frame} frame @param {number} margin pixels @returns {Gathering[]} those in the frame, the largest first */
  inFrame(frame, margin) {
    const { x: xs, y: ys } = this.index;
    const found = [];
    for (let anchor = 0; anchor < this.points.length; anchor++) {
      const point = this.points[anchor];
      const x = xs[point] * frame.scale - frame.x0;
      if (x < -margin || x > frame.width + margin) continue;
      const y = ys[point] * frame.scale - frame.y0;
      if (y < -margin || y > frame.height + margin) continue;
      const members = this.membersOf(anchor);
      const looks = members.map((place) => place.look);
      const onePoint = this.joined[anchor] === 0;
      found.push({ anchor, id: members[0].id, x, y, members, onePoint, reach: reach(looks) });
    }
    return found;
  }

  /** @param {number} anchor @returns {Place[]} */
  membersOf(anchor) {
    const first = this.points[anchor];
    if (!this.joined[anchor]) return this.index.membersOf(first);
    const members = [];
    for (let point = first; point >= 0; point = this.next[point]) {
      for (const place of this.index.membersOf(point)) members.push(place);
    }
    return members;
  }

  /** @param {string} id of a site @returns {number} -1 where it is not shown */
  anchor(id) {
    const point = this.index.point(id);
    return point < 0 ? -1 : this.anchorOf[point];
  }

  /** @param {number} anchor @param {Frame} frame @returns {[number, number]} pixels in the frame */
  at(anchor, frame) {
    const point = this.points[anchor];
    const { x, y } = this.index;
    return [x[point] * frame.scale - frame.x0, y[point] * frame.scale - frame.y0];
  }
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

/** @param {{x: number, y: number}} opened @param {{x: number, y: number}[]} fanned @returns {number} radius of the fan, names not counted */
export const span = (opened, fanned) =>
  20 + Math.max(0, ...fanned.map(({ x, y }) => Math.hypot(x - opened.x, y - opened.y)));
