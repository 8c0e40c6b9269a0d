/** From the declaration of a layer to MapLibre layers. Pure; the state of a feature arrives as feature-state `s`. */

import { NO_DATA, STALE, worseDirection } from "./classes.js";
import { classShapes } from "./shapes.js";

/** Above this many points a layer draws circles: placing symbols would cost too much. */
export const SYMBOL_LIMIT = 2000;

/** Above this many points the server sends counts by grid cell below zoom 12. */
const CLUSTERED = 20_000;

const FONT = ["Noto Sans CJK SC Regular"];
const STATE = ["coalesce", ["feature-state", "s"], NO_DATA];
const SELECTED = ["boolean", ["feature-state", "selected"], false];
const when = (test, yes, no) => ["case", test, yes, no];
const isState = (state) => ["==", STATE, state];
const fresh = [">=", STATE, 0];

/** Sizes that grow with the zoom and with the screen. */
const sizes = (scale) => (low, high) => {
  const sized = (size) => (typeof size === "number" ? size * scale : ["*", scale, size]);
  return ["interpolate", ["exponential", 1.5], ["zoom"], 10, sized(low), 16, sized(high)];
};

const stepColours = (layer, palette) => {
  const { steps } = layer.live;
  const cases = steps.flatMap((step, index) => [index, step.colour]);
  return cases.length ? ["match", STATE, ...cases, steps.length, layer.colour, palette.none] : when(fresh, layer.colour, palette.none);
};

const colourOf = (layer, palette) => (layer.live ? stepColours(layer, palette) : layer.colour);

/** Share of urgency that widens lines and dots, so that the worst class stands out without colour. */
const emphasis = (layer) => {
  const steps = layer.live?.steps ?? [];
  if (steps.length < 2) return 0.4;
  const rank = (index) => (worseDirection(steps) === 1 ? index : steps.length - 1 - index) / (steps.length - 1);
  return ["match", STATE, ...steps.flatMap((_, index) => [index, rank(index)]), 0.25];
};

const grown = (layer, small, large) => ["+", small, ["*", large - small, emphasis(layer)]];

const part = (layer, name, type, rest) => ({
  id: `${layer.id}/${name}`,
  type,
  source: layer.id,
  "source-layer": layer.id,
  minzoom: layer.min_zoom ?? 0,
  ...rest,
});

/** The name in the language of the page where the feature has one. */
const nameOf = ({ label: usual, named = usual }) => ["case", ["has", named], ["to-string", ["get", named]], ["to-string", ["get", usual]]];

