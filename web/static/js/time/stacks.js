/** What the bars can be stacked by: the activity that a report leaves, or the kind of event. */

import { t } from "../text.js";

/**
 * @typedef {object} Stack
 * @property {{code: string, label: string, colour: string}[]} classes from below
 * @property {string} field of the claim that decides
 * @property {(claim: Record<string, any>) => number} indexOf its class
 */

/**
 * @param {import("../symbols.js").Symbology} symbology
 * @param {{code: string, colour: string, kinds: string[]}[]} groups
 * @returns {Record<"activity" | "kind", Stack>}
 */
export function stacks({ symbols }, groups) {
  const activity = symbols.activity.map((/** @type {any} */ { code, label, tint }) => ({
    code,
    label: code === "unknown" ? t("time.no_activity") : label,
    colour: tint,
  }));
  const kind = groups.map(({ code, colour }) => ({
    code,
    label: t(`time.groups.${code}`),
    colour,
  }));
  const kinds = groups.flatMap(({ kinds }, place) => kinds.map((code) => [code, place]));
  return {
    activity: {
      classes: activity,
      field: "activity_after",
      indexOf: indexBy(activity.map(({ code }, place) => [code, place]), "activity_after"),
    },
    kind: { classes: kind, field: "event_kind", indexOf: indexBy(kinds, "event_kind") },
  };
}

/**
 * @param {[string, number][]} places by code
 * @param {string} field of the claim
 * @returns {(claim: Record<string, any>) => number} a code that is not known goes to the last class
 */
function indexBy(places, field) {
  const index = new Map(places);
  const last = Math.max(...index.values());
  return (claim) => index.get(claim[field]) ?? last;
}
