/** What a mark or a tick stands for, in a small window above the time bar. */

import { button, fill, h } from "../dom.js";
import { t } from "../text.js";

const MARGIN = 8;

export class Popover {
  /** @param {HTMLElement} root the time bar, above which it opens */
  constructor(root) {
    this.root = root;
    const window = { class: "time-popover", role: "dialog", hidden: true, tabindex: "-1" };
    this.element = h("div", window);
    root.append(this.element);
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
    document.addEventListener("pointerdown", (event) => {
      const target = /** @type {Node} */ (event.target);
      if (this.isOpen && !this.element.contains(target) && !this.opener?.()?.contains(target)) {
        this.close({ refocus: false });
      }
    });
  }

  get isOpen() {
    return !this.element.hidden;
  }

  /**
   * @param {string} title
   * @param {import("../dom.js").Child[]} content
   * @param {{opener: () => HTMLElement | undefined, at: DOMRect}} from what was pressed and has the
   *   focus again afterwards, and above which place to open
   */
  open(title, content, { opener, at }) {
    this.opener = opener;
    this.element.setAttribute("aria-label", title);
    fill(
      this.element,
      button(t("time.close"), () => this.close(), { class: "popover-close" }, "×"),
      h("h3", {}, title),
      content,
    );
    this.element.hidden = false;
    const { left, width } = this.root.getBoundingClientRect();
    const reach = this.element.offsetWidth;
    const wanted = at.left + at.width / 2 - left - reach / 2;
    const place = Math.max(MARGIN, Math.min(wanted, width - reach - MARGIN));
    this.element.style.left = `${place}px`;
    this.element.focus({ preventScroll: true });
  }

  /** @param {{refocus?: boolean}} [options] */
  close({ refocus = true } = {}) {
    if (!this.isOpen) return;
    this.element.hidden = true;
    if (refocus) this.opener?.()?.focus({ preventScroll: true });
    this.opener = undefined;
  }
}
