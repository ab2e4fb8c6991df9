/** How claims are put into words. Everything is reported; nothing simply is. */

import { longDate, parseDay, plural } from "./days.js";
import { dateInWords, publishedInWords } from "./edtf.js";

const regions = new Intl.DisplayNames(["en"], { type: "region" });
const languages = new Intl.DisplayNames(["en"], { type: "language" });

export class Words {
  /**
   * @param {Record<string, Record<string, string>>} vocabulary meanings by list and code
   * @param {import("./symbols.js").Symbology} symbology
   */
  constructor(vocabulary, symbology) {
    this.vocabulary = vocabulary;
    this.symbology = symbology;
  }

  /** @param {string} list @param {string | number | null} code @returns {string} */
  meaning(list, code) {
    return this.vocabulary[list]?.[String(code)] ?? String(code ?? "not said");
  }

  /** @param {string} code @returns {string} "reported active" */
  activity(code) {
    return this.symbology.activity.get(code)?.label ?? code;
  }

  /** @param {string} code @returns {string} "compound", without the explanation after the colon */
  siteKind(code) {
    return this.meaning("site_kind", code).split(":")[0];
  }

  /**
   * The state of a site in one careful sentence.
   * @param {Record<string, any>} site
   * @returns {string}
   */
  state(site) {
    const {
      activity,
      last_known_activity: lastKnown,
      last_observed: observed,
      age_days: age,
    } = site;
    if (!site.reports_count) return "No report that names this place by this date.";
    if (!observed) {
      return "Not known: no report by this date says whether it was active.";
    }
    const day = dayInWords(observed);
    if (activity === "unknown") {
      return (
        `Not known at this date: no report on its activity for ${plural(age, "day")}. ` +
        `Last known: ${this.activity(lastKnown)} on ${day}.`
      );
    }
    const saying = site.evidence.filter(
      (/** @type {any} */ item) => item.activity_after === activity,
    );
    const publishers = new Set(saying.map((/** @type {any} */ item) => item.source_publisher)).size;
    const by = publishers ? `, by ${plural(publishers, "publisher")}` : "";
    return `${capital(this.activity(activity))}, last on ${day} (${before(age)})${by}.`;
  }

  /** @param {Record<string, any>} site @returns {string} where it lies, and how surely */
  precision(site) {
    if (!site.precision_m) return "How exactly the place is known is not recorded.";
    return `Somewhere within ${distance(site.precision_m)} of the point shown.`;
  }

  /** @param {Record<string, any>} site @returns {string} "Myawaddy, Kayin, Myanmar" */
  whereabouts(site) {
    return [site.admin2, site.admin1, country(site.country)].filter(Boolean).join(", ");
  }

  /**
   * @param {Record<string, any>} claim
   * @returns {string | null} "2,044 people arrested or held by authorities"
   */
  people(claim) {
    const { people_min: min, people_max: max, people_kind: kind } = claim;
    if (min === null && max === null) return null;
    const who = kind ? this.meaning("people_kind", kind) : "people";
    const [low, high] = [min, max].map((value) => value?.toLocaleString("en-GB"));
    if (min === max) return `${low} ${who}`;
    if (max === null) return `at least ${low} ${who}`;
    if (min === null) return `up to ${high} ${who}`;
    return `${low} to ${high} ${who}`;
  }

  /** @param {string} letter @returns {string} "Reliability B – usually reliable" */
  reliability(letter) {
    return `Reliability ${letter} – ${this.meaning("reliability", letter)}`;
  }

  /** @param {number} number @returns {string} "Credibility 2 – probably true" */
  credibility(number) {
    return `Credibility ${number} – ${this.meaning("credibility", number)}`;
  }

  /** @param {Record<string, any>} claim @returns {string} "news report in Chinese, published 2 January 2026" */
  sourceKind(claim) {
    const parts = [];
    if (claim.source_kind) parts.push(this.meaning("source_kind", claim.source_kind));
    const tongue = language(claim.source_language);
    if (tongue && claim.source_language !== "en") parts.push(`in ${tongue}`);
    return `${parts.join(" ")}${parts.length ? ", " : ""}${publishedInWords(claim.source_published)}`;
  }

  /** @param {Record<string, any>} control @returns {string} */
  said({ last_said: day, last_said_age_days: age }) {
    return day
      ? `last said on ${dayInWords(day)} (${before(age)})`
      : "no source says so of a day up to this date";
  }

  /** @param {Record<string, any>} flow @returns {string} "Laukkai to a place not known" */
  route(flow) {
    const from = flow.from_name ?? "a place not known";
    return `${from} → ${flow.to_name ?? "a place not known"}`;
  }

  /**
   * One sentence on all that is shown.
   * @param {{day: number, running: number, known: number, reports: number, flows: number}} counts
   */
  summary({ day, running, known, reports, flows }) {
    return (
      `${longDate(day)}: ${plural(running, "site")} reported active or expanding, of ` +
      `${known.toLocaleString("en-GB")} reported by then. In the window: ` +
      `${plural(reports, "report")}, ${plural(flows, "reported move")}.`
    );
  }
}

/** @param {string | null} iso @returns {string} */
export function dayInWords(iso) {
  const day = parseDay(iso);
  return day === null ? dateInWords(iso) : longDate(day);
}

/** @param {number} days @returns {string} */
function before(days) {
  return days === 0 ? "the date shown" : `${plural(days, "day")} before this date`;
}

/** @param {number} metres @returns {string} */
export function distance(metres) {
  return metres >= 1000 ? `${(metres / 1000).toLocaleString("en-GB")} km` : `${metres} m`;
}

/** @param {string | null} code ISO 3166-1 alpha-2 @returns {string} */
export function country(code) {
  return named(regions, code)?.replace(/ \(.*\)$/, "") ?? "";
}

/** @param {string | null} code BCP 47 @returns {string} */
export function language(code) {
  return named(languages, code) ?? "";
}

/** @param {Intl.DisplayNames} names @param {string | null} code */
function named(names, code) {
  try {
    return code ? names.of(code) : undefined;
  } catch {
    return code ?? undefined; // not a code of the standard: what was given says more than nothing
  }
}

/** @param {string} text */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
