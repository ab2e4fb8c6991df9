/**
 * Paper: while the page is printed the map has the size of a sheet, everything is in the light
 * scheme, and what was shown is followed by the sources that it rests on.
 */

import { longDate } from "./days.js";
import { fill, h, stored } from "./dom.js";
import { publishedInWords } from "./edtf.js";
import { forceScheme } from "./scheme.js";
import { t } from "./text.js";

/**
 * @typedef {import("./panel.js").Context} Context
 * @typedef {object} Printed the page, as far as paper needs it
 * @property {any} map the Leaflet map
 * @property {import("./table.js").Table} table
 * @property {() => Context} context
 * @property {() => string} summary one sentence on all that is shown
 * @property {HTMLElement} head
 * @property {HTMLElement} foot
 * @property {HTMLElement} legend
 */

/** The map on a sheet of A4, landscape, in CSS pixels: the rest of the page is for the legend. */
const SHEET = { width: 1040, height: 450 };

export class Printer {
  /** @param {Printed} page */
  constructor(page) {
    this.page = page;
    /** @type {(() => void) | null} */
    this.undo = null;
    addEventListener("beforeprint", () => this.#begin(false));
    addEventListener("afterprint", () => this.end());
    matchMedia("print").addEventListener("change", ({ matches }) =>
      matches ? this.#begin(true) : this.end(),
    );
    addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "p" || !(event.ctrlKey || event.metaKey)) return;
      if (event.altKey || event.shiftKey) return;
      event.preventDefault();
      this.print();
    });
  }

  /** Draw everything for the sheet, and then open the browser's dialogue. */
  print() {
    this.#begin(true);
    // A canvas that got another size is empty on paper until it was shown once.
    requestAnimationFrame(() => requestAnimationFrame(() => globalThis.print()));
  }

  /**
   * @param {boolean} anew whether there is time to draw the map in the size of the sheet and in
   *   light colours; if not, what is on the screen is scaled
   */
  #begin(anew) {
    if (this.undo) return;
    const { map, table, head, foot, legend } = this.page;
    const bounds = map.getBounds();
    const { lat, lon, zoom } = this.page.context().state.view;
    const folded = [...legend.querySelectorAll("details:not([open])")];
    this.#write(head, foot);
    table.whole(true);
    for (const item of folded) item.setAttribute("open", "");
    fit(anew ? SHEET : map.getSize());
    const marks = this.page.context().state.choice ? ["printing", "printing-choice"] : ["printing"];
    document.body.classList.add(...marks);
    if (anew) {
      forceScheme("light");
      map.invalidateSize({ animate: false });
      map.fitBounds(bounds, { animate: false });
    }
    this.undo = () => {
      document.body.classList.remove(...marks);
      forceScheme(null);
      for (const item of folded) item.removeAttribute("open");
      table.whole(false);
      head.hidden = foot.hidden = true;
      map.invalidateSize({ animate: false });
      // Without `reset` Leaflet pans by whole pixels, and the address would change.
      map.setView([lat, lon], zoom, { animate: false, reset: true });
    };
  }

  end() {
    this.undo?.();
    this.undo = null;
  }

  /** @param {HTMLElement} head @param {HTMLElement} foot */
  #write(head, foot) {
    const context = this.page.context();
    const { from, to, compare, swipe } = context.state;
    const swiped = compare !== null && swipe !== null;
    const sources = sourcesOf(context);
    const days = { from: longDate(from), to: longDate(to) };
    fill(
      head,
      h("strong", {}, t("page.print_as_of", { day: days.to })),
      h("span", {}, ` ${t("page.print_window", days)} ${this.page.summary()}`),
      swiped
        ? h("span", {}, ` ${t("asking.swipe_note", { left: longDate(compare), right: days.to })}`)
        : null,
    );
    fill(
      foot,
      h("h2", {}, t("page.print_sources", { count: sources.length })),
      h("p", {}, t("page.print_claims")),
      h(
        "ol",
        {},
        sources.map((source) =>
          h(
            "li",
            {},
            stored(source.publisher),
            ": ",
            h("cite", {}, stored(source.title)),
            ` (${publishedInWords(source.published)}). `,
            h("span", { class: "printed-url" }, stored(source.url)),
          ),
        ),
      ),
      h("p", { class: "printed-address" }, t("page.print_address"), " ", location.href),
    );
    head.hidden = foot.hidden = false;
  }
}

/** Give the printed map a size, and scale that to the sheet. @param {{x?: number, y?: number, width?: number, height?: number}} size */
function fit({ x, y, width = x ?? 1, height = y ?? 1 }) {
  const { style } = document.documentElement;
  style.setProperty("--printed-width", `${width}px`);
  style.setProperty("--printed-height", `${height}px`);
  const scale = Math.min(SHEET.width / width, SHEET.height / height);
  style.setProperty("--printed-scale", String(scale));
}

/**
 * The sources of the states and roles of the sites in view, and of the reports and moves of the
 * window, by publisher and title.
 * @param {Context} context
 * @returns {{publisher: string, title: string, published: string | null, url: string | null}[]}
 */
export function sourcesOf({ inView, sites, records, state }) {
  const found = new Map();
  const seen = new Set(inView);
  const add = (/** @type {Record<string, any>} */ claim) => {
    if (!claim?.source_id || found.has(claim.source_id)) return;
    found.set(claim.source_id, {
      publisher: claim.source_publisher ?? "",
      title: claim.source_title ?? "",
      published: claim.source_published ?? null,
      url: claim.source_url ?? null,
    });
  };
  for (const id of inView) {
    const site = sites.get(id);
    for (const claim of [...(site?.evidence ?? []), ...(site?.control ?? [])]) add(claim);
  }
  for (const { claim } of records.reportsIn(state)) if (seen.has(claim.site_id)) add(claim);
  for (const { claim } of records.flowsIn(state)) {
    if (seen.has(claim.from_site_id) || seen.has(claim.to_site_id)) add(claim);
  }
  return [...found.values()].sort(
    (a, b) => a.publisher.localeCompare(b.publisher) || a.title.localeCompare(b.title),
  );
}
