/** Who is said to have which role at a site, as stretches of time: certain, possible, disputed. */

import { parseDay } from "../days.js";

/**
 * @typedef {import("../days.js").Day} Day
 * @typedef {import("../records.js").Control} Control
 * @typedef {{from: Day, to: Day}} Span
 * @typedef {object} Stretch
 * @property {Day} from
 * @property {Day} to
 * @property {"certain" | "possible" | "before" | "after"} look `before` grows stronger towards the
 *   days of which the claim is certain, `after` weaker; `possible` is weak all along
 */

/**
 * @typedef {object} Row what is said of one actor in one role
 * @property {string} role
 * @property {string} actor its id
 * @property {string} name
 * @property {Control[]} claims
 */

/**
 * @param {Control} control
 * @param {{firstDay: Day, lastDay: Day}} limits
 * @returns {Stretch[]} none where it lies outside the limits
 */
export function stretches({ claim, from, to }, { firstDay, lastDay }) {
  const start = Math.max(from, firstDay);
  const end = Math.min(to, lastDay);
  const certain = {
    from: Math.max(parseDay(claim.certain_from) ?? (claim.certain_to ? start : Infinity), start),
    to: Math.min(parseDay(claim.certain_to) ?? (claim.certain_from ? end : -Infinity), end),
  };
  if (start > end) return [];
  if (certain.from > certain.to) return [{ from: start, to: end, look: "possible" }];
  /** @type {Stretch[]} */
  const parts = [
    { from: start, to: certain.from - 1, look: "before" },
    { ...certain, look: "certain" },
    { from: certain.to + 1, to: end, look: "after" },
  ];
  return parts.filter((part) => part.from <= part.to);
}

/**
 * @param {Control[]} controls of one site
 * @param {string[]} roles in the order of the rows
 * @returns {Row[]}
 */
export function toRows(controls, roles) {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  for (const control of controls) {
    const { role, actor_id: actor, actor_name: name } = control.claim;
    const key = `${role} ${actor}`;
    const row = rows.get(key);
    if (row) row.claims.push(control);
    else rows.set(key, { role, actor, name, claims: [control] });
  }
  const first = (/** @type {Row} */ row) => Math.min(...row.claims.map(({ from }) => from));
  return [...rows.values()].sort(
    (a, b) =>
      roles.indexOf(a.role) - roles.indexOf(b.role) ||
      Math.sign(first(a) - first(b) || 0) ||
      (a.actor < b.actor ? -1 : 1),
  );
}

/**
 * Days on which control of a site is disputed, by the rule of the method: somebody may contest it,
 * or more than one actor may control the territory, neither of them part of the other.
 * @param {Control[]} controls of one site
 * @param {Map<string, Record<string, any>>} actors
 * @returns {Span[]}
 */
export function disputedDays(controls, actors) {
  const spans = controls
    .filter(({ claim }) => claim.role === "contests")
    .map(({ from, to }) => ({ from, to }));
  const holders = controls.filter(({ claim }) => claim.role === "controls-territory");
  holders.forEach((one, index) => {
    for (const other of holders.slice(index + 1)) {
      if (akin(one.claim.actor_id, other.claim.actor_id, actors)) continue;
      const both = { from: Math.max(one.from, other.from), to: Math.min(one.to, other.to) };
      if (both.from <= both.to) spans.push(both);
    }
  });
  return merged(spans);
}

/** @param {string} one @param {string} other @param {Map<string, Record<string, any>>} actors */
const akin = (one, other, actors) =>
  one === other || above(one, actors).includes(other) || above(other, actors).includes(one);

/** @param {string} actor @param {Map<string, Record<string, any>>} actors @returns {string[]} its parents */
function above(actor, actors) {
  const found = [];
  let parent = actors.get(actor)?.parent_actor_id;
  while (parent && !found.includes(parent)) {
    found.push(parent);
    parent = actors.get(parent)?.parent_actor_id;
  }
  return found;
}

/** @param {Span[]} spans @returns {Span[]} in order, none touching another */
function merged(spans) {
  /** @type {Span[]} */
  const joined = [];
  for (const { from, to } of spans.toSorted((a, b) => (Math.sign(a.from - b.from || 0)))) {
    const last = joined.at(-1);
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to);
    else joined.push({ from, to });
  }
  return joined;
}
