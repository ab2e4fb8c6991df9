/** Below the bars, for the chosen site: who is said to have which role, and its reports as ticks. */

import { button, fill, h, plainText, stored } from "../dom.js";
import { t } from "../text.js";
import { Ticks } from "./ticks.js";
import { disputedDays, stretches, toRows } from "./control.js";
import { controlView, periodInWords, publishersInWords } from "./views.js";

const NARROW = matchMedia("(max-width: 760px)");

export class Lane {
  /**
   * @param {import("./popover.js").Popover} popover
   * @param {import("./views.js").Reader} reader
   * @param {import("../records.js").Records} records
   * @param {import("../symbols.js").Symbology} symbology
   */
  constructor(popover, reader, records, symbology) {
    this.popover = popover;
    this.reader = reader;
    this.records = records;
    this.symbology = symbology;
    /** Whether the reader wants it. Nothing but a narrow screen closes it at first. */
    this.wanted = !NARROW.matches;
    this.body = h("div", { class: "timelane-body", id: "timelane-body" });
    this.toggle = button("", () => this.#turn(), {
      class: "timelane-toggle",
      "aria-controls": "timelane-body",
    });
    this.element = h("section", { class: "timelane", hidden: true }, this.toggle, this.body);
  }

  /**
   * @param {string | null} siteId
   * @param {string} name of the site
   * @param {import("../records.js").Report[]} reports of the site that the filters leave
   */
  render(siteId, name, reports) {
    this.element.hidden = siteId === null;
    if (siteId === null) {
      this.shown = undefined;
      fill(this.body);
      return;
    }
    this.shown = { siteId, name, reports };
    this.element.setAttribute("aria-label", t("time.lane.title", { name: plainText(name, 80) }));
    this.#draw();
  }

  #turn() {
    this.wanted = !this.wanted;
    this.#draw();
  }

  #draw() {
    if (!this.shown) return;
    const { siteId, name, reports } = this.shown;
    fill(this.toggle, h("span", { class: "unseen" }, t("time.lane.toggle")), " ", stored(name));
    this.toggle.setAttribute("aria-expanded", String(this.wanted));
    this.body.hidden = !this.wanted;
    if (!this.wanted) return fill(this.body);
    const controls = this.records.controlOf?.(siteId) ?? [];
    const roles = this.symbology.symbols.role.map((/** @type {any} */ { code }) => code);
    const rows = toRows(controls, roles);
    const disputed = disputedDays(controls, this.records.actors ?? new Map());
    const ticks = new Ticks(this.popover, this.reader, this.symbology, reports, name);
    fill(
      this.body,
      h("div", { class: "timelane-window", "aria-hidden": "true" }),
      plainRow(t("time.lane.reports", { count: reports.length }), ticks.element),
      rows.map((row) => this.#row(row, disputed, name)),
      rows.length ? null : plainRow(t("time.lane.no_control"), h("div", { class: "timelane-plot" })),
    );
  }

  /**
   * @param {import("./control.js").Row} row
   * @param {import("./spans.js").Span[]} disputed
   * @param {string} site its name
   */
  #row(row, disputed, site) {
    const { limits, words } = this.reader;
    const role = words.meaning("role", row.role);
    const plot = h("div", { class: "timelane-plot", "aria-hidden": "true" });
    const disputes = ["controls-territory", "contests"].includes(row.role) ? disputed : [];
    for (const control of row.claims) {
      for (const stretch of stretches(control, limits)) {
        plot.append(placed(h("span", { class: `stretch stretch-${stretch.look}` }), stretch));
      }
      for (const span of disputes) {
        const from = Math.max(span.from, control.from, limits.firstDay);
        const to = Math.min(span.to, control.to, limits.lastDay);
        if (from <= to) plot.append(placed(h("span", { class: "stretch-disputed" }), { from, to }));
      }
    }
    plot.append(h("span", { class: "role-name" }, role));
    const open = h(
      "button",
      {
        type: "button",
        class: "timelane-label",
        "aria-haspopup": "dialog",
        title: this.#inWords(row, role, disputes),
        onclick: () =>
          this.popover.open(plainText(row.name, 120), controlView(this.reader, row, site), {
            opener: () => open,
            at: open.getBoundingClientRect(),
          }),
      },
      h("span", { class: "role-swatch", "aria-hidden": "true" }),
      h("span", { class: "actor" }, stored(row.name)),
      h("span", { class: "role-beside", "aria-hidden": "true" }, role),
      h("span", { class: "unseen" }, `: ${this.#inWords(row, role, disputes)}`),
    );
    const element = h("div", { class: "timelane-row", data: { role: row.role } }, open, plot);
    element.style.setProperty("--role", this.symbology.role.get(row.role)?.colour ?? "#000");
    return element;
  }

  /**
   * @param {import("./control.js").Row} row
   * @param {string} role in words
   * @param {import("./spans.js").Span[]} disputes
   */
  #inWords(row, role, disputes) {
    const periods = row.claims.map(({ claim }) => periodInWords(claim)).join("; ");
    const said = t("time.lane.row", { role, periods, who: publishersInWords(row.claims) });
    const touched = disputes.some((span) =>
      row.claims.some((claim) => claim.from <= span.to && claim.to >= span.from),
    );
    return touched ? `${said} ${t("time.lane.disputed")}` : said;
  }
}

/** @param {string} text @param {HTMLElement} plot */
const plainRow = (text, plot) =>
  h("div", { class: "timelane-row" }, h("span", { class: "timelane-label" }, text), plot);

/**
 * Where it lies follows in the style sheet from its days and from the axis.
 * @param {HTMLElement} element @param {import("./spans.js").Span} span
 */
export function placed(element, { from, to }) {
  element.style.setProperty("--d0", String(from));
  element.style.setProperty("--d1", String(to + 1));
  return element;
}
