/** Elements built from text, never from markup: names and summaries come from many hands. */

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
 * Stored text: isolated, so that a right-to-left override in it ends where it ends.
 * @param {string | null | undefined} text
 * @returns {HTMLElement}
 */
export function stored(text) {
  return h("bdi", {}, text ?? "");
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
    h("span", { class: "unseen" }, " (opens in a new tab)"),
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
 * @param {...Child} children in place of the label
 */
export function button(label, onclick, props = {}, ...children) {
  const named = children.length ? { "aria-label": label, title: label } : {};
  return h(
    "button",
    { type: "button", onclick, ...named, ...props },
    ...(children.length ? children : [label]),
  );
}
