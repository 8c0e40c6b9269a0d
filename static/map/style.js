/** The whole MapLibre style: no base map, no glyphs, no sprite, so nothing is asked from outside. Pure. */

import { themed } from "./colours.js";
import { paintLayer } from "./paint.js";
import { vehicleColour } from "./palette.js";

/** Areas, still lines, points, and live lines on top: no symbol covers the colour of a road. */
const rank = ({ geometry, live }) => ({ polygon: 0, line: live ? 4 : 1, point: live ? 3 : 2 })[geometry];

const FONT = ["Noto Sans CJK SC Regular"];

const FADED = 0.3;

const EMPTY = { type: "FeatureCollection", features: [] };

/** Points that carry the names of areas. @param {object} layer @param {object[]} rows with name and centre */
export const namePoints = (layer, rows) => ({
  type: "FeatureCollection",
  features: rows
    .filter((row) => row.centre)
    .map((row) => ({ type: "Feature", geometry: { type: "Point", coordinates: row.centre }, properties: { [layer.named ?? layer.label]: row.name } })),
});

const source = (layer, origin) => ({
  type: "vector",
  tiles: [origin + layer.tiles],
  minzoom: layer.min_zoom ?? 0,
  maxzoom: 16,
  ...(layer.bounds ? { bounds: layer.bounds } : {}),
});

const planLayers = (palette, scale) => [
  {
    id: "plan/case",
    type: "line",
    source: "plan",
    layout: { "line-join": "round", "line-cap": "round" },
    paint: { "line-color": palette.halo, "line-width": 7 * scale, "line-opacity": 0.9 },
  },
  {
    id: "plan/route",
    type: "line",
    source: "plan",
    layout: { "line-join": "round", "line-cap": "round" },
    paint: { "line-color": ["get", "colour"], "line-width": ["case", ["get", "chosen"], 5 * scale, 3 * scale] },
  },
  {
    id: "plan/name",
    type: "symbol",
    source: "plan",
    layout: { "symbol-placement": "line", "text-field": ["get", "vehicle"], "text-font": FONT, "text-size": 12 * scale },
    paint: { "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 2 },
  },
];

/** Routes with the colour of their vehicle; `chosen` is drawn wider. */
export const colouredRoutes = (routes, chosen) => ({
  type: "FeatureCollection",
  features: routes.features
    .filter((route) => route.geometry)
    .map((route, index) => ({
      type: "Feature",
      geometry: route.geometry,
      properties: {
        vehicle: String(route.properties.vehicle),
        colour: vehicleColour(index),
        chosen: route.properties.vehicle === chosen,
      },
    })),
});

/** Live lines step back while routes are shown, so that no road is taken for a route. */
const faded = (item) =>
  item.type === "line" && item.id.endsWith("/solid") ? { ...item, paint: { ...item.paint, "line-opacity": ["*", FADED, item.paint["line-opacity"]] } } : item;

/**
 * @param {{layers: object[], visible: Set<string>, palette: object, origin: string, plan: object|null,
 *   names?: Map<string, object>, hidden?: Map<string, Set<string>>, scale?: number}} page `hidden`: the categories
 *   of each layer that are left out; `scale`: size of lines, symbols and letters, 1 on a desk
 * @returns {object} a MapLibre style
 */
export function buildStyle({ layers, visible, palette, origin, plan, names = new Map(), hidden = new Map(), scale = 1 }) {
  const shown = layers.filter((layer) => visible.has(layer.id)).map((layer) => themed(layer, palette)).sort((a, b) => rank(a) - rank(b));
  const painted = shown.flatMap((layer) => paintLayer(layer, palette, { scale, hidden: hidden.get(layer.id) })).map((item) => (plan ? faded(item) : item));
  const labels = painted.filter((item) => item.id.endsWith("/label"));
  const sources = Object.fromEntries(shown.map((layer) => [layer.id, source(layer, origin)]));
  for (const { id, geometry } of shown) if (geometry === "polygon") sources[`${id}/names`] = { type: "geojson", data: names.get(id) ?? EMPTY };
  if (plan) sources.plan = { type: "geojson", data: plan };
  return {
    version: 8,
    sources,
    layers: [
      { id: "ground", type: "background", paint: { "background-color": palette.ground } },
      ...painted.filter((item) => !labels.includes(item)),
      ...(plan ? planLayers(palette, scale) : []),
      ...labels,
    ],
  };
}

/** @returns {[number, number, number, number]|null} The home view: the declared layers where there are some, else all. */
export function homeBounds(layers) {
  const home = layers.filter((layer) => layer.home && layer.bounds);
  return boundsOf(home.length ? home : layers);
}

/** @returns {[number, number, number, number]|null} The box around all lines of the routes. */
export function routeBounds(routes) {
  const flat = (part) => (typeof part[0] === "number" ? [part] : part.flatMap(flat));
  const points = routes.features.flatMap(({ geometry }) => (geometry ? flat(geometry.coordinates) : []));
  return boundsOf(points.map(([lng, lat]) => ({ bounds: [lng, lat, lng, lat] })));
}

/** @returns {[number, number, number, number]|null} The box around the bounds of all given layers. */
export function boundsOf(layers) {
  const boxes = layers.map((layer) => layer.bounds).filter(Boolean);
  if (!boxes.length) return null;
  const pick = (at, choose) => boxes.map((box) => box[at]).reduce((a, b) => choose(a, b));
  return [pick(0, Math.min), pick(1, Math.min), pick(2, Math.max), pick(3, Math.max)];
}
