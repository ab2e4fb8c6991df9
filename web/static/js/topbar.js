/** What stands around the map: skip links, the header's menu, paper. */

import { chooseScheme, chosenScheme } from "./scheme.js";
import { encode } from "./hash.js";
import { Printer } from "./print.js";

/**
 * @typedef {object} Atlas the page, as far as what stands around the map needs it
 * @property {any} map the Leaflet map
 * @property {import("./store.js").Store} store
 * @property {import("./panel.js").Panel} panel
 * @property {import("./table.js").Table} table
 * @property {() => import("./panel.js").Context} context
 * @property {() => string} summary
 */

/** @param {Atlas} atlas */
export function startPage(atlas) {
  skip("skip", () => atlas.panel.enter());
  skip("skip-table", () => atlas.table.open());
  startMenu(/** @type {HTMLDetailsElement} */ (element("menu")), atlas.store);
  const printer = new Printer({
    map: atlas.map,
    table: atlas.table,
    context: () => atlas.context(),
    summary: () => atlas.summary(),
    head: element("printed-head"),
    foot: element("printed-foot"),
    legend: element("legend"),
  });
  element("print").addEventListener("click", () => printer.print());
}

/** @param {string} id @returns {HTMLElement} */
const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} id @param {() => void} enter */
function skip(id, enter) {
  element(id).addEventListener("click", (event) => {
    event.preventDefault(); // the part after # belongs to the view
    enter();
  });
}

/**
 * @param {HTMLDetailsElement} menu
 * @param {import("./store.js").Store} store
 */
function startMenu(menu, store) {
  const summary = /** @type {HTMLElement} */ (menu.querySelector("summary"));
  addEventListener("pointerdown", (event) => {
    if (!menu.contains(/** @type {Node} */ (event.target))) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    menu.open = false;
    summary.focus();
  });
  menu.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget && !menu.contains(/** @type {Node} */ (relatedTarget))) menu.open = false;
  });
  for (const input of menu.querySelectorAll('input[name="scheme"]')) {
    const radio = /** @type {HTMLInputElement} */ (input);
    radio.checked = radio.value === chosenScheme();
    radio.addEventListener("change", () =>
      chooseScheme(/** @type {import("./scheme.js").Choice} */ (radio.value)),
    );
  }
  // A map that is one file has one language.
  if (location.protocol === "file:") menu.querySelector("#languages")?.remove();
  // Another language shows the same view.
  for (const link of menu.querySelectorAll("a[hreflang]")) {
    link.addEventListener("click", () => {
      /** @type {HTMLAnchorElement} */ (link).hash = encode(store.state);
    });
  }
}
