/** Events that changed the subject, found among the reports by one rule. */

/**
 * @typedef {import("../days.js").Day} Day
 * @typedef {import("../records.js").Report} Report
 * @typedef {object} Mark reports of one kind of event within a few days
 * @property {string} kind
 * @property {Day} from
 * @property {Day} to
 * @property {Report[]} reports the earliest first
 */

/** The rule. The words of it are `time.marks.rule` in the catalogue, with these numbers in them. */
export const RULE = Object.freeze({
  kinds: ["infrastructure-cut", "sanction"],
  /** A raid is marked from this number of people on. */
  raid: "raid",
  people: 1000,
  /** Not worse than this Admiralty number. */
  credibility: 3,
  /** Dated to no more than these days: a mark must not look more exact than its report. */
  days: 31,
  /** Reports of one kind that begin within these days of the first are one mark. */
  together: 7,
});

/** @param {Report} report @returns {boolean} whether the rule takes it */
export function isMarked({ claim, from, to }) {
  const { event_kind: kind, people_min: min, people_max: max } = claim;
  const large = kind === RULE.raid && (min ?? max ?? 0) >= RULE.people;
  return (
    (large || RULE.kinds.includes(kind)) &&
    claim.credibility <= RULE.credibility &&
    to - from < RULE.days
  );
}

/** @param {Report[]} reports @returns {Mark[]} the earliest first */
export function toMarks(reports) {
  const chosen = reports.filter(isMarked).sort((a, b) => a.from - b.from || a.to - b.to);
  /** @type {Mark[]} */
  const marks = [];
  /** @type {Map<string, Mark>} the latest of each kind */
  const latest = new Map();
  for (const report of chosen) {
    const { event_kind: kind } = report.claim;
    const mark = latest.get(kind);
    if (mark && report.from - mark.from < RULE.together) {
      mark.reports.push(report);
      mark.to = Math.max(mark.to, report.to);
      continue;
    }
    const begun = { kind, from: report.from, to: report.to, reports: [report] };
    latest.set(kind, begun);
    marks.push(begun);
  }
  return marks;
}

/**
 * Marks that would lie over each other on the axis, taken together.
 * @param {Mark[]} marks the earliest first
 * @param {(day: Day) => number} xOf pixels along the axis
 * @param {number} size pixels of one symbol
 * @returns {{x: number, marks: Mark[]}[]}
 */
export function sideBySide(marks, xOf, size) {
  /** @type {{x: number, marks: Mark[]}[]} */
  const places = [];
  for (const mark of marks) {
    const x = xOf(mark.from);
    const last = places.at(-1);
    if (last && x - last.x < size) last.marks.push(mark);
    else places.push({ x, marks: [mark] });
  }
  return places;
}
