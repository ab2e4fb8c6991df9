/**
 * The state of the sites on the day that is wanted last. Until the timelines are there a wanted day
 * waits for them; from then on every day is shown at once, without asking the server.
 */

/**
 * @typedef {import("./days.js").Day} Day
 * @typedef {import("./api.js").Feature} Feature
 */

const REST_MS = 220;

/** Where the service gives the states of a day: it is asked when the window rests. */
export class ServedDayLoader {
  /** @param {import("./api.js").Api} api @param {(day: Day, features: Feature[]) => void} onDay */
  constructor(api, onDay) {
    this.api = api;
    this.onDay = onDay;
    /** @type {Day | null} */
    this.wanted = null;
  }

  /** @param {Day} day @returns {Promise<void>} settles when this day, or one wanted later, is shown */
  async want(day) {
    const first = this.wanted === null;
    this.wanted = day;
    if (!first) await new Promise((resolve) => setTimeout(resolve, REST_MS));
    if (this.wanted !== day) return;
    const features = await this.api.hotspots(day);
    if (this.wanted === day) this.onDay(day, features);
  }

  /** Show the wanted day anew. */
  again() {
    if (this.wanted !== null) this.want(this.wanted).catch(() => {});
  }
}

export class DayLoader {
  /**
   * @param {Promise<import("./timelines.js").Timelines>} timelines
   * @param {(day: Day, features: Feature[]) => void} onDay
   */
  constructor(timelines, onDay) {
    this.onDay = onDay;
    /** @type {Day | null} */
    this.wanted = null;
    /** @type {import("./timelines.js").Timelines | null} */
    this.timelines = null;
    /** @type {Promise<void>} */
    this.ready = timelines.then((made) => {
      this.timelines = made;
      this.again();
    });
    this.ready.catch(() => {}); // whoever waits for a day is told
  }

  /** @param {Day} day @returns {Promise<void>} settles when this day, or one wanted later, is shown */
  want(day) {
    this.wanted = day;
    if (!this.timelines) return this.ready;
    this.onDay(day, this.timelines.statesOn(day));
    return Promise.resolve();
  }

  /** Show the wanted day anew: more is known of the claims that its states rest on. */
  again() {
    if (this.wanted !== null) this.want(this.wanted);
  }
}
