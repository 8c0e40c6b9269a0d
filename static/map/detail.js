/** The side panel of the selected feature: value with age and quality, chart with forecast, properties. */

import { fetchAlarms, fetchFeature } from "./api.js";
import { QUALITY } from "./classes.js";
import { h, setText } from "./dom.js";
import { ageText, unitText } from "./format.js";
import { inWords, middle } from "./features.js";
import { gettext, interpolate } from "./i18n.js";
import { maskedControl } from "./masked.js";
import { links, nameKey } from "./page.js";
import { SeriesView } from "./seriesview.js";
import { stateWords, swatch } from "./swatch.js";

const qualityWords = (quality) =>
  ({ [QUALITY.suspect]: gettext("Suspect"), [QUALITY.bad]: gettext("Bad, not used"), [QUALITY.missing]: gettext("Missing") })[quality] ??
  gettext("Good");

const alarmLine = (alarm, fmt, now) =>
  h("li", {}, h("a", { href: links.alarm(alarm.id) }, interpolate(gettext("Alarm since %(time)s"), { time: fmt.stamp(Date.parse(alarm.since ?? alarm.raised_at), now) })));

/** The panel on the right. */
export class DetailPanel {
  /** @param {{root: HTMLElement, view: object, values: object, fmt: object, now: () => number,
   *   onPlace: (place: [number, number]) => void}} wiring */
  constructor(wiring) {
    Object.assign(this, wiring, { serial: 0, series: null, live: null });
    new ResizeObserver(() => this.series?.resize()).observe(this.root);
  }

  /** Show a feature, or nothing. Late answers for an earlier selection are dropped. */
  async show(selected) {
    this.serial += 1;
    const { serial } = this;
    this.#clear();
    this.root.hidden = !selected;
    if (!selected) return;
    const layer = this.view.layers.get(selected.layer);
    this.root.replaceChildren(this.#head(layer.title, ""), h("p", { class: "quiet" }, gettext("Loading…")));
    try {
      const feature = await fetchFeature(layer.id, selected.id);
      if (serial === this.serial) await this.#fill(layer, feature);
    } catch (error) {
      if (serial === this.serial) this.root.lastElementChild.replaceWith(h("p", { class: "warning" }, error.message));
    }
  }

  #clear() {
    this.series?.destroy();
    Object.assign(this, { series: null, live: null });
  }

