/** The panel for a reported move: what is said of it, by whom, and what else is claimed. */

import { nameHeading, people, prose, sourceBlock, toItsDates } from "../cards.js";
import { h, storedName, told } from "../dom.js";
import { dateInWords } from "../edtf.js";
import { flowButton } from "../sitepanel.js";
import { t } from "../text.js";
import { capital, distance } from "../words.js";
import { copyLink } from "./cite.js";
import { downloadBlock, flowDownloads } from "./download.js";

/**
 * @typedef {import("../panel.js").Context} Context
 * @typedef {Record<string, any>} Claim
 */

/** @param {Context} context @param {Claim} claim */
export function flowView(context, claim) {
  const { words } = context;
  const cause = claim.cause
    ? t("reading.flow.cause", { cause: words.meaning("cause", claim.cause) })
    : t("reading.flow.no_cause");
  return [
    h("p", { class: "kicker" }, t("reading.flow.kicker")),
    nameHeading(words.route(claim)),
    h(
      "div",
      { class: "tools" },
      openEnd(context, claim, "from"),
      openEnd(context, claim, "to"),
      copyLink(context),
      downloadBlock(context, "flow", () => flowDownloads(claim)),
    ),
    h(
      "article",
      { class: "card", data: { flow: claim.flow_id } },
      h(
        "p",
        { class: "card-when" },
        h("strong", { title: claim.moved }, capital(dateInWords(claim.moved))),
        h("span", { class: "tag" }, cause),
      ),
      prose(claim.summary, claim.flow_id),
      people({ ...claim, people_kind: null }, words),
      ends(claim),
      sourceBlock(context, claim, "flow", toItsDates(context, claim, claim.flow_id)),
    ),
    rivals(context, claim),
  ];
}

/** @param {Context} context @param {Claim} claim @param {"from" | "to"} side */
function openEnd({ actions }, claim, side) {
  const id = claim[`${side}_site_id`];
  if (!id) return null;
  return h(
    "button",
    { type: "button", data: { key: side }, onclick: () => actions.choose({ kind: "site", id }) },
    told("reading.flow.open", { name: storedName(claim[`${side}_name`]) }),
  );
}

/** How exactly either end is known. @param {Claim} claim */
function ends(claim) {
  const end = (/** @type {"from" | "to"} */ side) => {
    if (!claim[`${side}_site_id`]) return t(`reading.flow.${side}_unknown`);
    const radius = distance(claim[`${side}_precision_m`] ?? 0);
    return t(`reading.flow.${side}_within`, { distance: radius });
  };
  return h("p", { class: "muted" }, `${end("from")} ${end("to")}`);
}

/** Other claims: of the same two places, from the same place, to the same place. */
function rivals(/** @type {Context} */ context, /** @type {Claim} */ claim) {
  const others = context.records.flows
    .map((flow) => flow.claim)
    .filter((other) => other.flow_id !== claim.flow_id);
  const same = (/** @type {Claim} */ other, /** @type {"from" | "to"} */ side) =>
    other[`${side}_site_id`] === claim[`${side}_site_id`];
  const pair = others.filter((other) => same(other, "from") && same(other, "to"));
  const from = claim.from_site_id
    ? others.filter((other) => same(other, "from") && !same(other, "to"))
    : [];
  const to = claim.to_site_id
    ? others.filter((other) => same(other, "to") && !same(other, "from"))
    : [];
  if (!pair.length && !from.length && !to.length) {
    return h("section", {}, h("p", { class: "muted" }, t("reading.flow.no_rivals")));
  }
  return h(
    "section",
    { class: "rivals" },
    h("h3", {}, t("reading.flow.rivals")),
    list(context, "pair", pair, {}),
    list(context, "from", from, { name: storedName(claim.from_name) }),
    list(context, "to", to, { name: storedName(claim.to_name) }),
  );
}

/**
 * @param {Context} context
 * @param {"pair" | "from" | "to"} which
 * @param {Claim[]} claims
 * @param {Record<string, import("../dom.js").Child>} names
 */
function list(context, which, claims, names) {
  if (!claims.length) return null;
  return [
    h("h4", {}, told(`reading.flow.rivals_${which}`, names)),
    h(
      "ul",
      { class: "plain rows" },
      claims.map((claim) => h("li", {}, flowButton(context, claim))),
    ),
  ];
}
