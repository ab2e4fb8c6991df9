/** The folded parts with which a claim, its source, a site or a whole view is cited. */

import { h } from "../dom.js";
import { t } from "../text.js";
import {
  atlasEntry,
  atlasText,
  claimEntry,
  claimText,
  idOf,
  linkTo,
  siteEntries,
  siteText,
  sourceEntry,
  sourceText,
} from "./citation.js";
import { copyButton, folded } from "./tools.js";

/**
 * @typedef {import("../panel.js").Context} Context
 * @typedef {import("./citation.js").ClaimKind} ClaimKind
 * @typedef {Record<string, any>} Claim
 */

/** @param {string} title @param {string} text @param {() => string} entry */
function citation(title, text, entry) {
  return h(
    "div",
    { class: "citation" },
    h("h4", {}, title),
    h("p", { class: "cited" }, h("bdi", {}, text)),
    h(
      "p",
      { class: "tools" },
      copyButton(t("reading.cite.copy_text"), () => text),
      copyButton(t("reading.cite.copy_bibtex"), entry),
    ),
  );
}

/** @param {Context} context @param {Claim} claim @param {ClaimKind} kind */
export function citeBlock(context, claim, kind) {
  return folded(
    `cite ${kind} ${idOf(claim, kind)}`,
    t("reading.cite.cite"),
    () => [
      kind === "actor"
        ? null
        : citation(t("reading.cite.this_claim"), claimText(context, claim, kind), () =>
            claimEntry(context, claim, kind),
          ),
      citation(t("reading.cite.the_source"), sourceText(claim), () => sourceEntry(context, claim)),
    ],
    { class: "tool" },
  );
}

/**
 * @param {Context} context
 * @param {Claim} site
 * @param {() => Claim[]} claims those that the panel shows of it
 */
export function citeSite(context, site, claims) {
  return folded(
    `cite site ${site.site_id}`,
    t("reading.cite.cite_site"),
    () => [
      citation(t("reading.cite.this_state"), siteText(context, site), () =>
        siteEntries(context, site, claims()),
      ),
    ],
    { class: "tool" },
  );
}

/** @param {Context} context @param {string} title of the view */
export function citeView(context, title) {
  const { choice } = context.state;
  return folded(
    "cite view",
    t("reading.cite.cite_view"),
    () => [
      citation(title, atlasText(context, choice), () => atlasEntry(context, choice, title, "")),
    ],
    { class: "tool" },
  );
}

/** @param {Context} context */
export function copyLink(context) {
  return copyButton(t("reading.cite.copy_link"), () => linkTo(context, context.state.choice));
}
