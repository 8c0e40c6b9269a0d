/** The box beside the pointer: name, value and state of what lies under it. */

import { NO_DATA } from "./classes.js";
import { h } from "./dom.js";
import { unitText } from "./format.js";
import { nameKey } from "./page.js";
import { stateWords, swatch } from "./swatch.js";

const valueLine = (layer, reading, state, { fmt }) => {
  const value = reading && reading.v !== null && state !== NO_DATA ? `${fmt.reading(reading.v, layer.live.decimals)} ${unitText(layer.live.unit)} ` : "";
  return h("p", {}, swatch(layer, state), h("b", {}, value), h("span", {}, stateWords(layer, state)));
};

/**
 * @param {HTMLElement} box @param {{view: object, values: object, fmt: object, now: () => number}} page
 * @returns {(found: object|null, point: {x: number, y: number}|null) => void}
 */
export function hoverBox(box, page) {
  return (found, point) => {
    box.hidden = !found;
    if (!found) return;
    const layer = page.view.layers.get(found.layer);
    const name = found.properties[nameKey(layer)] ?? found.properties[layer.label] ?? `#${found.id}`;
    const reading = layer.live ? page.values.shown(layer.id, found.id) : undefined;
    box.replaceChildren(h("p", { class: "name" }, String(name)), layer.live ? valueLine(layer, reading, page.values.state(layer, found.id, page.now()), page) : h("p", { class: "quiet" }, layer.title));
    const room = box.parentElement.clientWidth - box.offsetWidth - 16;
    box.style.transform = `translate(${Math.max(4, Math.min(point.x + 14, room))}px, ${point.y + 16}px)`;
  };
}
