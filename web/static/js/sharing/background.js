/**
 * The online background behind a switch. It is off whenever the map is opened, and no link switches
 * it on: whoever opens a link shall not be made to ask another server by the one who sent it.
 */

import { fill, h } from "../dom.js";
import { t } from "../text.js";

/* global L */

/** Leaflet's panes: our own base map lies at 200 (basemap.js). */
const PANE = "atlas-online";
const ABOVE_BASEMAP = "210";

export class Background {
  /**
   * @param {HTMLElement} root a fieldset
   * @param {any} map the Leaflet map
   * @param {{host: string, tiles: string, copyright: string}} service
   * @param {{credit: HTMLElement, changed: (on: boolean) => void}} page
   */
  constructor(root, map, service, page) {
    this.map = map;
    this.service = service;
    this.page = page;
    /** @type {any} */
    this.layer = null;
    this.said = h("p", { class: "note", role: "status" });
    this.input = /** @type {HTMLInputElement} */ (
      h("input", {
        type: "checkbox",
        id: "osm",
        autocomplete: "off",
        "aria-describedby": "osm-note",
        onchange: () => this.set(this.input.checked),
      })
    );
    const { host } = service;
    fill(
      root,
      h("legend", {}, t("sharing.background")),
      h("label", { class: "check", for: "osm" }, this.input, " ", t("sharing.osm")),
      h("p", { class: "note", id: "osm-note" }, t("sharing.osm_note", { host })),
      this.said,
    );
    root.hidden = false;
    this.credit = h(
      "a",
      { class: "osm-credit", href: service.copyright, target: "_blank", rel: "noopener" },
      t("sharing.osm_credit"),
    );
  }

  get on() {
    return this.layer !== null;
  }

  /** @param {boolean} on */
  set(on) {
    const { host } = this.service;
    this.layer?.remove();
    this.layer = on ? this.#tiles() : null;
    this.said.textContent = t(on ? "sharing.osm_on" : "sharing.osm_off", { host });
    if (on) this.page.credit.append(this.credit);
    else this.credit.remove();
    document.body.classList.toggle("online-background", on);
    this.page.changed(on);
  }

  #tiles() {
    if (!this.map.getPane(PANE)) this.map.createPane(PANE).style.zIndex = ABOVE_BASEMAP;
    const layer = L.tileLayer(this.service.tiles, {
      pane: PANE,
      maxZoom: 19,
      // The tile servers answer only pages that say where they are; not which view.
      referrerPolicy: "origin",
    });
    layer.on("tileerror", () => {
      this.said.textContent = t("sharing.osm_failed", { host: this.service.host });
    });
    return layer.addTo(this.map);
  }
}
