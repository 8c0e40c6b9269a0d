/** One row of the table twin, used again for another feature when the table scrolls. */

import { h, setText } from "./dom.js";
import { ageText, unitText } from "./format.js";
import { stateWords, swatch } from "./swatch.js";

const ISO_TIME = /^\d{4}-\d\d-\d\dT/;

/** A row element and its cells. */
export class TableRow {
  /** @param {import("./table.js").TableTwin} table */
  constructor(table) {
    const cells = ["name", "value", "unusual", "urgency", "time"].map((key) => h("td", { class: key }));
    [this.name, this.value, this.unusual, this.state, this.time] = cells;
    this.mark = h("span", { class: "mark" });
    this.words = h("span");
    this.state.append(this.mark, this.words);
    this.row = h("tr", {}, ...cells);
    this.table = table;
    this.drawn = "";
  }

  /** Draw the mark anew at the next showing. */
  forget() {
    this.drawn = "";
  }

  /** @param {object} row @param {number} index its place in the order, from 0 */
  show(row, index) {
    const { layer, view, active } = this.table;
    const chosen = view.selected?.layer === layer.id && view.selected.id === row.id;
    this.row.dataset.index = String(index);
    this.row.setAttribute("aria-rowindex", String(index + 2));
    this.row.setAttribute("aria-selected", String(chosen));
    this.row.tabIndex = index === active ? 0 : -1;
    setText(this.name, row.name);
    if (layer.live) this.#live(row, layer);
    else this.#still(row);
  }

  #live(row, layer) {
    const { fmt, now } = this.table;
    setText(this.value, fmt.reading(row.value, layer.live.decimals));
    setText(this.unusual, row.apart ? fmt.apart(row.apart, unitText(layer.live.unit)) : "");
    setText(this.time, row.time === null ? "" : ageText(Math.max(0, Math.round((now() - row.time) / 1000))));
    const drawn = `${layer.id}:${row.state}`;
    if (this.drawn === drawn) return;
    this.drawn = drawn;
    this.mark.replaceChildren(swatch(layer, row.state));
    setText(this.words, stateWords(layer, row.state));
  }

  #still(row) {
    this.drawn = "";
    this.mark.replaceChildren();
    [this.value, this.unusual, this.words, this.time].forEach((cell, index) => setText(cell, this.#plain(row.extra[index] ?? "")));
  }

  #plain(value) {
    const { fmt, now } = this.table;
    if (typeof value === "number") return fmt.number(value);
    return ISO_TIME.test(value) ? fmt.stamp(Date.parse(value), now()) : String(value);
  }
}
