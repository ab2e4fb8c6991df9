/**
 * Which actor has which colour. Those who are said to hold or protect the most sites, at whatever
 * time, have one of their own, so that colours stay while the window moves; everybody else takes
 * that of the nearest actor above, or shares one. Persons have none: they take their group's.
 */

/**
 * @typedef {object} Holder
 * @property {string} key id of the actor whose colour is shown, `other` or `none`
 * @property {string} colour
 * @typedef {{keys: string[], colours: string[], age: number | null}} Held age: days since it was last said
 */

const MOST_PARTS = 3;

export class ActorColours {
  /**
   * @param {any} given `symbols.actors`
   * @param {{claim: Record<string, any>}[]} control claims
   * @param {Map<string, Record<string, any>>} actors properties by id
   */
  constructor(given, control = [], actors = new Map()) {
    this.given = given;
    this.actors = actors;
    /** @type {Map<string, string>} */
    this.names = new Map([...actors].map(([id, actor]) => [id, actor.name]));
    const sites = new Map();
    for (const { claim } of control) {
      if (!given.roles.includes(claim.role)) continue;
      const id = this.#group(claim.actor_id);
      sites.set(id, (sites.get(id) ?? new Set()).add(claim.site_id));
      if (!this.names.has(claim.actor_id)) this.names.set(claim.actor_id, claim.actor_name);
    }
    const ranked = [...sites].sort(
      ([a, one], [b, other]) => other.size - one.size || (a < b ? -1 : 1),
    );
    /** @type {Map<string, number>} place of its colour by actor */
    this.ranks = new Map(
      ranked.slice(0, given.colours.length).map(([id], index) => [id, index]),
    );
  }

  /** @param {string} id @returns {string} the actor, or the group of a person */
  #group(id) {
    const actor = this.actors.get(id);
    return actor?.kind === "person" && actor.parent_actor_id ? actor.parent_actor_id : id;
  }

  /** @param {string} id @returns {string} key of the class whose colour this actor has */
  classOf(id) {
    const seen = new Set();
    /** @type {string | null | undefined} */
    let at = id;
    while (at && !seen.has(at)) {
      if (this.ranks.has(at)) return at;
      seen.add(at);
      at = this.actors.get(at)?.parent_actor_id;
    }
    return "other";
  }

  /** @param {string} key @param {any} given `symbols.actors` of the scheme @returns {string} */
  colour(key, given) {
    const rank = this.ranks.get(key);
    return rank === undefined ? given[key === "none" ? "none" : "other"] : given.colours[rank];
  }

  /** @param {string} key @returns {string} */
  label(key) {
    return this.given.labels[key] ?? this.names.get(key) ?? key;
  }

  /** The classes of the legend. @returns {string[]} */
  keys() {
    return [...this.ranks.keys(), "other", "none"];
  }

  /** Who is said to hold the place at the date, else to protect it. @param {Record<string, any>} site @returns {{keys: string[], age: number | null}} */
  holders(site) {
    for (const role of this.given.roles) {
      const claims = (site.control ?? []).filter((/** @type {any} */ item) => item.role === role);
      if (!claims.length) continue;
      const keys = [...new Set(claims.map((/** @type {any} */ item) => this.classOf(item.actor_id)))];
      const ages = claims.map((/** @type {any} */ item) => item.last_said_age_days ?? Infinity);
      return { keys: keys.slice(0, MOST_PARTS), age: Math.min(...ages) };
    }
    return { keys: ["none"], age: null };
  }
}
