/** The map within another page: it leads to the whole map at the view shown. */

import { addressOf } from "./share.js";

/**
 * @param {HTMLAnchorElement} link
 * @param {import("../store.js").Store} store
 */
export function startEmbed(link, store) {
  const follow = () => {
    link.href = addressOf(store);
  };
  // Keyboards, pens and copying of the address: it is right before anybody can use it.
  for (const kind of ["pointerover", "pointerdown", "focus", "contextmenu"]) {
    link.addEventListener(kind, follow);
  }
  store.subscribe(follow);
  follow();
}
