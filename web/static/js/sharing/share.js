/** The dialog with the link to the view shown, and the code that puts it into another page. */

import { button, fill, h } from "../dom.js";
import { encode } from "../hash.js";
import { language, t } from "../text.js";

const SIZES = {
  small: { width: "480", height: "420" },
  medium: { width: "800", height: "600" },
  wide: { width: "100%", height: "600" },
};

/**
 * @param {HTMLButtonElement} opener
 * @param {import("../store.js").Store} store
 */
export function startSharing(opener, store) {
  opener.hidden = false;
  opener.addEventListener("click", () => {
    /** @type {HTMLDetailsElement | null} */ (opener.closest("details"))?.removeAttribute("open");
    open(opener, store);
  });
}

/** @param {HTMLButtonElement} opener @param {import("../store.js").Store} store */
function open(opener, store) {
  const link = addressOf(store);
  const frame = h("textarea", {
    id: "share-frame",
    class: "code",
    rows: "4",
    readonly: "",
    spellcheck: "false",
  });
  const size = h(
    "select",
    { id: "share-size", onchange: () => write() },
    Object.keys(SIZES).map((name) => h("option", { value: name }, t(`sharing.sizes.${name}`))),
  );
  /** @type {HTMLSelectElement} */ (size).value = "medium";
  const write = () => {
    const chosen = /** @type {keyof typeof SIZES} */ (/** @type {HTMLSelectElement} */ (size).value);
    /** @type {HTMLTextAreaElement} */ (frame).value = frameCode(store, SIZES[chosen]);
  };
  write();
  const address = h("input", { id: "share-link", class: "code", type: "text", readonly: "" });
  /** @type {HTMLInputElement} */ (address).value = link;
  const said = h("p", { class: "said", role: "status" });
  const dialog = /** @type {HTMLDialogElement} */ (
    h("dialog", { class: "share", "aria-labelledby": "share-title" })
  );
  fill(
    dialog,
    h(
      "header",
      {},
      h("h2", { id: "share-title" }, t("sharing.title")),
      button(t("sharing.close"), () => dialog.close(), { class: "close" }),
    ),
    h("label", { for: "share-link" }, t("sharing.link")),
    h("p", { class: "note" }, t("sharing.link_note")),
    h(
      "div",
      { class: "row" },
      address,
      button(t("sharing.copy_link"), () => copy(address, said), {}, t("sharing.copy")),
    ),
    h("label", { for: "share-frame" }, t("sharing.frame")),
    h("p", { class: "note" }, t("sharing.frame_note")),
    h("div", { class: "row" }, h("label", { for: "share-size" }, t("sharing.size")), size),
    h(
      "div",
      { class: "row" },
      frame,
      button(t("sharing.copy_frame"), () => copy(frame, said), {}, t("sharing.copy")),
    ),
    said,
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    const menu = opener.closest("details")?.querySelector("summary");
    (menu ?? opener).focus();
  });
  // The backdrop is the dialog itself; what is written in it lies within its children.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  /** @type {HTMLInputElement} */ (address).select();
}

/** @param {import("../store.js").Store} store @param {boolean} [embed] @returns {string} */
export function addressOf(store, embed = false) {
  const query = new URLSearchParams();
  if (embed) query.set("embed", "1");
  if (language() !== "en") query.set("lang", language());
  const asked = query.size ? `?${query}` : "";
  return `${location.origin}${location.pathname}${asked}${encode(store.state)}`;
}

/** @param {import("../store.js").Store} store @param {{width: string, height: string}} size @returns {string} HTML */
function frameCode(store, { width, height }) {
  const attributes = {
    src: addressOf(store, true),
    width,
    height,
    title: t("sharing.frame_title"),
    loading: "lazy",
    style: "border:0",
  };
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `<iframe ${written.join(" ")}></iframe>`;
}

const NAMES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** @param {string} text @returns {string} as it stands in an attribute */
const escaped = (text) =>
  text.replace(/[&<>"]/g, (sign) => NAMES[/** @type {keyof typeof NAMES} */ (sign)]);

/** @param {HTMLElement} field @param {HTMLElement} said */
async function copy(field, said) {
  const { value } = /** @type {HTMLInputElement} */ (field);
  /** @type {HTMLInputElement} */ (field).select();
  try {
    await navigator.clipboard.writeText(value);
    said.textContent = t("sharing.copied");
  } catch {
    said.textContent = t("sharing.not_copied");
  }
}
