/**
 * The method inside the panel. The server's page of it is read, and only elements of the list
 * below are built anew from it: nothing of its markup is taken over.
 */

import { fill, h, webAddress } from "../dom.js";
import { t } from "../text.js";

/** @typedef {import("../panel.js").Context} Context */

/** Elements that are kept, and what they become below the panel's own heading. */
const KEPT = new Map(
  "p ul ol li strong em code pre table thead tbody tr th td blockquote"
    .split(" ")
    .map((tag) => [tag, tag])
    .concat([
      ["h2", "h3"],
      ["h3", "h4"],
      ["h4", "h4"],
    ]),
);
/** Elements whose text is no text of the page. */
const DROPPED = new Set(["script", "style", "template", "iframe", "object", "svg", "math", "h1"]);
/** Where a page that is one file keeps the method's markup, as data. */
const KEPT_IN_PAGE = "atlas-method";

/** @type {Promise<Node[]> | null} */
let asked = null;
/** @type {Node[] | null} */
let known = null;

/** @param {Context} context @returns {import("../dom.js").Child[]} */
export function methodView({ config }) {
  const body = h("div", { class: "method" });
  if (known) {
    fill(body, known.map((node) => node.cloneNode(true)));
  } else {
    fill(body, h("p", { class: "muted" }, t("reading.method.loading")));
    asked ??= load(config.method_url);
    asked.then(
      (nodes) => {
        known = nodes;
        fill(body, nodes.map((node) => node.cloneNode(true)));
      },
      () => {
        asked = null;
        fill(body, h("p", {}, t("reading.method.failed")));
      },
    );
  }
  return [
    h("p", { class: "kicker" }, t("reading.method.kicker")),
    h("h2", { tabindex: "-1" }, t("reading.method.title")),
    body,
  ];
}

/** @param {string} url @returns {Promise<Node[]>} */
async function load(url) {
  const own = document.getElementById(KEPT_IN_PAGE)?.textContent;
  return rebuilt(own ?? (await page(url)));
}

/** @param {string} url @returns {Promise<string>} */
async function page(url) {
  const answer = await fetch(url, { headers: { accept: "text/html" } });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return answer.text();
}

/** @param {string} markup of a page or of part of one @returns {Node[]} */
export function rebuilt(markup) {
  // A parsed document that is never shown runs no script and loads nothing.
  const parsed = new DOMParser().parseFromString(markup, "text/html");
  return [...(parsed.querySelector("main") ?? parsed.body).childNodes].flatMap(copy);
}

/** @param {Node} node @returns {Node[]} */
function copy(node) {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.nodeValue ?? "")];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const element = /** @type {Element} */ (node);
  const name = element.localName;
  if (DROPPED.has(name)) return [];
  const inside = [...element.childNodes].flatMap(copy);
  if (name === "a") return [link(element, inside)];
  const tag = KEPT.get(name);
  if (!tag) return inside;
  const made = h(tag, {}, ...inside);
  // A wide table moves within itself, and so must be reached by the keyboard.
  return [name === "table" ? h("div", { class: "wide", tabindex: "0" }, made) : made];
}

/** @param {Element} element @param {Node[]} inside */
function link(element, inside) {
  const href = element.getAttribute("href") ?? "";
  const address = webAddress(href.startsWith("/") ? new URL(href, location.href).href : href);
  if (!address) return h("span", {}, ...inside);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...inside);
}
