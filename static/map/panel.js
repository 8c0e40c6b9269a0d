/** The layer panel: a switch, a legend and the age of the feed for every layer, in groups by domain. */

import { h, setText } from "./dom.js";
import { feedText, unitText } from "./format.js";
import { gettext, interpolate } from "./i18n.js";
import { DOMAINS } from "./page.js";
import { legendOf, swatch } from "./swatch.js";

const legend = (layer, fmt) =>
  h(
    "ul",
    { class: "legend", "aria-label": interpolate(gettext("Legend of %(layer)s"), { layer: layer.title }) },
    ...legendOf(layer, fmt.number).map(({ state, words, range }) =>
      h("li", {}, swatch(layer, state), h("span", {}, words), h("span", { class: "range" }, range)),
    ),
  );

const liveHead = (layer) =>
  h("p", { class: "measure" }, `${layer.live.title}${layer.live.unit ? `, ${unitText(layer.live.unit)}` : ""}`);

/** The panel on the left of the map. */
export class LayerPanel {
  /** @param {{root: HTMLElement, view: import("./view.js").ViewState, fmt: object}} wiring */
  constructor({ root, view, fmt }) {
    Object.assign(this, { root, view, fmt, feeds: new Map(), notes: new Map() });
    const domains = [...new Set([...view.layers.values()].map((layer) => layer.domain))];
    this.domains = domains;
    this.repaint();
  }

  /** Build the panel anew: at the start and when the theme has other colours. */
  repaint() {
    this.root.replaceChildren(...this.domains.map((domain) => this.#group(domain)));
  }

  #group(domain) {
    const layers = [...this.view.layers.values()].filter((layer) => layer.domain === domain);
    return h(
      "section",
      { class: "group", "aria-label": DOMAINS[domain] ?? domain },
      h("h3", {}, DOMAINS[domain] ?? domain),
      ...layers.map((layer) => this.#entry(layer)),
    );
  }

  #entry(layer) {
    const feed = h("span", { class: "feed", "data-state": "none" }, h("i", { "aria-hidden": "true" }), h("span"));
    const note = h("p", { class: "note", role: "note", hidden: true });
    if (layer.live) this.feeds.set(layer.id, feed);
    this.notes.set(layer.id, note);
    const details = layer.live ? h("div", { class: "about" }, liveHead(layer), legend(layer, this.fmt)) : null;
    const box = h("input", {
      type: "checkbox",
      checked: this.view.visible.has(layer.id),
      onchange: (event) => {
        entry.classList.toggle("off", !event.target.checked);
        this.view.show(layer.id, event.target.checked);
      },
    });
    const entry = h(
      "div",
      { class: this.view.visible.has(layer.id) ? "layer" : "layer off" },
      h("div", { class: "head" }, h("label", {}, box, layer.live ? null : swatch(layer, 0), h("span", {}, layer.title)),
        layer.live ? feed : h("span", { class: "count" }, this.fmt.number(layer.count))),
      note,
      details,
    );
    if (layer.count === 0) this.say(layer.id, gettext("No objects in this layer yet. Its owner department can import a list."));
    return entry;
  }

  /** @param {string} id @param {{state: string, seconds: number}} feed @param {number} now */
  showFeed(id, feed, now) {
    const chip = this.feeds.get(id);
    if (!chip) return;
    chip.dataset.state = feed.state;
    setText(chip.lastElementChild, feedText(feed, now, this.fmt.stamp));
  }

  /** A sentence under a layer: no permission, tiles that fail, nothing there. */
  say(id, text) {
    const note = this.notes.get(id);
    if (!note) return;
    setText(note, text);
    note.hidden = !text;
  }
}
