/** The newest reading of every feature, as the frames bring them; knows which features changed. No DOM. */

import { apartFrom, drawnState } from "./classes.js";

const UNKNOWN = [null, null];

/** Live values of all subscribed layers. */
export class LiveValues {
  constructor() {
    this.layers = new Map();
    this.comparisons = new Map();
    this.clockOffset = 0;
  }

  /** @param {string} layer @returns {{n: number|null, newest: number|null, readings: Map, changed: Set, refused: string}} */
  of(layer) {
    let held = this.layers.get(layer);
    if (!held) {
      held = { n: null, newest: null, readings: new Map(), shown: new Map(), changed: new Set(), refused: "", skipped: 0 };
      this.layers.set(layer, held);
    }
    return held;
  }

  /**
   * Take one message of the server.
   * @param {object} message @param {number} [now] the browser's clock
   * @returns {"ok"|"gap"} "gap" when a frame is missing without the server having said so
   */
  apply(message, now = Date.now()) {
    if (message.at) this.clockOffset = message.at - now;
    const take = { snapshot: "_snapshot", frame: "_frame", skipped: "_skipped", refused: "_refused", age: "_age" };
    const method = take[message.type];
    return (method && this[method](message)) ?? "ok";
  }

  /** @returns {Record<string, number>} Number of the last frame seen of each layer, to resume from. */
  numbers() {
    const known = [...this.layers].filter(([, held]) => held.n !== null);
    return Object.fromEntries(known.map(([layer, held]) => [layer, held.n]));
  }

  /** @returns {number} The server's time by the browser's clock. */
  now(clock = Date.now()) {
    return clock + this.clockOffset;
  }

  /** Let the newest readings be shown; while nobody calls this, the picture stands still. @returns {Set<number>} changed ids */
  drain(layer) {
    const held = this.of(layer);
    const { changed } = held;
    for (const id of changed) {
      if (held.readings.has(id)) held.shown.set(id, held.readings.get(id));
      else held.shown.delete(id);
    }
    held.changed = new Set();
    return changed;
  }

  /** @returns {{t: number, v: number|null, q: number}|undefined} The reading that is on the screen. */
  shown(layer, id) {
    return this.of(layer).shown.get(id);
  }

  /** @param {string} layer @param {Record<string, [number|null, number|null]>} pairs feature id -> baseline, usual value */
  compare(layer, pairs) {
    this.comparisons.set(layer, new Map(Object.entries(pairs).map(([id, pair]) => [Number(id), pair])));
  }

  /** @returns {[number|null, number|null]} baseline and what is usual at this hour, as far as they are known */
  comparison(layer, id) {
    return this.comparisons.get(layer)?.get(id) ?? UNKNOWN;
  }

  /** What to draw for a feature now. @param {object} layer @param {number} id @param {number} now @returns {number} */
  state(layer, id, now) {
    const { max_age: maxAge, steps } = layer.live;
    const baseline = layer.live.baseline ? this.comparison(layer.id, id)[0] : undefined;
    return drawnState(this.shown(layer.id, id), { now, maxAge, steps, baseline });
  }

  /** How far the value on the screen is from the usual one. @returns {{apart: number, isShare: boolean}|null} */
  apart(layer, id, now) {
    if (this.state(layer, id, now) < 0) return null;
    return apartFrom(this.shown(layer.id, id).v, this.comparison(layer.id, id)[1], layer.live.unit);
  }

  /** @returns {number} How many features have news that are not shown yet. */
  waiting() {
    return [...this.layers.values()].reduce((sum, held) => sum + held.changed.size, 0);
  }

  _store(held, rows) {
    for (const [id, t, v, q] of rows) {
      held.readings.set(id, { t, v, q });
      held.changed.add(id);
      if (v !== null && t > (held.newest ?? 0)) held.newest = t;
    }
  }

  _snapshot(message) {
    const held = this.of(message.layer);
    for (const id of held.readings.keys()) held.changed.add(id);
    Object.assign(held, { n: message.n, refused: "", newest: null, readings: new Map() });
    this._store(held, message.values);
  }

  _frame(message) {
    const held = this.of(message.layer);
    const gap = held.n !== null && message.n > held.n + 1;
    held.n = message.n;
    this._store(held, message.values);
    return gap ? "gap" : "ok";
  }

  _skipped(message) {
    const held = this.of(message.layer);
    held.skipped += Math.max(1, message.to - message.from + 1);
    held.n = message.to;
  }

  _refused(message) {
    Object.assign(this.of(message.layer), { refused: message.detail || "refused", readings: new Map(), newest: null });
  }

  _age(message) {
    for (const [layer, newest] of Object.entries(message.layers)) {
      if (newest !== null) this.of(layer).newest = Math.max(newest, this.of(layer).newest ?? 0);
    }
  }
}
