/** The Leaflet map and the view of the state, in step: what is shown, and what lies in it. */

import { t } from "./text.js";

/** @typedef {import("./hash.js").View} View */

export class MapView {
  /**
   * @param {any} map the Leaflet map
   * @param {import("./store.js").Store} store
   */
  constructor(map, store) {
    this.map = map;
    const container = map.getContainer();
    container.setAttribute("role", "application");
    container.setAttribute("aria-label", t("sharing.map_help"));
    const { view } = store.state;
    map.invalidateSize({ pan: false });
    map.setView([view.lat, view.lon], view.zoom, { animate: false });
    map.on("moveend", () => {
      if (this.#isAt(store.state.view)) return;
      const { lat, lng } = map.getCenter();
      const rounded = { lat: Number(lat.toFixed(4)), lon: Number(lng.toFixed(4)) };
      store.set({ view: { zoom: map.getZoom(), ...rounded } });
    });
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(container);
  }

  /** Show a view that came from elsewhere: a link, the back button. @param {View} view */
  follow({ zoom, lat, lon }) {
    const center = this.map.getCenter();
    const moved = Math.abs(center.lat - lat) > 1e-3 || Math.abs(center.lng - lon) > 1e-3;
    if (moved || Math.abs(this.map.getZoom() - zoom) > 0.01) {
      this.map.setView([lat, lon], zoom, { animate: false });
    }
  }

  /**
   * Whether the map shows that view to the pixel: Leaflet rounds, and a link must not wander.
   * @param {View} view
   */
  #isAt({ zoom, lat, lon }) {
    const middle = this.map.getSize().divideBy(2);
    const away = this.map.latLngToContainerPoint([lat, lon]).distanceTo(middle);
    return away < 1.5 && Math.abs(this.map.getZoom() - zoom) < 0.01;
  }

  /** @param {Map<string, Record<string, any>>} sites @returns {string[]} ids of those in view */
  within(sites) {
    const bounds = this.map.getBounds();
    const ids = [];
    for (const [id, { point }] of sites) {
      if (point && bounds.contains([point[1], point[0]])) ids.push(id);
    }
    return ids;
  }

  /** West, south, east, north of what is visible, in degrees, rounded outwards. */
  get bounds() {
    const bounds = this.map.getBounds();
    const down = (/** @type {number} */ degrees) => Math.floor(degrees * 1e4) / 1e4;
    const up = (/** @type {number} */ degrees) => Math.ceil(degrees * 1e4) / 1e4;
    return [
      Math.max(down(bounds.getWest()), -180),
      Math.max(down(bounds.getSouth()), -90),
      Math.min(up(bounds.getEast()), 180),
      Math.min(up(bounds.getNorth()), 90),
    ];
  }
}
