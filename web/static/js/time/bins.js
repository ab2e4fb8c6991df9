/**
 * Reports counted by day and class in typed arrays, once for each change of the filters. Whatever
 * stretch is asked for afterwards costs two look-ups a class, however many reports there are.
 */

/**
 * @typedef {import("../days.js").Day} Day
 * @typedef {{from: Day, to: Day, claim: Record<string, any>}} Report
 * @typedef {{firstDay: Day, lastDay: Day}} Limits
 */

/**
 * The days on which a report is counted. "By 2 January 2026" is counted where its only date is,
 * "from 2021 on" where it begins, and none after the last day.
 * @param {{from: Day, to: Day}} report
 * @param {Limits} limits
 * @returns {{start: Day, end: Day} | null} null where nothing dates it
 */
export function countedDays({ from, to }, { firstDay, lastDay }) {
  const start = Number.isFinite(from) ? from : to;
  const end = Number.isFinite(to) ? to : from;
  if (!Number.isFinite(start)) return null;
  const bounded = (/** @type {Day} */ day) => Math.max(firstDay, Math.min(day, lastDay));
  return { start: bounded(start), end: bounded(end) };
}

export class Bins {
  /** The shortest stretch that a bar may stand for. */
  finest = "day";

  /**
   * @param {Report[]} reports
   * @param {Limits} limits
   * @param {number} classes how many there are
   * @param {(claim: Record<string, any>) => number} classOf
   */
  constructor(reports, limits, classes, classOf) {
    const days = limits.lastDay + 1 - limits.firstDay;
    this.first = limits.firstDay;
    this.days = days;
    /** By class: how many reports lie before each day; the last entry is all. */
    this.before = Array.from({ length: classes }, () => new Float64Array(days + 2));
    // First the changes of the number of reports a day, then these numbers, then their sum.
    for (const report of reports) {
      const counted = countedDays(report, limits);
      if (!counted) continue;
      const change = this.before[classOf(report.claim)];
      const share = 1 / (counted.end - counted.start + 1);
      change[counted.start - this.first + 1] += share;
      change[counted.end - this.first + 2] -= share;
    }
    for (const sums of this.before) {
      sumUp(sums);
      sumUp(sums);
    }
  }

  /**
   * Reports of a class on the days from `start` to before `end`. One that is not dated to a day is
   * spread evenly over the days on which it may lie, so that all add up to the number of reports.
   * @param {number} place of the class
   * @param {Day} start
   * @param {Day} end
   * @returns {number}
   */
  count(place, start, end) {
    const sums = this.before[place];
    const share = sums[this.#index(end)] - sums[this.#index(start)];
    return share > 1e-6 ? share : 0;
  }

  /** @param {Day} day */
  #index(day) {
    return Math.max(0, Math.min(day - this.first, this.days));
  }

  /**
   * The bars between a row of starts.
   * @param {Day[]} starts the last one ends the last bar
   * @returns {number[][]} by bar and class
   */
  bars(starts) {
    return starts
      .slice(0, -1)
      .map((start, index) =>
        this.before.map((_, place) => this.count(place, start, starts[index + 1])),
      );
  }
}

/** How many reports may lie in a window, in two look-ups. */
export class Tally {
  /** @param {{from: Day, to: Day}[]} reports @param {Limits} limits */
  constructor(reports, { firstDay, lastDay }) {
    const days = lastDay + 1 - firstDay;
    this.first = firstDay;
    this.last = lastDay;
    /** How many begin by each day, and how many have ended before it. */
    this.begun = new Uint32Array(days);
    this.ended = new Uint32Array(days + 1);
    for (const { from, to } of reports) {
      if (from <= lastDay) this.begun[Math.max(from, firstDay) - firstDay] += 1;
      if (to < lastDay) this.ended[Math.max(to, firstDay - 1) + 1 - firstDay] += 1;
    }
    sumUp(this.begun);
    sumUp(this.ended);
  }

  /** @param {{from: Day, to: Day}} window within the limits @returns {number} */
  within({ from, to }) {
    return this.begun[to - this.first] - this.ended[from - this.first];
  }
}

/** @param {Float64Array | Uint32Array} values each becomes the sum of all up to it */
function sumUp(values) {
  for (let index = 1; index < values.length; index++) values[index] += values[index - 1];
}
