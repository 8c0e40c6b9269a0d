/** Names and places of a layer's features for the table twin and the hover box, read page by page and kept. */

import { featurePages } from "./api.js";
import { nameKey } from "./page.js";
import { rankByName } from "./rows.js";

/** Rows beyond this number stay on the map only; the count says so. */
export const MOST_ROWS = 20_000;

const corners = (coordinates, out = []) => {
  if (typeof coordinates[0] === "number") out.push(coordinates);
  else for (const part of coordinates) corners(part, out);
  return out;
};

/** @param {object|null} geometry GeoJSON @returns {[number, number]|null} middle of its box */
export function middle(geometry) {
  if (!geometry) return null;
  const places = corners(geometry.coordinates);
  const mid = (at) => {
    const parts = places.map((place) => place[at]);
    return (parts.reduce((a, b) => Math.min(a, b)) + parts.reduce((a, b) => Math.max(a, b))) / 2;
  };
  return [mid(0), mid(1)];
}

/** @returns {{name: string, title: string}[]} What the table shows of a layer without a live value, beside the name. */
export const extraProperties = (layer) =>
  layer.properties.filter(({ name }) => name !== layer.label && name !== `${layer.label}_en`).slice(0, 4);

/** @returns {string|number} A property as people read it: the words of a choice. */
export const inWords = ({ choices }, value) => choices?.[value] ?? value ?? "";

const rowOf = (layer, key) => (feature) => {
  const name = String(feature.properties[key] || feature.properties[layer.label] || `#${feature.id}`);
  const other = feature.properties[layer.label] ?? "";
  const extra = extraProperties(layer).map((property) => inWords(property, feature.properties[property.name]));
  const search = `${name} ${other} ${feature.properties.code ?? ""}`.toLowerCase();
  return { id: Number(feature.id), name, search, category: String(feature.properties[layer.category] ?? ""), centre: middle(feature.geometry), extra };
};

/** Rows of layers, each read once. */
export class FeatureRows {
  constructor() {
    this.kept = new Map();
  }

  /**
   * @param {object} layer @param {(rows: object[]) => void} take called for every page, also for kept ones
   * @returns {Promise<void>}
   */
  async read(layer, take) {
    const known = this.kept.get(layer.id);
    if (known) {
      take(known);
      return;
    }
    const all = [];
    for await (const page of featurePages(layer.id, MOST_ROWS)) {
      const rows = page.map(rowOf(layer, nameKey(layer)));
      all.push(...rows);
      take(rows);
    }
    rankByName(all);
    this.kept.set(layer.id, all);
  }
}
