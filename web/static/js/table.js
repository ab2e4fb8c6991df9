/**
 * The table twin: all that the map shows, as rows that sort, filter and open the panel. It says
 * the same as the canvas to whoever reads with the keyboard or a screen reader.
 */

import { longDate } from "./days.js";
import { button, fill, h } from "./dom.js";
import { cellOf, KINDS, ordering, select } from "./tablerows.js";
import { number, t } from "./text.js";

/**
 * @typedef {import("./panel.js").Context} Context
 * @typedef {{of: string, sort: string, find: string}} Asked what the address holds of it; `sort`
 *   is a column, with a minus in front when turned round, or empty for the usual order
 */

/** Rows that are written at once: enough to scroll, few enough for 20,000 sites to stay quick. */
const PAGE = 50;
/** Rows on paper. */
const MOST = 2000;
const FIND_MS = 150;
const NARROW = matchMedia("(max-width: 760px)");

export class Table {
  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} opener the button that shows it
   * @param {import("./store.js").Store} store
   * @param {(words: string) => void} say speaks through the page's live region
   */
  constructor(root, opener, store, say) {
    Object.assign(this, { root, opener, store, say });
    this.page = 0;
    this.perPage = PAGE;
    this.kinds = Object.keys(KINDS).map((of) =>
      h("button", { type: "button", data: { of }, onclick: () => this.#ask({ of, sort: "" }) }, t(`table.kind_${of}`)),
    );
    this.find = /** @type {HTMLInputElement} */ (
      h("input", { type: "search", id: "table-find", maxlength: 80, autocomplete: "off" })
    );
    this.find.addEventListener("input", () => this.#findSoon());
    this.caption = h("caption", {});
    this.head = h("thead", {});
    this.body = h("tbody", {});
    this.foot = h("div", { class: "table-foot" });
    this.scroll = h(
      "div",
      { class: "table-scroll", role: "region", tabindex: "0", "aria-label": t("table.rows") },
      h("table", {}, this.caption, this.head, this.body),
    );
    fill(
      root,
      h(
        "div",
        { class: "table-bar" },
        h("h2", { tabindex: "-1" }, t("table.title")),
        h("div", { class: "table-kinds", role: "group", "aria-label": t("table.show") }, this.kinds),
        h("label", { class: "table-find" }, `${t("table.find")} `, this.find),
        button(t("table.close"), () => this.close(), { class: "table-close" }),
      ),
      this.scroll,
      this.foot,
    );
    opener.addEventListener("click", () => (this.asked ? this.close() : this.open()));
    root.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @returns {Asked | null} */
  get asked() {
    return this.store.state.table;
  }

  /** Show it and bring the keyboard to it. */
  open() {
    if (!this.asked) this.store.set({ table: { of: "sites", sort: "", find: "" } }, { step: true });
    this.show();
    /** @type {HTMLElement} */ (this.root.querySelector("h2")).focus();
  }

  close() {
    this.store.set({ table: null });
    this.show();
    this.opener.focus();
  }

  /** Open or shut, as the state has it. */
  show() {
    const open = this.asked !== null;
    this.root.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
    document.body.classList.toggle("with-table", open);
  }

  /** @param {Context} context */
  render(context) {
    this.context = context;
    this.show();
    const asked = this.asked;
    if (!asked) return;
    const kind = KINDS[asked.of];
    const reportsOf = context.records.countBySite(context.state);
    this.full = { ...context, actions: this.#actions(context), reportsOf };
    this.rows = select(kind, this.full, inSight(context), asked);
    const key = `${asked.of} ${asked.sort} ${asked.find}`;
    if (key !== this.shownKey) this.page = 0;
    this.page = Math.min(this.page, Math.max(0, Math.ceil(this.rows.length / this.perPage) - 1));
    if (asked.of !== this.shownOf) this.#headings(kind);
    this.shownKey = key;
    this.shownOf = asked.of;
    for (const item of this.kinds) {
      item.setAttribute("aria-pressed", String(item.dataset.of === asked.of));
    }
    if (document.activeElement !== this.find) this.find.value = asked.find;
    this.#order(kind, asked);
    this.#page();
  }

  /** Paper has no pages to turn: all rows at once. @param {boolean} whole */
  whole(whole) {
    this.perPage = whole ? MOST : PAGE;
    if (whole) this.page = 0;
    this.#page();
  }

  /** A row of the table opens the panel; on a narrow screen that lies where the table is. @param {Context} context */
  #actions({ actions, store }) {
    const choose = (/** @type {import("./hash.js").Choice | null} */ choice) => {
      if (NARROW.matches) store.set({ table: null }, { step: true });
      actions.choose(choice);
    };
    return { ...actions, choose };
  }

  /** @param {import("./tablerows.js").Kind} kind */
  #headings(kind) {
    fill(
      this.head,
      h(
        "tr",
        {},
        kind.columns.map(({ id, numeric }) =>
          h(
            "th",
            { scope: "col", class: numeric ? "numeric" : null, data: { column: id } },
            h("button", { type: "button", onclick: () => this.#sortBy(id) }, t(`table.column_${id}`)),
          ),
        ),
      ),
    );
    this.scroll.scrollTop = 0;
    this.scroll.scrollLeft = 0;
  }

  /** Mark the column that orders the rows. @param {import("./tablerows.js").Kind} kind @param {Asked} asked */
  #order(kind, asked) {
    const { column, down } = ordering(kind, asked.sort);
    for (const heading of this.head.querySelectorAll("th")) {
      if (heading.dataset.column !== column.id) heading.removeAttribute("aria-sort");
      else heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    }
  }

  /** Write the rows of the page; the keyboard stays on the row where it was. */
  #page() {
    const { rows, full, asked } = this;
    if (!rows || !full || !asked) return;
    const kind = KINDS[asked.of];
    const focused = this.body.contains(document.activeElement)
      ? document.activeElement?.closest("tr")?.dataset.key
      : null;
    const shown = rows.slice(this.page * this.perPage, (this.page + 1) * this.perPage);
    fill(this.caption, h("span", {}, this.#captionText(kind, asked)));
    fill(
      this.body,
      shown.map((row) => this.#row(kind, row)),
    );
    this.#foot(shown.length);
    if (focused) this.#focusRow(focused);
  }

  /** @param {import("./tablerows.js").Kind} kind @param {any} row */
  #row(kind, row) {
    const { full } = this;
    const chosen = full?.state.choice?.id === kind.choice(row).id;
    return h(
      "tr",
      { class: chosen ? "chosen" : null, data: { key: kind.key(row) } },
      kind.columns.map((column) => {
        const content = cellOf(column, row, /** @type {Context} */ (full));
        const props = { class: column.numeric ? "numeric" : null };
        const cell = column.head
          ? h("th", { scope: "row", ...props })
          : h("td", { ...props, data: { column: column.id } });
        fill(cell, content ?? h("span", { class: "muted" }, t("table.none")));
        return cell;
      }),
    );
  }

  /** @param {string} key */
  #focusRow(key) {
    const row = [...this.body.rows].find(({ dataset }) => dataset.key === key);
    /** @type {HTMLElement | null} */ ((row ?? this.scroll).querySelector(".table-open"))?.focus({
      preventScroll: true,
    });
  }

  /** @param {import("./tablerows.js").Kind} kind @param {Asked} asked */
  #captionText(kind, asked) {
    const { from, to } = this.store.state;
    const { column, down } = ordering(kind, asked.sort);
    const what = t(`table.caption_${asked.of}`, {
      count: this.rows?.length ?? 0,
      from: longDate(from),
      to: longDate(to),
    });
    const order = t(down ? "table.sorted_down" : "table.sorted_up", {
      column: t(`table.column_${column.id}`),
    });
    const { records } = /** @type {Context} */ (this.context);
    if (asked.of === "reports" && records.served) {
      const count = this.#servedCount();
      const values = { count, number: number(count), from: longDate(from), to: longDate(to) };
      return t("table.caption_reports_counted", values);
    }
    const found = asked.find ? ` ${t("table.found_by", { find: asked.find })}` : "";
    return `${what}${found} ${order}`;
  }

  /** Reports on the sites in view, as the service counts them. */
  #servedCount() {
    const context = /** @type {Context} */ (this.context);
    const counts = context.records.countBySite(context.state);
    return [...inSight(context)].reduce((sum, id) => sum + (counts.get(id) ?? 0), 0);
  }

  /** @param {number} written rows on this page */
  #foot(written) {
    const count = this.rows?.length ?? 0;
    const pages = Math.ceil(count / this.perPage);
    const at = this.foot.contains(document.activeElement)
      ? document.activeElement?.getAttribute("data-turn")
      : null;
    const turn = (/** @type {number} */ by, /** @type {string} */ label) =>
      button(label, () => this.#turn(by), {
        "aria-disabled": String(this.page + by < 0 || this.page + by >= pages),
        data: { turn: by },
      });
    const first = this.page * this.perPage + 1;
    const last = number(first + written - 1);
    this.foot.hidden = count > 0 && pages <= 1;
    fill(
      this.foot,
      h("p", {}, count ? t("table.range", { first: number(first), last, count }) : t(this.#nothing())),
      pages > 1 ? [turn(-1, t("table.previous")), turn(1, t("table.next"))] : null,
    );
    const again = at && this.foot.querySelector(`[data-turn="${at}"]`);
    if (again) /** @type {HTMLElement} */ (again).focus();
  }

  /** The text that stands where no row is. */
  #nothing() {
    const counted = this.asked?.of === "reports" && this.context?.records.served;
    return counted ? "table.counted" : "table.empty";
  }

  /** @param {number} by pages */
  #turn(by) {
    const pages = Math.ceil((this.rows?.length ?? 0) / this.perPage);
    if (this.page + by < 0 || this.page + by >= pages) return;
    this.page += by;
    this.scroll.scrollTop = 0;
    this.#page();
    this.say(/** @type {string} */ (this.foot.querySelector("p")?.textContent));
  }

  /** @param {string} column */
  #sortBy(column) {
    if (!this.asked) return;
    const now = ordering(KINDS[this.asked.of], this.asked.sort);
    const down = now.column.id === column ? !now.down : false;
    this.#ask({ sort: down ? `-${column}` : column });
    this.scroll.scrollTop = 0;
  }

  #findSoon() {
    clearTimeout(this.finding);
    this.finding = setTimeout(() => this.#ask({ find: this.find.value.trim() }), FIND_MS);
  }

  /** @param {Partial<Asked>} patch */
  #ask(patch) {
    if (!this.asked || !this.context) return;
    this.store.set({ table: { ...this.asked, ...patch } });
    this.render({ ...this.context, state: this.store.state });
    this.say(/** @type {string} */ (this.caption.textContent));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.stopPropagation();
    if (event.target === this.find && this.find.value) {
      this.find.value = "";
      this.#ask({ find: "" });
      event.preventDefault();
    } else this.close();
  }

  /** What it shows, for tests and for whoever embeds the map. */
  snapshot() {
    return this.asked && { ...this.asked, rows: this.rows?.length ?? 0, page: this.page };
  }
}

/** Ids of the sites in the visible part of the map whose layer is on. @param {Context} context */
function inSight({ inView, sites, state, symbology }) {
  return new Set(
    inView.filter((id) => {
      const site = sites.get(id);
      if (!site) return false;
      if (symbology.isRegion(site)) return !state.off.has("regions");
      return !state.off.has(site.place_role === "context" ? "context" : "sites");
    }),
  );
}
