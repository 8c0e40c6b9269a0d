/** The map canvas: draws the style, keeps feature states, and says what was clicked or hovered. */

import { gettext } from "./i18n.js";
import { shapeImage } from "./shapes.js";
import { buildStyle, homeBounds } from "./style.js";
import { Map as MapLibre, NavigationControl, ScaleControl } from "./vendor.js";

const LOCAL_FONTS = "'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif";
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

const words = () => ({
  "Map.Title": gettext("Map"),
  "NavigationControl.ZoomIn": gettext("Zoom in"),
  "NavigationControl.ZoomOut": gettext("Zoom out"),
  "NavigationControl.ResetBearing": gettext("North up"),
  "ScaleControl.Meters": "m",
  "ScaleControl.Kilometers": "km",
});

const EDGE = 0.2; // share of the map that a selected feature keeps from its edge
const NEAR = 13; // the zoom from which roads and symbols carry their names

/** The map of the page. */
export class MapCanvas {
  /** @param {{container: HTMLElement, page: () => object, view: object|null, on: object}} wiring */
  constructor({ container, page, view, on }) {
    this.page = page;
    this.on = on;
    this.states = new Map();
    this.selected = null;
    const start = view ? { center: [view.lng, view.lat], zoom: view.zoom } : this.#wholeCity();
    this.map = new MapLibre({
      container,
      style: buildStyle(page()),
      ...start,
      locale: words(),
      attributionControl: false,
      localIdeographFontFamily: LOCAL_FONTS,
      dragRotate: false,
      pitchWithRotate: false,
      maxZoom: 18,
      fadeDuration: 0,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new ScaleControl({}), "bottom-right");
    this.#listen();
  }

  #wholeCity() {
    const { layers, visible } = this.page();
    const bounds = homeBounds(layers.filter((layer) => layer.home || visible.has(layer.id)));
    return bounds ? { bounds, fitBoundsOptions: { padding: 36 } } : { center: [0, 0], zoom: 1 };
  }

  #listen() {
    const { map } = this;
    map.setMissingStyleImageResolver((id) => {
      if (id.startsWith("shape:")) map.addImage(id, shapeImage(id.slice(6)), { sdf: true, pixelRatio: 2 });
    });
    map.on("click", (event) => this.on.pick(this.#featureAt(event.point)));
    map.on("mousemove", (event) => this.#hover(event));
    map.on("mouseout", () => this.on.hover(null, null));
    map.on("moveend", () => this.on.move(this.view()));
    map.on("error", ({ error, sourceId }) => this.on.error(sourceId ?? "", error));
  }

  #hover({ point }) {
    if (this.hoverFrame) return;
    this.hoverFrame = requestAnimationFrame(() => {
      this.hoverFrame = 0;
      const found = this.#featureAt(point);
      this.map.getCanvas().style.cursor = found ? "pointer" : "";
      this.on.hover(found, point);
    });
  }

  #featureAt({ x, y }) {
    const layers = [...this.page().visible].map((id) => `${id}/pick`).filter((id) => this.map.getLayer(id));
    if (!layers.length) return null;
    const box = [[x - 3, y - 3], [x + 3, y + 3]];
    const under = this.map.queryRenderedFeatures(box, { layers }).filter((feature) => feature.id !== undefined);
    const found = under.find((feature) => feature.geometry.type === "Point") ?? under[0]; // a point is harder to hit
    return found ? { layer: found.source, id: Number(found.id), properties: found.properties } : null;
  }

  /** Draw what the page says now: visible layers, theme, plan. */
  repaint() {
    this.map.setStyle(buildStyle(this.page()), { diff: true });
    this.#again();
  }

  /** A layer that was hidden comes back without its states: set them again. */
  #again() {
    const { visible } = this.page();
    for (const [layer, states] of this.states) {
      if (!visible.has(layer)) continue;
      for (const [id, s] of states) this.#put(layer, id, { s });
    }
    if (this.selected && visible.has(this.selected.layer)) {
      this.#put(this.selected.layer, this.selected.id, { selected: true });
    }
  }

  #put(layer, id, state) {
    if (this.map.getSource(layer)) this.map.setFeatureState({ source: layer, sourceLayer: layer, id }, state);
  }

  /** Give a feature its class, no data or stale; calls that change nothing cost nothing. */
  setState(layer, id, s) {
    let states = this.states.get(layer);
    if (!states) this.states.set(layer, (states = new Map()));
    if (states.get(id) === s) return;
    states.set(id, s);
    this.#put(layer, id, { s });
  }

  /** Show one feature as selected, or none. */
  select(wanted) {
    if (this.selected) this.#put(this.selected.layer, this.selected.id, { selected: false });
    this.selected = wanted;
    if (wanted) this.#put(wanted.layer, wanted.id, { selected: true });
  }

  /** Bring a place to the middle, near enough to tell it from its neighbours; what is well in view stays. */
  reveal(center) {
    const { x, y } = this.map.project(center);
    const { clientWidth, clientHeight } = this.map.getContainer();
    const inside = (at, size) => at > size * EDGE && at < size * (1 - EDGE);
    const zoom = Math.max(this.map.getZoom(), NEAR);
    if (zoom === this.map.getZoom() && inside(x, clientWidth) && inside(y, clientHeight)) return;
    this.map.easeTo({ center, zoom, animate: !calm(), duration: 500 });
  }

  /** Fit a box, or all visible layers. */
  fit(bounds = this.#wholeCity().bounds) {
    if (bounds) this.map.fitBounds(bounds, { padding: 40, maxZoom: 16, animate: !calm(), duration: 500 });
  }

  /** @returns {{zoom: number, lat: number, lng: number}} */
  view() {
    const { lng, lat } = this.map.getCenter();
    return { zoom: this.map.getZoom(), lat, lng };
  }
}