const label = (layer, palette, minzoom, layout) =>
  part(layer, "label", "symbol", {
    minzoom: Math.max(minzoom, layer.min_zoom ?? 0),
    layout: { "text-field": nameOf(layer), "text-font": FONT, ...layout, "text-size": layer.scale * (layout["text-size"] ?? 12) },
    paint: { "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 1.4 },
  });

const round = { "line-cap": "round", "line-join": "round" };

function lineLayers(layer, palette) {
  const width = layer.zoomed(grown(layer, 1.6, 3), grown(layer, 5, 9));
  const dash = (name, state, colour, pattern) =>
    part(layer, name, "line", {
      paint: {
        "line-color": colour,
        "line-width": layer.zoomed(1.4, 4),
        "line-dasharray": pattern,
        "line-opacity": when(isState(state), 1, 0),
      },
    });
  const solid = part(layer, "solid", "line", {
    layout: round,
    paint: {
      "line-color": colourOf(layer, palette),
      "line-width": width,
      "line-opacity": layer.live ? when(fresh, 1, 0) : 0.75,
    },
  });
  return [
    part(layer, "pick", "line", { paint: { "line-color": palette.ink, "line-width": 14 * layer.scale, "line-opacity": 0 } }),
    part(layer, "selected", "line", {
      layout: round,
      paint: { "line-color": palette.accent, "line-width": layer.zoomed(9, 17), "line-opacity": when(SELECTED, 0.55, 0) },
    }),
    ...(layer.live ? [dash("none", NO_DATA, palette.none, [0.6, 2]), dash("stale", STALE, palette.stale, [2.4, 1.6])] : []),
    solid,
    label(layer, palette, 13, { "symbol-placement": "line", "text-size": 11 }),
  ];
}

/** Names of areas come from points of their own: a tile would repeat the name of every area that it cuts. */
const once = (layer) => ({ source: `${layer.id}/names`, "source-layer": undefined });

function polygonLayers(layer, palette) {
  const opacity = layer.live ? when(fresh, 0.55, 0) : palette.still;
  const edge = layer.live ? when(fresh, colourOf(layer, palette), palette.stale) : palette.edge;
  return [
    part(layer, "pick", "fill", { paint: { "fill-color": colourOf(layer, palette), "fill-opacity": opacity } }),
    part(layer, "edge", "line", { paint: { "line-color": edge, "line-width": layer.zoomed(0.8, 2) } }),
    part(layer, "selected", "line", {
      paint: { "line-color": palette.accent, "line-width": 3.5, "line-opacity": when(SELECTED, 1, 0) },
    }),
    { ...label(layer, palette, 9, { "text-size": 13, "text-letter-spacing": 0.08 }), ...once(layer) },
  ];
}

const icon = (layer, name, image, paint) =>
  part(layer, name, "symbol", {
    layout: {
      "icon-image": `shape:${image}`,
      "icon-allow-overlap": true,
      "icon-ignore-placement": true,
      "icon-size": layer.zoomed(layer.live ? 0.4 : 0.26, 0.95),
    },
    paint,
  });

function symbolLayers(layer, palette) {
  const steps = layer.live?.steps ?? [];
  const shapes = classShapes(steps.length, worseDirection(steps));
  const outline = { "icon-halo-color": palette.halo, "icon-halo-width": 1.2 };
  if (!layer.live) return [icon(layer, "still", "square", { "icon-color": layer.colour, ...outline })];
  const ring = (name, state, colour) =>
    icon(layer, name, "circle-hollow", { "icon-color": colour, "icon-opacity": when(isState(state), 1, 0) });
  const classed = steps.length ? shapes.map((shape, index) => [shape, steps[index].colour, isState(index)]) : [];
  const plain = steps.length ? [] : [["circle", layer.colour, fresh]];
  return [
    ring("none", NO_DATA, palette.none),
    ring("stale", STALE, palette.stale),
    ...[...classed, ...plain].map(([shape, colour, test], index) =>
      icon(layer, `class${index}`, shape, { "icon-color": colour, "icon-opacity": when(test, 1, 0), ...outline }),
    ),
  ];
}

const circles = (layer, palette) => [
  part(layer, "dots", "circle", {
    paint: {
      "circle-radius": layer.zoomed(grown(layer, 2.2, 3.4), grown(layer, 6, 9)),
      "circle-color": colourOf(layer, palette),
      "circle-opacity": layer.live ? when(fresh, 0.95, 0) : 0.9,
      "circle-stroke-width": layer.live ? when(fresh, 0.6, 1.6) : 0.6,
      "circle-stroke-color": layer.live ? when(fresh, palette.halo, palette.stale) : palette.halo,
    },
  }),
];

/** Far out, crowded layers arrive as counts by grid cell. */
const clusters = (layer, palette) => [
  part(layer, "cluster", "circle", {
    filter: ["has", "count"],
    paint: {
      "circle-color": palette.edge,
      "circle-opacity": 0.55,
      "circle-radius": ["interpolate", ["linear"], ["ln", ["get", "count"]], 0, 4, 10, 22],
    },
  }),
  part(layer, "cluster-count", "symbol", {
    filter: ["has", "count"],
    layout: { "text-field": ["to-string", ["get", "count"]], "text-font": FONT, "text-size": 11 * layer.scale },
    paint: { "text-color": palette.ink, "text-halo-color": palette.halo, "text-halo-width": 1 },
  }),
];

const pointLayers = (layer, palette) => [
  part(layer, "pick", "circle", {
    paint: {
      "circle-radius": layer.zoomed(10, 18),
      "circle-color": palette.accent,
      "circle-opacity": when(SELECTED, 0.3, 0),
      "circle-stroke-color": palette.accent,
      "circle-stroke-width": when(SELECTED, 2.5, 0),
    },
  }),
  ...(layer.count > SYMBOL_LIMIT ? circles : symbolLayers)(layer, palette),
  ...(layer.count > CLUSTERED ? clusters(layer, palette) : []),
  label(layer, palette, 13, { "text-offset": [0, 1.2], "text-anchor": "top", "text-size": 11 }),
];

const KINDS = { line: lineLayers, polygon: polygonLayers, point: pointLayers };

/** Leaves out the features of hidden categories; counts by grid cell have none. */
const kept = (layer, hidden) => ["!", ["in", ["to-string", ["get", layer.category]], ["literal", [...hidden]]]];

const filtered = (item, filter) => ({ ...item, filter: item.filter ? ["all", item.filter, filter] : filter });

/**
 * @param {object} layer of the layers API @param {object} palette
 * @param {{scale?: number, hidden?: Set<string>}} [options] size of everything, and categories that are left out
 * @returns {object[]} MapLibre layers, bottom first
 */
export function paintLayer(layer, palette, { scale = 1, hidden } = {}) {
  const painted = KINDS[layer.geometry]({ ...layer, scale, zoomed: sizes(scale) }, palette);
  return hidden?.size ? painted.map((item) => filtered(item, kept(layer, hidden))) : painted;
}
