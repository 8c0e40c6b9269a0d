/** Legend pictures: the same colour, shape and width as on the map. */

import { NO_DATA, STALE, worseDirection } from "./classes.js";
import { readable } from "./colours.js";
import { svg } from "./dom.js";
import { gettext } from "./i18n.js";
import { PALETTES } from "./palette.js";
import { classShapes, svgPoints } from "./shapes.js";
import { theme } from "./theme.js";

const picture = (...children) => svg("svg", { viewBox: "0 0 16 16", class: "swatch", "aria-hidden": "true" }, ...children);

const line = (attributes) => svg("line", { x1: 1, y1: 8, x2: 15, y2: 8, ...attributes });

const missing = {
  line: (state) =>
    line({ class: state === STALE ? "stale" : "none", "stroke-width": 3, "stroke-dasharray": state === STALE ? "4 3" : "1.5 3" }),
  point: (state) => svg("circle", { cx: 8, cy: 8, r: 5, fill: "none", class: state === STALE ? "stale" : "none", "stroke-width": 2 }),
  polygon: (state) =>
    svg("rect", {
      x: 2, y: 3, width: 12, height: 10, fill: "none", "stroke-width": 1.5,
      class: state === STALE ? "stale" : "none", "stroke-dasharray": state === STALE ? "3 2" : "1 2",
    }),
};

const solid = {
  line: (colour, rank) => line({ stroke: colour, "stroke-width": 2.5 + 4 * rank, "stroke-linecap": "round" }),
  point: (colour, rank, shape) => svg("polygon", { points: svgPoints(shape), fill: colour, class: "edge" }),
  polygon: (colour) => svg("rect", { x: 2, y: 3, width: 12, height: 10, fill: colour, class: "edge" }),
};

/** @param {object} layer @param {number} state class, NO_DATA or STALE @returns {SVGElement} */
export function swatch(layer, state) {
  if (layer.live && state < 0) return picture(missing[layer.geometry](state));
  const steps = layer.live?.steps ?? [];
  const colour = readable(steps[state]?.colour ?? layer.colour, PALETTES[theme()]);
  if (!steps.length) return picture(solid[layer.geometry](colour, 0.3, layer.live ? "circle" : "square"));
  const direction = worseDirection(steps);
  const rank = (direction === 1 ? state : steps.length - 1 - state) / Math.max(1, steps.length - 1);
  return picture(solid[layer.geometry](colour, rank, classShapes(steps.length, direction)[state]));
}

/** @returns {string} The words for a drawn state. */
export function stateWords(layer, state) {
  if (state === STALE) return gettext("Out of date");
  if (state === NO_DATA) return gettext("No data");
  return layer.live?.steps[state]?.label ?? gettext("Measured");
}

/** @returns {{state: number, range: string, words: string}[]} Lines of a layer's legend, the worst first. */
export function legendOf(layer, number) {
  const { steps } = layer.live;
  const ranges = steps.map((step, index) => ({
    state: index,
    words: step.label,
    range: index + 1 < steps.length ? `${number(step.start)}–${number(steps[index + 1].start)}` : `≥ ${number(step.start)}`,
  }));
  const ordered = worseDirection(steps) === 1 ? ranges.reverse() : ranges;
  return [...ordered, ...[STALE, NO_DATA].map((state) => ({ state, words: stateWords(layer, state), range: "" }))];
}
