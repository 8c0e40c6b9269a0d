/** The layer panel: a switch, a legend and the age of the feed for every layer, in groups by domain. */

import { h, setText } from "./dom.js";
import { feedText, unitText } from "./format.js";
import { gettext, interpolate } from "./i18n.js";
import { DOMAINS } from "./page.js";
import { legendOf, swatch } from "./swatch.js";

/** Public layers of a domain that somebody has no role in are what everybody's map lies on. */
const groupOf = ({ domain }) => DOMAINS[domain] ?? gettext("Base map");

const legend = (layer, fmt) =>
  h(
    "ul",
    { class: "legend", "aria-label": interpolate(gettext("Legend of %(layer)s"), { layer: layer.title }) },
    ...legendOf(layer, fmt.number).map(({ state, words, range }) =>
      h("li", {}, swatch(layer, state), h("span", {}, words), h("span", { class: "range" }, range)),
    ),
  );

const measured = ({ title, unit, baseline }) =>
  baseline ? interpolate(gettext("%(title)s, per cent of %(baseline)s"), { title, baseline: baseline.toLowerCase() }) : [title, unitText(unit)].filter(Boolean).join(", ");

const liveHead = (layer) => h("p", { class: "measure" }, measured(layer.live));

/** What of a layer is shown, by category. */
const categories = (layer, view) => {
  const choices = Object.entries(layer.properties.find(({ name }) => name === layer.category)?.choices ?? {});
  if (choices.length < 2) return null;
  const box = ([value, title]) => {
    const input = h("input", {
      type: "checkbox", value, "data-layer": layer.id, checked: !view.hidden.get(layer.id).has(value),
      onchange: (event) => view.showCategory(layer.id, value, event.target.checked),
    });
    return h("li", {}, h("label", {}, input, h("span", {}, title)));
  };
  return h("details", { class: "categories", open: layer.hidden.length > 0 },
    h("summary", {}, layer.properties.find(({ name }) => name === layer.category).title), h("ul", {}, ...choices.map(box)));
};

/** The panel on the left of the map. */
export class LayerPanel {
  /** @param {{root: HTMLElement, view: import("./view.js").ViewState, fmt: object}} wiring */
  constructor({ root, view, fmt }) {
    Object.assign(this, { root, view, fmt, feeds: new Map(), notes: new Map() });
    this.groups = [...new Set([...view.layers.values()].map(groupOf))];
    this.repaint();
  }

  /** Build the panel anew: at the start and when the theme has other colours. */
  repaint() {
    this.root.replaceChildren(...this.groups.map((group) => this.#group(group)));
  }

  #group(group) {
    const layers = [...this.view.layers.values()].filter((layer) => groupOf(layer) === group);
    return h(
      "section",
      { class: "group", "aria-label": group },
      h("h3", {}, group),
      ...layers.map((layer) => this.#entry(layer)),
    );
  }

  #entry(layer) {
    const feed = h("span", { class: "feed", "data-state": "none" }, h("i", { "aria-hidden": "true" }), h("span"));
    const note = h("p", { class: "note", role: "note", hidden: true });
    if (layer.live) this.feeds.set(layer.id, feed);
    this.notes.set(layer.id, note);
    const kinds = categories(layer, this.view);
    const details = layer.live || kinds ? h("div", { class: "about" }, ...(layer.live ? [liveHead(layer), legend(layer, this.fmt)] : []), kinds) : null;
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

  /** Bring the switches of the categories in line with what is shown; whoever is at one of them stays there. */
  syncCategories() {
    for (const input of this.root.querySelectorAll("input[data-layer]")) {
      input.checked = !this.view.hidden.get(input.dataset.layer).has(input.value);
    }
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
