/** The panel for an actor: who it is said to be, what belongs to it, and its roles over time. */

import { nameHeading, prose, sourceBlock, whoSaysSo } from "../cards.js";
import { h, stored, storedName, told } from "../dom.js";
import { dateInWords } from "../edtf.js";
import { otherNames, swatch } from "../sitepanel.js";
import { t } from "../text.js";
import { capital, counted, country } from "../words.js";
import { copyLink } from "./cite.js";
import { actorDownloads, downloadBlock } from "./download.js";
import { actorSheets } from "./sheets.js";
import { roleLane, scaleOf, yearMarks } from "./rolelane.js";

/**
 * @typedef {import("../panel.js").Context} Context
 * @typedef {import("../records.js").Control} Control
 * @typedef {Record<string, any>} Actor
 */

/** @param {Context} context @param {Actor} actor */
export function actorView(context, actor) {
  const { words, records } = context;
  const held = records.control.filter(({ claim }) => claim.actor_id === actor.actor_id);
  return [
    h(
      "p",
      { class: "kicker" },
      [capital(words.meaning("actor_kind", actor.kind)), country(actor.country)]
        .filter(Boolean)
        .join(" · "),
    ),
    h("header", { class: "names" }, nameHeading(actor.name), otherNames(actor.names_other ?? [])),
    h(
      "div",
      { class: "tools" },
      copyLink(context),
      downloadBlock(context, "actor", () => actorDownloads(actor), () => actorSheets(actor)),
    ),
    about(context, actor),
    family(context, actor),
    rolesBlock(context, held),
  ];
}

/**
 * What its record says, sanctions and warrants among it.
 * @param {Context} context
 * @param {Actor} actor
 */
function about(context, actor) {
  const { active_from: since, active_to: until } = actor;
  return h(
    "section",
    { class: "about" },
    h("h3", {}, t("reading.actor.about")),
    actor.note ? prose(actor.note, "note") : h("p", { class: "muted" }, t("reading.actor.no_note")),
    since || until
      ? h(
          "p",
          { class: "muted" },
          t("reading.actor.active", {
            period: dateInWords(`${since ?? ".."}/${until ?? ".."}`, "period"),
          }),
        )
      : null,
    sourceBlock(context, actor, "actor"),
  );
}

/**
 * The actor that it belongs to, and those that belong to it.
 * @param {Context} context
 * @param {Actor} actor
 */
function family({ records, actions, words }, actor) {
  const children = [...records.actors.values()].filter(
    ({ parent_actor_id: parent }) => parent === actor.actor_id,
  );
  const parent = records.actors.get(actor.parent_actor_id);
  if (!children.length && !parent) return null;
  const row = (/** @type {Actor} */ other) =>
    h(
      "li",
      {},
      h(
        "button",
        {
          type: "button",
          class: "row",
          data: { key: `actor ${other.actor_id}`, actor: other.actor_id },
          onclick: () => actions.choose({ kind: "actor", id: other.actor_id }),
        },
        h("span", { class: "row-name" }, storedName(other.name)),
        h("span", { class: "row-note" }, words.meaning("actor_kind", other.kind)),
      ),
    );
  return h(
    "section",
    { class: "family" },
    h("h3", {}, t("reading.actor.family")),
    parent
      ? [h("h4", {}, t("reading.actor.parent")), h("ul", { class: "plain rows" }, row(parent))]
      : null,
    children.length
      ? [
          h("h4", {}, counted("reading.actor.children", children.length)),
          h("ul", { class: "plain rows" }, children.map(row)),
        ]
      : null,
  );
}

/** @param {Context} context @param {Control[]} held */
function rolesBlock(context, held) {
  const { words, symbology } = context;
  const title = h("h3", {}, t("reading.actor.roles"));
  if (!held.length) {
    return h("section", {}, title, h("p", { class: "muted" }, t("reading.actor.no_roles")));
  }
  const scale = scaleOf(held, context.store.limits);
  const sites = new Set(held.map(({ claim }) => claim.site_id)).size;
  return h(
    "section",
    { class: "roles" },
    title,
    h(
      "p",
      { class: "muted" },
      t("reading.actor.counts", {
        claims: counted("reading.count.claims", held.length),
        sites: counted("reading.count.sites", sites),
      }),
      ` ${t("reading.actor.bars")}`,
    ),
    yearMarks(scale),
    [...symbology.role.values()].map(({ code, colour }) => {
      const items = held
        .filter(({ claim }) => claim.role === code)
        .sort((a, b) => a.claim.site_name.localeCompare(b.claim.site_name) || a.from - b.from);
      if (!items.length) return null;
      return [
        h("h4", { class: "role" }, swatch(colour), capital(words.meaning("role", code))),
        h(
          "ul",
          { class: "plain lanes" },
          items.map((item) => roleItem(context, item, colour, scale)),
        ),
      ];
    }),
  );
}

/**
 * @param {Context} context
 * @param {Control} held
 * @param {string} colour
 * @param {import("./rolelane.js").Scale} scale
 */
function roleItem(context, held, colour, scale) {
  const { claim } = held;
  const { actions, state } = context;
  const period = claim.held_on
    ? t("reading.actor.period_held", {
        period: dateInWords(claim.valid, "period"),
        day: dateInWords(claim.held_on),
      })
    : t("reading.actor.period", { period: dateInWords(claim.valid, "period") });
  return h(
    "li",
    { class: "lane-item", data: { site: claim.site_id, role: claim.role } },
    h(
      "p",
      { class: "lane-head" },
      h(
        "button",
        {
          type: "button",
          class: "name-link",
          data: { key: `site ${claim.control_id}` },
          onclick: () => actions.choose({ kind: "site", id: claim.site_id }),
        },
        storedName(claim.site_name),
      ),
      h("span", { class: "muted" }, ` ${period}`),
    ),
    roleLane(held, colour, scale, state),
    claim.note
      ? h("p", { class: "muted" }, told("reading.actor.note", { note: stored(claim.note) }))
      : null,
    whoSaysSo(context, claim),
  );
}
