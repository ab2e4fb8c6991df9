/**
 * A canvas that Leaflet moves and zooms with the map, redrawn by one function when it rests.
 * Everything on the map is drawn through it: no element per site, so 20,000 cost little.
 */

/* global L */

/**
 * @typedef {object} Frame what a drawing function needs to know
 * @property {number} zoom
 * @property {number} scale screen pixels per unit of `mercator`
 * @property {number} x0 left edge of the canvas in screen pixels of the whole world
 * @property {number} y0 top edge
 * @property {number} width of the canvas
 * @property {number} height of the canvas
 * @property {{x: number, y: number}} corner of the visible map within the canvas
 * @property {{x: number, y: number}} visible size of the visible map
 */

/**
 * Spherical Mercator (EPSG:3857) on a world of 1 by 1, north up.
 * @param {readonly number[]} lonLat CRS84, degrees
 * @returns {[number, number]}
 */
export function mercator([lon, lat]) {
  const sine = Math.sin((lat * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
}

/**
 * @param {Frame} frame
 * @param {readonly [number, number]} unit
 * @returns {[number, number]} pixels within the canvas
 */
export function toPixel(frame, unit) {
  return [unit[0] * frame.scale - frame.x0, unit[1] * frame.scale - frame.y0];
}

/**
 * @param {Frame} frame
 * @param {number} lat
 * @returns {number} screen pixels per metre on the ground (sphere of 6,378,137 m)
 */
export function pixelsPerMetre(frame, lat) {
  return frame.scale / (2 * Math.PI * 6_378_137 * Math.cos((lat * Math.PI) / 180));
}

/**
 * @param {any} map the Leaflet map
 * @param {string} pane
 * @param {number} zIndex
 * @param {(context: CanvasRenderingContext2D, frame: Frame) => void} draw
 * @returns {{redraw: () => void, frame: () => Frame, show: (on: boolean) => void, container: HTMLCanvasElement}}
 */
export function addCanvas(map, pane, zIndex, draw) {
  map.createPane(pane).style.zIndex = String(zIndex);
  const layer = new CanvasLayer({ pane, padding: 0.25 });
  layer.draw = draw;
  layer.addTo(map);
  return {
    redraw: () => layer.redrawSoon(),
    frame: () => layer.frame(),
    show: (on) => (on ? layer.addTo(map) : layer.remove()),
    container: layer._container,
  };
}

// L.Renderer is Leaflet's own base of L.Canvas: it moves and scales the element while zooming.
const CanvasLayer = L.Renderer.extend({
  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.setAttribute("aria-hidden", "true");
    this._context = this._container.getContext("2d");
  },

  _destroyContainer() {
    cancelAnimationFrame(this._waiting);
    this._waiting = undefined;
    this._container.remove();
  },

  _updatePaths() {},

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this.redraw();
  },

  redrawSoon() {
    this._waiting ??= requestAnimationFrame(() => {
      this._waiting = undefined;
      if (this._map && !this._map._animatingZoom) this.redraw();
    });
  },

  redraw() {
    const size = this._bounds.getSize();
    const zoom = this._container.currentCSSZoom ?? 1; // a wide screen's page is enlarged
    const ratio = Math.min((globalThis.devicePixelRatio || 1) * zoom, 2);
    const [width, height] = [Math.round(size.x * ratio), Math.round(size.y * ratio)];
    if (this._container.width !== width || this._container.height !== height) {
      this._container.width = width;
      this._container.height = height;
      this._container.style.width = `${size.x}px`;
      this._container.style.height = `${size.y}px`;
    }
    this._context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this._context.clearRect(0, 0, size.x, size.y);
    this.draw(this._context, this.frame());
  },

  /** @returns {Frame} */
  frame() {
    const origin = this._map.getPixelOrigin();
    const size = this._bounds.getSize();
    const seen = this._map.containerPointToLayerPoint([0, 0]).subtract(this._bounds.min);
    return {
      zoom: this._map.getZoom(),
      scale: 256 * 2 ** this._map.getZoom(),
      x0: origin.x + this._bounds.min.x,
      y0: origin.y + this._bounds.min.y,
      width: size.x,
      height: size.y,
      corner: { x: seen.x, y: seen.y },
      visible: this._map.getSize(),
    };
  },
});
