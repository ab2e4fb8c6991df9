/** Bars and numbers of the time bar out of the service's count; as Bins and Tally out of reports. */

import { dayOf, monthNumber, partsOf } from "../days.js";

/**
 * @typedef {import("../days.js").Day} Day
 * @typedef {import("../served.js").Histogram} Histogram
 * @typedef {import("./bins.js").Limits} Limits
 */

export class ServedBins {
  /** Bars are of whole months or longer. */
  finest = /** @type {const} */ ("month");

  /**
   * @param {Record<string, number[]>} lists reports by month, by code
   * @param {number} firstMonth months since year 0
   * @param {number} classes
   * @param {(code: string) => number} classOf
   */
  constructor(lists, firstMonth, classes, classOf) {
    this.firstMonth = firstMonth;
    const months = Math.max(0, ...Object.values(lists).map((list) => list.length));
    /** By class: how many reports lie before each month; the last entry is all. */
    this.before = Array.from({ length: classes }, () => new Float64Array(months + 1));
    for (const [code, list] of Object.entries(lists)) {
      const sums = this.before[classOf(code)];
      list.forEach((count, month) => (sums[month + 1] += count));
    }
    for (const sums of this.before) {
      for (let at = 1; at < sums.length; at++) sums[at] += sums[at - 1];
    }
  }

  /** @param {Day[]} starts of months; the last one ends the last bar @returns {number[][]} by bar and class */
  bars(starts) {
    const places = starts.map((start) => monthNumber(start) - this.firstMonth);
    return places.slice(0, -1).map((place, index) =>
      this.before.map((sums) => {
        const at = (/** @type {number} */ month) =>
          sums[Math.max(0, Math.min(month, sums.length - 1))];
        const share = at(places[index + 1]) - at(place);
        return share > 1e-4 ? share : 0;
      }),
    );
  }
}

export class ServedTally {
  /** @param {Histogram} histogram */
  constructor({ opens, closes, reports }) {
    this.reports = reports;
    this.opens = opens;
    this.closes = closes;
  }

  /** How many reports may lie in a window. @param {{from: Day, to: Day}} window */
  within({ from, to }) {
    const later = sum(this.opens, (day) => day !== null && day > to);
    const earlier = sum(this.closes, (day) => day !== null && day < from);
    return this.reports - later - earlier;
  }

  /** The first and last day that any report gives. @returns {{from: Day, to: Day}} */
  get span() {
    const days = [...this.opens, ...this.closes].map(([day]) => day).filter((day) => day !== null);
    return { from: Math.min(...days), to: Math.max(...days) };
  }

  /**
   * The first days of the axis first shown, as `usualAxis` takes them from reports.
   * @param {number} share of the reports that may lie before it
   * @returns {Day | undefined} 1 January of the year before which only a few lie
   */
  firstYear(share) {
    let left = Math.floor(this.reports * share);
    for (const [day, count] of this.opens) {
      if (day === null) continue;
      if (left < count) return dayOf(partsOf(day).year, 0, 1);
      left -= count;
    }
    return undefined;
  }
}

/** @param {[Day | null, number][]} days @param {(day: Day | null) => boolean} holds */
const sum = (days, holds) =>
  days.reduce((all, [day, count]) => (holds(day) ? all + count : all), 0);
