/** What the page needs to be shared: link and frame, the way out of a frame, the online background. */

import { Background } from "./background.js";
import { startEmbed } from "./embed.js";
import { startSharing } from "./share.js";

/**
 * @param {{config: any, map: any, store: import("../store.js").Store, basemap: any, overlay: any}} atlas
 * @returns {{background: Background | null}}
 */
export function startSharingOf({ config, map, store, basemap, overlay }) {
  const element = (/** @type {string} */ id) => document.getElementById(id);
  const opener = /** @type {HTMLButtonElement | null} */ (element("share"));
  if (opener && !config.self_contained) startSharing(opener, store);
  const whole = /** @type {HTMLAnchorElement | null} */ (element("whole-map"));
  if (whole) startEmbed(whole, store);
  const root = element("background");
  if (!root || !config.background) return { background: null };
  const credit = /** @type {HTMLElement} */ (document.querySelector(".attribution"));
  const background = new Background(root, map, config.background, {
    credit,
    // The images bring land, borders and names of their own.
    changed: (on) => overlay.update({ names: on ? [] : basemap.names }),
  });
  return { background };
}
