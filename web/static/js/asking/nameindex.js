/** Names of sites, actors and places in every script, found as people write them. */

import { distanceToPrefix, fold, forgiven, sound } from "./fold.js";

/**
 * @typedef {"site" | "actor" | "place"} Group
 * @typedef {object} Named
 * @property {Group} group
 * @property {string} id
 * @property {string} name as it is shown
 * @property {readonly string[]} names in every script and spelling
 * @property {string} about what and where it is, in words
 * @property {readonly number[] | null} point lon, lat
 * @property {number} weight what is looked for more often stands first
 * @typedef {object} Found
 * @property {Named} named
 * @property {string} by the name that was found
 * @property {number} score the less, the better
 * @typedef {object} Entry one name of one thing
 * @property {Named} named
 * @property {string} name
 * @property {string} spaced folded, with a space before it
 * @property {string} joined without spaces
 * @property {number[]} starts where its words begin in `joined`
 * @property {string} sound
 * @property {number} letters which of the letters a to z, and others, are in it
 */

export const GROUPS = /** @type {const} */ (["site", "actor", "place"]);
const LATIN = /^[a-z0-9 ]+$/;
/** Of a name longer than any name, the beginning is enough. */
const LONGEST_NAME = 160;
const MOST_STARTS = 12;
/** Fewer Latin letters are looked for at the beginning of words only. */
const SHORTEST_WITHIN = 3;
/** A shorter sound must be that of the whole name: many names begin with it. */
const SHORTEST_SOUND = 4;
/** What a name must be better by than the one that is shown. */
const OTHER_NAME = 0.1;
/** Scores from which a name is only like what was typed. */
const LIKE = 3;
const WRONG = 4;

export class NameIndex {
  constructor() {
    /** @type {Map<Group, Entry[]>} */
    this.entries = new Map();
  }

  /** @param {Group} group @param {Iterable<Named>} named put in place of what there was */
  set(group, named) {
    const entries = [];
    for (const each of named) {
      for (const name of new Set([each.name, ...each.names])) {
        const folded = fold(name.slice(0, LONGEST_NAME));
        if (folded) entries.push(toEntry(each, name, folded));
      }
    }
    this.entries.set(group, entries);
  }

  /**
   * @param {string} text as typed
   * @param {number} most results of each group
   * @returns {Map<Group, Found[]>} groups without a result are not in it; the best first
   */
  find(text, most) {
    const query = toQuery(text);
    const results = new Map();
    if (!query.folded) return results;
    for (const group of GROUPS) {
      /** @type {Map<string, Found>} */
      const best = new Map();
      for (const entry of this.entries.get(group) ?? []) {
        const own = entry.name === entry.named.name ? 0 : OTHER_NAME;
        const score = scoreOf(query, entry) + own;
        const known = best.get(entry.named.id);
        if (score < (known?.score ?? Infinity)) {
          best.set(entry.named.id, { named: entry.named, by: entry.name, score });
        }
      }
      const found = [...best.values()].sort(
        (a, b) =>
          a.score - b.score ||
          b.named.weight - a.named.weight ||
          (a.named.name < b.named.name ? -1 : 1),
      );
      if (found.length) results.set(group, found.slice(0, most));
    }
    return withoutGuesses(results);
  }
}

/** Where a name was meant as it was typed, none with errors is offered. @param {Map<Group, Found[]>} results */
function withoutGuesses(results) {
  const meant = [...results.values()].some(([best]) => best.score < LIKE);
  if (!meant) return results;
  return new Map(
    [...results]
      .map(([group, found]) => [group, found.filter(({ score }) => score < WRONG)])
      .filter(([, found]) => found.length),
  );
}

/** @param {Named} named @param {string} name @param {string} folded @returns {Entry} */
function toEntry(named, name, folded) {
  const starts = [];
  let joined = "";
  for (const word of folded.split(" ")) {
    if (starts.length < MOST_STARTS) starts.push(joined.length);
    joined += word;
  }
  const sounds = LATIN.test(folded) ? sound(folded) : "";
  const letters = lettersOf(joined);
  return { named, name, spaced: ` ${folded}`, joined, starts, sound: sounds, letters };
}

/** @param {string} text */
function toQuery(text) {
  const folded = fold(text);
  const joined = folded.replaceAll(" ", "");
  return {
    folded,
    spaced: ` ${folded}`,
    joined,
    shortest: LATIN.test(folded) ? SHORTEST_WITHIN : 1,
    sound: LATIN.test(folded) && joined.length >= 4 ? sound(folded) : "",
    letters: lettersOf(joined),
    limit: forgiven(joined),
  };
}

/** @param {string} joined @returns {number} a bit for each letter, one for all others */
function lettersOf(joined) {
  let letters = 0;
  for (let at = 0; at < joined.length; at++) {
    const letter = joined.charCodeAt(at) - 97;
    letters |= 1 << (letter >= 0 && letter < 26 ? letter : 26);
  }
  return letters;
}

/**
 * @param {ReturnType<typeof toQuery>} query
 * @param {Entry} entry
 * @returns {number} 0 the same; under 1 begins so; under 2 a word begins so; under 3 holds it;
 *   under 4 sounds so; from 4 with typing errors; Infinity: no
 */
function scoreOf(query, entry) {
  const { joined } = entry;
  const missing = query.letters & ~entry.letters;
  const rest = 0.9 - 0.9 * Math.min(1, query.joined.length / joined.length);
  if (!missing) {
    if (joined === query.joined) return 0;
    if (joined.startsWith(query.joined)) return rest;
    if (entry.spaced.includes(query.spaced)) return 1 + rest;
    if (query.joined.length >= query.shortest && joined.includes(query.joined)) return 2 + rest;
  }
  const sounds = query.sound.length >= SHORTEST_SOUND && entry.sound.startsWith(query.sound);
  if (sounds || (query.sound && entry.sound === query.sound))
    return 3 + 0.9 - 0.9 * Math.min(1, query.sound.length / entry.sound.length);
  if (!query.limit || bits(missing) > query.limit) return Infinity;
  for (const start of entry.starts) {
    const name = start ? joined.slice(start) : joined;
    const errors = distanceToPrefix(query.joined, name, query.limit);
    if (errors <= query.limit) return 4 + errors + (start ? 0.5 : 0) + rest / 2;
  }
  return Infinity;
}

/** @param {number} letters @returns {number} how many bits are set */
function bits(letters) {
  let count = 0;
  for (let left = letters; left; left &= left - 1) count++;
  return count;
}

/** @param {import("../api.js").Feature[]} features of the base map @param {string} kind @param {(code: string) => string} country @returns {Named[]} */
export function placesOf(features, kind, country) {
  return features.map(({ geometry, properties }, at) => ({
    group: /** @type {const} */ ("place"),
    id: `${kind} ${at}`,
    name: properties.name,
    names: [properties.name_local].filter(Boolean),
    about: country(properties.country),
    point: geometry.coordinates,
    weight: -(properties.rank ?? 3),
  }));
}
