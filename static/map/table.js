/** The table twin: the same features as on the map, reachable by keyboard, only the visible rows built. */

import { NO_DATA, QUALITY, urgency, worseDirection } from "./classes.js";
import { h, setText } from "./dom.js";
import { extraProperties } from "./features.js";
import { unitText } from "./format.js";
import { gettext, interpolate } from "./i18n.js";
import { arrange, direction, windowOf } from "./rows.js";
import { TableRow } from "./tablerow.js";

/** Pixels of one row: grows with the type of a wall display. */
const rowHeight = () => Math.round(2.25 * Number.parseFloat(getComputedStyle(document.documentElement).fontSize));

const RESORT_MS = 4000; // rows that jump four times a second cannot be read

const MOVES = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity };

/** The table of one layer at a time. */
export class TableTwin {
  /** @param {{scroller: HTMLElement, table: HTMLTableElement, count: HTMLElement, view: object, values: object,
   *   fmt: object, onSelect: (row: object) => void}} wiring */
  constructor(wiring) {
    Object.assign(this, wiring, { rows: [], ordered: [], byId: new Map(), query: "", sortedAt: 0, active: 0 });
    this.order = { key: "urgency", falling: false };
    this.rowHeight = rowHeight();
    this.table.style.setProperty("--row", `${this.rowHeight}px`);
    this.body = h("tbody");
    this.slots = [];
    this.pads = [h("tr", { "aria-hidden": "true" }, h("td", { colspan: 5 })), h("tr", { "aria-hidden": "true" }, h("td", { colspan: 5 }))];
    this.table.replaceChildren(this.#head(), this.body);
    this.scroller.addEventListener("scroll", () => this.paint(), { passive: true });
    this.body.addEventListener("keydown", (event) => this.#key(event));
    this.body.addEventListener("click", (event) => this.#click(event));
    new ResizeObserver(() => this.paint()).observe(this.scroller);
  }

  #head() {
    const columns = [
      ["name", gettext("Name")],
      ["value", gettext("Value")],
      ["unusual", gettext("Against usual")],
      ["urgency", gettext("State")],
      ["time", gettext("Age")],
    ];
    this.heads = columns.map(([key, title]) => {
      const button = h("button", { type: "button", onclick: () => this.sortBy(key) }, title);
      return h("th", { scope: "col", "data-key": key, class: key }, button);
    });
    return h("thead", {}, h("tr", {}, ...this.heads));
  }

  /** Order by a column; the same column again turns the order round. */
  sortBy(key) {
    this.order = { key, falling: this.order.key === key ? !this.order.falling : false };
    this.#arrange();
  }

  /** @param {string} query words that the name must hold */
  filter(query) {
    this.query = query;
    this.scroller.scrollTop = 0;
    this.#arrange();
  }

  /** Begin with another layer. */
  begin(layer) {
    Object.assign(this, { layer, rows: [], byId: new Map(), active: 0 });
    this.order = { key: this.#firstOrder(layer), falling: false };
    this.table.classList.toggle("still", !layer.live);
    this.#title(layer);
    this.scroller.scrollTop = 0;
    this.#arrange();
  }

  /** What is judged by its own measure is looked at for what is worse than usual at this hour. */
  #firstOrder(layer) {
    if (!layer.live) return "name";
    return layer.live.baseline ? "unusual" : "urgency";
  }

  #title(layer) {
    const value = () => [layer.live.title, unitText(layer.live.unit)].filter(Boolean).join(", ");
    const live = () => [value(), gettext("Against usual"), gettext("State"), gettext("Age")];
    const titles = layer.live ? live() : extraProperties(layer).map(({ title }) => title);
    this.heads.slice(1).forEach((head, index) => {
      setText(head.firstChild, titles[index] ?? "");
      head.firstChild.disabled = !layer.live;
    });
  }

  /** @param {object[]} rows with id, name, centre */
  add(rows) {
    for (const row of rows) {
      this.rows.push(row);
      this.byId.set(row.id, row);
      this.#read(row);
    }
    this.#arrange();
  }

  #read(row) {
    const { live } = this.layer;
    const reading = live ? this.values.shown(this.layer.id, row.id) : undefined;
    const now = this.now();
    row.state = live ? this.values.state(this.layer, row.id, now) : NO_DATA;
    row.value = reading && reading.q < QUALITY.bad ? reading.v : null; // what the rules refused is no value
    row.time = reading?.t ?? null;
    row.urgency = live ? urgency(row.state, live.steps) : 0;
    row.apart = live ? this.values.apart(this.layer, row.id, now) : null;
    row.unusual = row.apart && worseDirection(live.steps) * row.apart.apart;
    row.badness = live ? worseDirection(live.steps) * (row.value ?? 0) : 0;
  }

