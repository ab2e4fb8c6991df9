/** The search box: a combobox (WAI-ARIA) over names, its results in groups. */

import { fill, h, storedName } from "../dom.js";
import { t } from "../text.js";
import { GROUPS } from "./nameindex.js";

/**
 * @typedef {import("./nameindex.js").Named} Named
 * @typedef {import("./nameindex.js").Found} Found
 * @typedef {object} Searching
 * @property {() => Promise<import("./nameindex.js").NameIndex>} names made when first asked for
 * @property {(named: Named) => void} choose
 * @property {(text: string) => void} words show only claims that hold these words
 */

const MOST = 6;
const TOUCHED = matchMedia("(hover: none)");

export class Search {
  /** @param {HTMLElement} root @param {Searching} page */
  constructor(root, page) {
    this.page = page;
    /** @type {import("./nameindex.js").NameIndex | null} */
    this.names = null;
    /** @type {{element: HTMLElement, choose: () => void}[]} */
    this.options = [];
    this.active = -1;
    this.input = /** @type {HTMLInputElement} */ (
      h("input", {
        id: "search",
        type: "text",
        role: "combobox",
        autocomplete: "off",
        autocapitalize: "none",
        spellcheck: "false",
        maxlength: 200,
        enterkeyhint: "search",
        placeholder: t("asking.search_hint"),
        "aria-label": t("asking.search"),
        "aria-autocomplete": "list",
        "aria-expanded": "false",
        "aria-controls": "search-results",
        onfocus: () => this.#load(),
        oninput: () => this.#show(),
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event),
        onblur: () => this.close(),
      })
    );
    this.list = h("div", {
      id: "search-results",
      class: "search-results",
      role: "listbox",
      "aria-label": t("asking.results"),
      // The box keeps the keyboard while the mouse chooses.
      onpointerdown: (/** @type {Event} */ event) => event.preventDefault(),
      hidden: true,
    });
    this.said = h("p", { class: "unseen", role: "status" });
    root.append(h("div", { class: "search" }, this.input, this.list, this.said));
  }

  /** There are other names than before. */
  renew() {
    this.loading = undefined;
    if (document.activeElement === this.input) this.#load();
  }

  async #load() {
    this.loading ??= this.page.names().then((names) => {
      this.names = names;
      if (document.activeElement === this.input) this.#show();
    });
    try {
      await this.loading;
    } catch {
      this.loading = undefined; // the next focus tries again; the notice tells of the fault
    }
  }

  #show() {
    const text = this.input.value.trim();
    this.options = [];
    this.#activate(-1);
    if (!text) {
      this.close();
      return;
    }
    const found = this.names?.find(text, MOST);
    const groups = found
      ? GROUPS.filter((group) => found.has(group)).map((group) =>
          this.#group(group, /** @type {Found[]} */ (found.get(group))),
        )
      : [];
    const count = this.options.length;
    const words = this.#option("words", h("span", {}, t("asking.words_option", { text })), () =>
      this.page.words(text),
    );
    const none =
      found && !count
        ? h("p", { class: "search-none", role: "presentation" }, t("asking.nothing_found"))
        : null;
    fill(this.list, groups, none, words);
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    if (found) this.said.textContent = t("asking.found", { count });
  }

  /** @param {string} group @param {Found[]} found */
  #group(group, found) {
    const heading = `search-${group}`;
    return h(
      "div",
      { role: "group", "aria-labelledby": heading },
      h("h2", { id: heading, role: "presentation" }, t(`asking.group_${group}`)),
      found.map(({ named, by }) =>
        this.#option(
          group,
          [
            h("span", { class: "search-name" }, storedName(named.name)),
            by === named.name ? null : h("span", { class: "search-by" }, storedName(by)),
            h("span", { class: "search-about" }, named.about),
          ],
          () => this.page.choose(named),
          named.id,
        ),
      ),
    );
  }

  /** @param {string} group @param {import("../dom.js").Child} content @param {() => void} choose @param {string} [id] */
  #option(group, content, choose, id = "") {
    const at = this.options.length;
    const element = h(
      "div",
      {
        id: `search-option-${at}`,
        role: "option",
        class: `search-option search-${group}`,
        "aria-selected": "false",
        data: { found: id },
        onpointermove: () => this.active !== at && this.#activate(at),
        onclick: () => this.#choose(at),
      },
      content,
    );
    this.options.push({ element, choose });
    return element;
  }

  /** @param {number} at -1 for none */
  #activate(at) {
    this.options[this.active]?.element.setAttribute("aria-selected", "false");
    this.active = at;
    const option = this.options[at]?.element;
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return; // the keys belong to the input method
    const last = this.options.length - 1;
    const open = !this.list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) this.#show();
      else if (event.key === "ArrowDown") this.#activate(this.active >= last ? 0 : this.active + 1);
      else this.#activate(this.active <= 0 ? last : this.active - 1);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      this.#choose(Math.max(0, this.active));
    } else if (event.key === "Escape") {
      if (open) event.preventDefault(); // the first press closes the list, the second clears
      if (open) this.close();
      else this.input.value = "";
    }
  }

  /** @param {number} at */
  #choose(at) {
    const option = this.options[at];
    if (!option) return;
    this.close();
    this.input.value = "";
    if (TOUCHED.matches) this.input.blur(); // or the keyboard on the screen hides what is opened
    option.choose();
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.active = -1;
  }
}
