/** The live socket: subscribes, resumes by number, reconnects with growing pauses, and counts its reconnects. */

import { backoff } from "./feed.js";

/** @returns {string} Address of the live feed on this host. */
export const liveUrl = (place = globalThis.location) =>
  `${place.protocol === "https:" ? "wss" : "ws"}://${place.host}/ws/live/`;

/** Close codes with which the server says that trying again is of no use. */
const FINAL = new Set([4401, 4403]);

/** One live connection for the whole page. */
export class LiveSocket {
  /**
   * @param {{url: string, wanted: () => string[], numbers: () => Record<string, number>,
   *   onMessage: (message: object) => void, onState: (state: object) => void}} wiring
   */
  constructor(wiring) {
    this.wiring = wiring;
    this.subscribed = new Set();
    this.attempt = 0;
    this.reconnects = 0;
    this.state = "connecting";
  }

  /** Open the connection, now. */
  open() {
    this.socket = new WebSocket(this.wiring.url);
    this.socket.addEventListener("open", () => this.#opened());
    this.socket.addEventListener("message", (event) => this.#received(event.data));
    this.socket.addEventListener("close", (event) => this.#closed(event.code));
  }

  /** Bring the subscriptions in line with the layers that are wanted now. */
  sync() {
    if (this.state !== "open") return;
    const wanted = new Set(this.wiring.wanted());
    const add = [...wanted].filter((layer) => !this.subscribed.has(layer));
    const drop = [...this.subscribed].filter((layer) => !wanted.has(layer));
    if (add.length) this.#subscribe(add);
    if (drop.length) this.#send({ unsubscribe: drop });
    this.subscribed = wanted;
  }

  /** Ask for a fresh snapshot of a layer, because a frame is missing. */
  refresh(layer) {
    this.#send({ unsubscribe: [layer] });
    this.#send({ subscribe: [layer] });
  }

  #subscribe(layers) {
    const known = this.wiring.numbers();
    const resume = Object.fromEntries(layers.filter((layer) => layer in known).map((layer) => [layer, known[layer]]));
    this.#send({ subscribe: layers, resume });
  }

  #send(message) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  #opened() {
    if (this.state === "waiting") this.reconnects += 1;
    this.attempt = 0;
    this.#enter("open");
    this.sync();
  }

  #received(text) {
    this.wiring.onMessage(JSON.parse(text));
  }

  #closed(code) {
    this.subscribed = new Set();
    if (FINAL.has(code)) {
      this.#enter("refused");
      return;
    }
    this.#enter("waiting");
    setTimeout(() => this.open(), backoff(this.attempt, Math.random()));
    this.attempt += 1;
  }

  #enter(state) {
    this.state = state;
    this.wiring.onState({ state, reconnects: this.reconnects });
  }
}
