/** How claims are put into words. Everything is reported; nothing simply is. */

import { longDate, parseDay } from "./days.js";
import { plainText } from "./dom.js";
import { dateInWords, publishedInWords } from "./edtf.js";
import { language as spoken, number, t } from "./text.js";

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
    return this.vocabulary[list]?.[String(code)] ?? String(code ?? t("reading.not_said"));
  }

  /** @param {string} code @returns {string} "reported active" */
  activity(code) {
    return this.symbology.activity.get(code)?.label ?? code;
  }

  /** @param {string} code @returns {string} "compound", without the explanation after the colon */
  siteKind(code) {
    return this.meaning("site_kind", code).split(":")[0].trim();
  }

  /**
   * The state of a site in one careful sentence.
   * @param {Record<string, any>} site
   * @returns {string} "Reported active by 3 publishers, last on 10 March 2025 (the date shown)."
   */
  state(site) {
    const { activity, last_observed: observed, age_days: age } = site;
    if (!site.reports_count) return t("reading.state.no_report");
    if (!observed) return t("reading.state.nothing_said");
    const day = dayInWords(observed);
    if (activity === "unknown") {
      const last = this.activity(site.last_known_activity);
      return counted("reading.state.unknown", age, { last, day });
    }
    const saying = (site.evidence ?? []).filter(
      (/** @type {any} */ item) => item.activity_after === activity,
    );
    const publishers = new Set(saying.map((/** @type {any} */ item) => item.source_publisher)).size;
    const values = { activity: capital(this.activity(activity)), day, before: before(age) };
    return publishers
      ? counted("reading.state.known", publishers, values)
      : t("reading.state.known_without_publisher", values);
  }

  /** @param {Record<string, any>} site @returns {string} where it lies, and how surely */
  precision(site) {
    if (!site.precision_m) return t("reading.place.precision_not_known");
    return t("reading.place.precision", { distance: distance(site.precision_m) });
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
    if ((min ?? null) === null && (max ?? null) === null) return null;
    const who = kind ? this.meaning("people_kind", kind) : t("reading.people.people");
    const [low, high] = [min, max].map((value) => number(value ?? 0));
    if (min === max) return t("reading.people.exactly", { low, who });
    if ((max ?? null) === null) return t("reading.people.at_least", { low, who });
    if ((min ?? null) === null) return t("reading.people.up_to", { high, who });
    return t("reading.people.between", { low, high, who });
  }

  /** @param {string} letter @returns {string} "Reliability B – usually reliable" */
  reliability(letter) {
    const meaning = this.meaning("reliability", letter);
    return t("reading.grade.reliability", { code: letter, meaning });
  }

  /** @param {string | number} grade @returns {string} "Credibility 2 – probably true" */
  credibility(grade) {
    const meaning = this.meaning("credibility", grade);
    return t("reading.grade.credibility", { code: grade, meaning });
  }

  /**
   * @param {Record<string, any>} claim
   * @returns {string} "news report in Chinese, published 2 January 2026"
   */
  sourceKind(claim) {
    const published = publishedInWords(claim.source_published);
    const tongue = claim.source_language === "en" ? "" : language(claim.source_language);
    const kind = claim.source_kind && this.meaning("source_kind", claim.source_kind);
    if (!kind && !tongue) return published;
    if (!kind) return t("reading.source.in_language", { language: tongue, published });
    const key = tongue ? "reading.source.kind_in_language" : "reading.source.kind";
    return t(key, { kind, language: tongue, published });
  }

  /** @param {Record<string, any>} control @returns {string} */
  said({ last_said: day, last_said_age_days: age }) {
    return day
      ? t("reading.control.last_said", { day: dayInWords(day), before: before(age) })
      : t("reading.control.not_said");
  }

  /** @param {Record<string, any>} flow @returns {string} "Laukkai → a place not known" */
  route(flow) {
    const unknown = t("reading.flow.unknown_place");
    const { from_name: from, to_name: to } = flow;
    return t("reading.flow.route", { from: from ?? unknown, to: to ?? unknown });
  }

  /**
   * One sentence on all that is shown.
   * @param {{day: number, running: number, known: number, reports: number, flows: number}} counts
   */
  summary({ day, running, known, reports, flows }) {
    return t("reading.summary.all", {
      day: longDate(day),
      sites: counted("reading.summary.sites", running, { known: number(known) }),
      reports: counted("reading.count.reports", reports),
      moves: counted("reading.count.moves", flows),
    });
  }
}

/**
 * A text with a number in it: its form follows `count`.
 * @param {string} key
 * @param {number} count
 * @param {Record<string, string | number>} [values]
 */
export const counted = (key, count, values = {}) => t(key, { ...values, count });

/** @param {string | null} iso @returns {string} */
export function dayInWords(iso) {
  const day = parseDay(iso);
  return day === null ? dateInWords(iso) : longDate(day);
}

/** @param {number} days @returns {string} */
function before(days) {
  return days === 0 ? t("reading.state.same_day") : counted("reading.state.days_before", days);
}

/** @param {number} metres @returns {string} */
export function distance(metres) {
  return metres >= 1000
    ? t("reading.place.kilometres", { number: number(metres / 1000) })
    : t("reading.place.metres", { number: number(metres) });
}

/** @type {Map<string, Intl.DisplayNames>} */
const displayNames = new Map();

/** @param {"region" | "language"} type @param {string | null} code @returns {string | undefined} */
function named(type, code) {
  const key = `${type} ${spoken()}`;
  const names = displayNames.get(key) ?? new Intl.DisplayNames([spoken()], { type });
  displayNames.set(key, names);
  try {
    return code ? names.of(code) : undefined;
  } catch {
    return code ?? undefined; // not a code of the standard: what was given says more than nothing
  }
}

/** @param {string | null} code ISO 3166-1 alpha-2 @returns {string} */
export function country(code) {
  return named("region", code)?.replace(/ \(.*\)$/, "") ?? "";
}

/** @param {string | null} code BCP 47 @returns {string} */
export function language(code) {
  return named("language", code) ?? "";
}

/** @param {string} text */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** A name among sentences, never too long. @param {string | null | undefined} name */
export const shortName = (name) => plainText(name, 80);
