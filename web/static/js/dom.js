/** Elements built from text, never from markup: names and summaries come from many hands. */

import { t } from "./text.js";

/**
 * @typedef {Node | string | number | null | undefined | false | any[]} Child
 */

/**
 * @param {string} tag
 * @param {Record<string, unknown>} [props] `class`, `on…` handlers, DOM properties or attributes
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {any} */ (value));
    else if (name === "class") element.className = String(value);
    else if (name === "data") Object.assign(element.dataset, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/** @param {Element} element @param {Child[]} children */
function append(element, children) {
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : String(child));
  }
}

/** @param {Element} element @param {...Child} children */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/**
 * Controls of direction, which turn round what follows them, and those that show nothing. Joiners
 * and marks that belong to a script's own writing are not among them.
 */
const HIDDEN = /([\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff])/;
const ALL_HIDDEN = new RegExp(HIDDEN, "g");
/** A text longer than this is cut where it stands in a line. */
const LONGEST_NAME = 160;

/**
 * Stored text: isolated, so that nothing in it turns what stands around it, and with what it hides
 * made visible.
 * @param {string | null | undefined} text
 * @returns {HTMLElement}
 */
export function stored(text) {
  const parts = (text ?? "").split(HIDDEN);
  const bdi = h("bdi", {}, parts.map((part, index) => (index % 2 ? hiddenMark(part) : part)));
  const lang = parts.length > 1 ? null : writtenIn(parts[0]);
  if (lang) bdi.setAttribute("lang", lang);
  return bdi;
}

/** @param {string} character */
function hiddenMark(character) {
  const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  return h("span", { class: "hidden-character" }, `U+${code}`);
}

/**
 * Stored text for an attribute, a file or the clipboard: one line that hides nothing.
 * @param {string | null | undefined} text
 * @param {number} [longest] characters
 * @returns {string}
 */
export function plainText(text, longest = Infinity) {
  const clean = (text ?? "").replace(ALL_HIDDEN, "").replace(/\s+/g, " ").trim();
  return clean.length > longest ? cut(clean, longest) : clean;
}

/** @param {string} text @param {number} length @returns {string} with no half character */
const cut = (text, length) =>
  `${text.slice(0, length).replace(/[\ud800-\udbff]$/, "").trimEnd()}…`;

/** @param {string | null | undefined} text a name, cut where it is no name any more */
export const storedName = (text) =>
  stored(text && text.length > LONGEST_NAME ? cut(text, LONGEST_NAME) : text);

/** @param {string | null | undefined} text */
export const isLong = (text) => (text?.length ?? 0) > LONGEST_NAME;

const SCRIPTS = /** @type {const} */ ([
  [/\p{Script=Myanmar}/u, "my"],
  [/\p{Script=Thai}/u, "th"],
  [/\p{Script=Khmer}/u, "km"],
  [/\p{Script=Lao}/u, "lo"],
  [/\p{Script=Han}/u, "zh"],
]);

/**
 * The language whose letters a text is written in, so that it is spoken and drawn rightly.
 * @param {string} text
 * @returns {string | null} null for Latin letters, which tell no language
 */
export function writtenIn(text) {
  for (let index = 0; index < Math.min(text.length, LONGEST_NAME); index++) {
    if (text.charCodeAt(index) > 0x0d00) {
      return SCRIPTS.find(([script]) => script.test(text))?.[1] ?? null;
    }
  }
  return null;
}

/**
 * A link to a source: only to the web, in a new tab, telling it nothing of us.
 * @param {string | null} url stored text
 * @param {string} text stored text
 * @returns {HTMLElement} the text alone where the address is not one of http or https
 */
export function sourceLink(url, text) {
  const address = webAddress(url);
  if (!address) return stored(text);
  return h(
    "a",
    { href: address, target: "_blank", rel: "noopener noreferrer", class: "out" },
    stored(text),
    h("span", { class: "unseen" }, ` ${t("reading.source.new_tab")}`),
  );
}

/** @param {string | null} url @returns {string | null} */
export function webAddress(url) {
  try {
    const parsed = new URL(url ?? "");
    return ["http:", "https:"].includes(parsed.protocol) ? parsed.href : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} label
 * @param {(event: Event) => void} onclick
 * @param {Record<string, unknown>} [props]
 * @param {...Child} children in place of the label, which then names the button
 */
export function button(label, onclick, props = {}, ...children) {
  const named = children.length ? { "aria-label": plainText(label, LONGEST_NAME) } : {};
  return h(
    "button",
    { type: "button", onclick, ...named, ...props },
    ...(children.length ? children : [label]),
  );
}

/**
 * A text of the catalogue with elements in its places, such as names that must be isolated.
 * @param {string} key
 * @param {Record<string, Child>} parts what stands in each `{place}`
 * @param {Record<string, string | number>} [values] as `t` takes them
 * @returns {Child[]}
 */
export function told(key, parts, values = {}) {
  return t(key, values)
    .split(/\{(\w+)\}/)
    .map((part, index) => (index % 2 ? (parts[part] ?? `{${part}}`) : part));
}
