/**
 * The state of the sites on the day that is wanted last. While one answer is under way the next
 * waits; days that were passed over are never asked for. The last answer stays until then.
 */

/**
 * @typedef {import("./days.js").Day} Day
 * @typedef {import("./api.js").Feature} Feature
 */

/** An answer that nobody waits for any more is given up after this time. */
const PATIENCE_MS = 400;

export class DayLoader {
  /**
   * @param {import("./api.js").Api} api
   * @param {(day: Day, features: Feature[]) => void} onDay
   * @param {(error: Error) => void} onError
   */
  constructor(api, onDay, onError) {
    this.api = api;
    this.onDay = onDay;
    this.onError = onError;
    /** @type {Day | null} */
    this.wanted = null;
    /** @type {{day: Day, since: number, controller: AbortController} | null} */
    this.running = null;
    /** @type {Promise<void>} */
    this.settled = Promise.resolve();
  }

  /** @param {Day} day @returns {Promise<void>} settles when this day, or one wanted later, is shown */
  want(day) {
    this.wanted = day;
    const known = this.api.knownHotspots(day);
    if (known) {
      this.running?.controller.abort();
      this.onDay(day, known);
      return Promise.resolve();
    }
    if (this.running) {
      const { since, controller, day: asked } = this.running;
      if (asked !== day && performance.now() - since > PATIENCE_MS) controller.abort();
    } else {
      this.settled = this.#run();
    }
    return this.settled;
  }

  async #run() {
    while (this.wanted !== null && !this.api.knownHotspots(this.wanted)) {
      const day = this.wanted;
      const controller = new AbortController();
      this.running = { day, since: performance.now(), controller };
      try {
        const features = await this.api.hotspots(day, controller.signal);
        // While dragging, an answer for a day just passed is nearer than the one before it.
        if (!controller.signal.aborted) this.onDay(day, features);
      } catch (error) {
        if (!controller.signal.aborted) {
          this.onError(/** @type {Error} */ (error));
          break;
        }
      }
    }
    this.running = null;
    const known = this.wanted === null ? undefined : this.api.knownHotspots(this.wanted);
    if (known && this.wanted !== null) this.onDay(this.wanted, known);
  }
}