  #head(kind, name) {
    const close = h("button", { type: "button", class: "icon", "aria-label": gettext("Close"), onclick: () => this.view.select(null) }, "✕");
    return h("header", {}, h("div", {}, h("p", { class: "quiet" }, kind), h("h2", { tabindex: -1 }, name)), close);
  }

  async #fill(layer, feature) {
    const name = feature.properties[nameKey(layer)] || feature.properties[layer.label] || `#${feature.id}`;
    const streams = feature.datastreams ?? [];
    const first = streams.find((stream) => stream.kind === layer.live?.kind) ?? streams[0];
    const box = h("section", { class: "series" });
    this.series = new SeriesView({ box, fmt: this.fmt, now: this.now, gapMs: (layer.live?.max_age ?? 900) * 1000 });
    const place = middle(feature.geometry);
    if (place) this.onPlace(place);
    const alarms = h("ul", { class: "links alarms", "aria-label": gettext("Open alarms"), hidden: true });
    this.root.replaceChildren(
      this.#head(layer.title, String(name)),
      ...(layer.live ? [this.#current(layer, feature.id)] : []),
      alarms,
      ...(streams.length > 1 ? [this.#chooser(streams, first)] : []),
      box,
      this.#facts(layer, feature),
      this.#links(layer, feature.id, streams),
    );
    this.tick();
    if (!first) return;
    this.#alarms(alarms, streams);
    await this.series.show(first);
  }

  /** Open alarms of the object; whoever may know of none is told of none. */
  async #alarms(list, streams) {
    const { serial } = this;
    const found = await Promise.all(streams.map(({ id }) => fetchAlarms(id).catch(() => [])));
    if (serial !== this.serial || !links.alarm(1)) return;
    list.replaceChildren(...found.flat().map((alarm) => alarmLine(alarm, this.fmt, this.now())));
    list.hidden = !list.childElementCount;
  }

  /** The portal's pages about the object and its datastreams. */
  #links(layer, id, streams) {
    const pages = [
      [links.row(layer.id, id), gettext("Page of this object")],
      ...streams.map((stream) => [links.stream(stream.id), interpolate(gettext("Datastream: %(title)s"), { title: stream.title })]),
    ].filter(([address]) => address);
    if (!pages.length) return "";
    return h("section", {}, h("h3", {}, gettext("In the portal")),
      h("ul", { class: "links" }, ...pages.map(([href, text]) => h("li", {}, h("a", { href }, text)))));
  }

  #current(layer, id) {
    const parts = {
      value: h("strong"), mark: h("span", { class: "mark" }), words: h("span"),
      compared: h("p", { class: "quiet" }), age: h("p", { class: "quiet" }),
    };
    this.live = { layer, id, ...parts, state: null };
    return h(
      "section",
      { class: "current", "aria-label": layer.live.title },
      h("p", { class: "quiet" }, layer.live.title),
      h("p", { class: "big" }, parts.value, h("span", { class: "unit" }, unitText(layer.live.unit))),
      h("p", { class: "state" }, parts.mark, parts.words),
      parts.compared,
      parts.age,
    );
  }

  /** Bring value, state and age up to date. */
  tick() {
    if (!this.live) return;
    const { layer, id } = this.live;
    const reading = this.values.shown(layer.id, id);
    const now = this.now();
    const state = this.values.state(layer, id, now);
    setText(this.live.value, reading?.v === null || !reading ? "—" : this.fmt.reading(reading.v, layer.live.decimals));
    setText(this.live.compared, this.#comparedLine(layer, id, now));
    setText(this.live.age, reading ? this.#ageLine(reading, now) : gettext("No reading has arrived yet."));
    if (this.live.state === state) return;
    this.live.state = state;
    this.live.mark.replaceChildren(swatch(layer, state));
    setText(this.live.words, stateWords(layer, state));
  }

  /** The value against its baseline and against what is usual at this hour, as far as they are known. */
  #comparedLine(layer, id, now) {
    const { unit, baseline: title, decimals } = layer.live;
    const [baseline, usual] = this.values.comparison(layer.id, id);
    const value = this.values.state(layer, id, now) < 0 ? null : this.values.shown(layer.id, id).v;
    const text = (held) => `${this.fmt.reading(held, decimals)} ${unitText(unit)}`;
    const apart = this.values.apart(layer, id, now);
    const share = value === null ? null : Math.round((100 * value) / baseline);
    return [
      title && baseline !== null && share !== null && interpolate(gettext("%(share)s of %(title)s (%(value)s)"), { share: `${share} %`, title: title.toLowerCase(), value: text(baseline) }),
      usual !== null && interpolate(gettext("usual at this hour: %(value)s"), { value: text(usual) }) + (apart ? ` (${this.fmt.apart(apart, unitText(unit))})` : ""),
    ].filter(Boolean).join(gettext("; "));
  }

  #ageLine(reading, now) {
    const age = ageText(Math.max(0, Math.round((now - reading.t) / 1000)));
    const values = { age, time: this.fmt.stamp(reading.t, now), quality: qualityWords(reading.q) };
    return interpolate(gettext("%(age)s old (%(time)s), quality: %(quality)s"), values);
  }

  #chooser(streams, first) {
    const choose = (event) => this.series.show(streams.find((stream) => String(stream.id) === event.target.value));
    return h("label", { class: "field" }, h("span", {}, gettext("Series")),
      h("select", { onchange: choose }, ...streams.map((stream) =>
        h("option", { value: stream.id, selected: stream === first }, `${stream.title} (${unitText(stream.unit) || "1"})`))));
  }

  #facts(layer, feature) {
    const titles = new Map([...layer.properties.map(({ name, title }) => [name, title]), ...Object.entries(feature.titles ?? {})]);
    const masked = feature.masked ?? {};
    const names = [...new Set([...titles.keys(), ...Object.keys(masked)])];
    const choices = new Map(layer.properties.map((property) => [property.name, property]));
    const value = (name) => {
      if (name in masked) return maskedControl(feature.properties[name], masked[name]);
      const held = feature.properties[name];
      return held === null || held === undefined || held === "" ? h("span", { class: "quiet" }, gettext("Not given")) : this.#text(inWords(choices.get(name) ?? {}, held));
    };
    return h("section", { class: "properties" }, h("h3", {}, gettext("Properties")),
      h("dl", { class: "facts" }, ...names.flatMap((name) => [h("dt", {}, titles.get(name) ?? name), h("dd", {}, value(name))])));
  }

  #text(held) {
    if (typeof held === "number") return this.fmt.number(held);
    if (typeof held === "boolean") return held ? gettext("Yes") : gettext("No");
    return /^\d{4}-\d\d-\d\dT/.test(held) ? this.fmt.stamp(Date.parse(held), this.now()) : String(held);
  }

  /** The theme has changed: the chart's colours are its own. */
  repaint() {
    if (this.view.selected) this.show(this.view.selected);
  }
}