  /** Take the new values into the rows and show them; called at most four times a second. */
  refresh(changed, sweep) {
    for (const row of sweep ? this.rows : []) this.#read(row);
    for (const id of changed) if (this.byId.has(id)) this.#read(this.byId.get(id));
    const due = performance.now() - this.sortedAt > RESORT_MS || changed.size > this.rows.length / 2;
    if (due) this.#rearrangeAround();
    else if (sweep || changed.size) this.paint();
  }

  /** Order anew; the row with the focus, or else the one under the pointer, stays where it is on the screen.
   *  Where the list ends before that, a row under the pointer keeps its place until the pointer has gone. */
  #rearrangeAround() {
    const slot = this.body.querySelector("tr:focus") ?? this.body.querySelector("tr:hover");
    const held = slot?.dataset.index === undefined ? null : this.ordered[Number(slot.dataset.index)];
    if (!held) return this.#arrange();
    const focused = slot.matches(":focus");
    const active = this.ordered[this.active];
    const before = this.ordered;
    this.#order();
    const top = this.scroller.scrollTop + (this.ordered.indexOf(held) - before.indexOf(held)) * this.rowHeight;
    if (!focused && (top < 0 || top > this.scroller.scrollHeight - this.scroller.clientHeight)) this.ordered = before;
    this.active = Math.max(0, this.ordered.indexOf(focused ? held : active));
    if (this.ordered !== before) this.scroller.scrollTop = top;
    this.paint();
    if (focused) this.body.querySelector(`tr[data-index="${this.active}"]`)?.focus({ preventScroll: true });
  }

  #arrange() {
    this.#order();
    this.paint();
  }

  #order() {
    const { key, falling } = this.order;
    const hidden = this.view.hidden.get(this.layer?.id);
    this.ordered = arrange(this.rows, { query: this.query, order: key, falling, hidden });
    this.sortedAt = performance.now();
    const sorted = direction(key, { falling, worse: this.layer?.live ? worseDirection(this.layer.live.steps) : 0 });
    for (const head of this.heads) {
      if (head.dataset.key === key) head.setAttribute("aria-sort", sorted);
      else head.removeAttribute("aria-sort");
    }
    this.active = Math.min(this.active, Math.max(0, this.ordered.length - 1));
    this.table.setAttribute("aria-rowcount", String(this.ordered.length + 1));
    const of = { count: this.fmt.number(this.ordered.length), all: this.fmt.number(this.rows.length) };
    setText(this.count, interpolate(gettext("%(count)s of %(all)s"), of));
  }

  /** Build or update the rows that are in view. */
  paint() {
    const { scrollTop, clientHeight } = this.scroller;
    const { first, last } = windowOf({ top: scrollTop, height: clientHeight, rowHeight: this.rowHeight, count: this.ordered.length });
    while (this.slots.length < last - first) this.slots.push(new TableRow(this));
    const used = this.slots.slice(0, last - first);
    used.forEach((slot, index) => slot.show(this.ordered[first + index], first + index));
    this.pads[0].firstChild.style.height = `${first * this.rowHeight}px`;
    this.pads[1].firstChild.style.height = `${(this.ordered.length - last) * this.rowHeight}px`;
    if (this.body.childElementCount !== used.length + 2) this.body.replaceChildren(this.pads[0], ...used.map((slot) => slot.row), this.pads[1]);
  }

  #click(event) {
    const row = event.target.closest("tr[data-index]");
    if (!row) return;
    this.active = Number(row.dataset.index);
    this.onSelect(this.ordered[this.active]);
  }

  #key(event) {
    if (event.key === "Enter" || event.key === " ") this.onSelect(this.ordered[this.active]);
    else if (event.key in MOVES) this.#focus(this.active + MOVES[event.key]);
    else return;
    event.preventDefault();
  }

  #focus(index) {
    this.active = Math.min(this.ordered.length - 1, Math.max(0, index));
    this.#scrollTo(this.active);
    this.paint();
    this.body.querySelector(`tr[data-index="${this.active}"]`)?.focus({ preventScroll: true });
  }

  #scrollTo(index) {
    const { scroller } = this;
    const head = this.table.tHead.offsetHeight;
    const top = index * this.rowHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    const room = scroller.clientHeight - head - this.rowHeight;
    if (top > scroller.scrollTop + room) scroller.scrollTop = top - room;
  }

  /** Other comparisons are known: look at every row again, and order them as soon as nobody is among them. */
  compared() {
    for (const row of this.rows) this.#read(row);
    this.sortedAt = -Infinity;
  }

  /** Other categories are shown. */
  rearrange() {
    this.#arrange();
  }

  /** The theme has other colours: draw the marks again. */
  repaint() {
    for (const slot of this.slots) slot.forget();
    this.paint();
  }

  /** Scroll to a feature that was selected elsewhere. */
  reveal(id) {
    const index = this.ordered.findIndex((row) => row.id === id);
    if (index >= 0) {
      this.active = index;
      this.#scrollTo(index);
    }
    this.paint();
  }
}
