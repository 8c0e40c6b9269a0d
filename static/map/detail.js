/** The side panel of the selected feature: value with age and quality, chart with forecast, properties. */

import { fetchFeature, fetchForecast, fetchSeries } from "./api.js";
import { drawChart } from "./chart.js";
import { drawnState, QUALITY } from "./classes.js";
import { h, setText } from "./dom.js";
import { forecastParts } from "./forecast.js";
import { ageText, unitText } from "./format.js";
import { gettext, interpolate } from "./i18n.js";
import { maskedControl } from "./masked.js";
import { nameKey } from "./page.js";
import { chartColumns, forecastRows, summary, withGaps } from "./series.js";
import { stateWords, swatch } from "./swatch.js";

const DAY = 86_400_000;

const qualityWords = (quality) =>
  ({ [QUALITY.suspect]: gettext("Suspect"), [QUALITY.bad]: gettext("Bad, not used"), [QUALITY.missing]: gettext("Missing") })[quality] ??
  gettext("Good");

/** The panel on the right. */
export class DetailPanel {
  /** @param {{root: HTMLElement, view: object, values: object, fmt: object, now: () => number}} wiring */
  constructor(wiring) {
    Object.assign(this, wiring, { serial: 0, chart: null });
    new ResizeObserver(() => this.chart?.resize()).observe(this.root);
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
      if (serial === this.serial) await this.#fill(layer, feature, serial);
    } catch (error) {
      if (serial === this.serial) this.root.lastElementChild.replaceWith(h("p", { class: "warning" }, error.message));
    }
  }

  #clear() {
    this.chart?.destroy();
    Object.assign(this, { chart: null, live: null, shownSeries: null });
  }

  #head(kind, name) {
    const close = h("button", { type: "button", class: "icon", "aria-label": gettext("Close"), onclick: () => this.view.select(null) }, "✕");
    return h("header", {}, h("div", {}, h("p", { class: "quiet" }, kind), h("h2", { tabindex: -1 }, name)), close);
  }

  async #fill(layer, feature, serial) {
    const name = feature.properties[nameKey(layer)] || feature.properties[layer.label] || `#${feature.id}`;
    const streams = feature.datastreams ?? [];
    const first = streams.find((stream) => stream.kind === layer.live?.kind) ?? streams[0];
    this.chartBox = h("section", { class: "series" });
    this.root.replaceChildren(
      this.#head(layer.title, String(name)),
      ...(layer.live ? [this.#current(layer, feature.id)] : []),
      ...(streams.length > 1 ? [this.#chooser(streams, first, layer)] : []),
      this.chartBox,
      this.#facts(layer, feature),
    );
    this.tick();
    if (first) await this.#series(first, layer, serial);
  }

  #current(layer, id) {
    const parts = { value: h("strong"), mark: h("span", { class: "mark" }), words: h("span"), age: h("span", { class: "quiet" }) };
    this.live = { layer, id, ...parts, state: null };
    return h(
      "section",
      { class: "current", "aria-label": layer.live.title },
      h("p", { class: "quiet" }, layer.live.title),
      h("p", { class: "big" }, parts.value, h("span", { class: "unit" }, unitText(layer.live.unit))),
      h("p", { class: "state" }, parts.mark, parts.words),
      parts.age,
    );
  }

  /** Bring value, state and age up to date. */
  tick() {
    if (!this.live) return;
    const { layer, id } = this.live;
    const reading = this.values.shown(layer.id, id);
    const now = this.now();
    const state = drawnState(reading, { now, maxAge: layer.live.max_age, steps: layer.live.steps });
    setText(this.live.value, reading?.v === null || !reading ? "—" : this.fmt.number(reading.v));
    setText(this.live.age, reading ? this.#ageLine(reading, now) : gettext("No reading has arrived yet."));
    if (this.live.state === state) return;
    this.live.state = state;
    this.live.mark.replaceChildren(swatch(layer, state));
    setText(this.live.words, stateWords(layer, state));
  }

  #ageLine(reading, now) {
    const age = ageText(Math.max(0, Math.round((now - reading.t) / 1000)));
    const values = { age, time: this.fmt.stamp(reading.t, now), quality: qualityWords(reading.q) };
    return interpolate(gettext("%(age)s old (%(time)s), quality: %(quality)s"), values);
  }

  #chooser(streams, first, layer) {
    const choose = (event) => this.#series(streams.find((stream) => String(stream.id) === event.target.value), layer, this.serial);
    return h("label", { class: "field" }, h("span", {}, gettext("Series")),
      h("select", { onchange: choose }, ...streams.map((stream) =>
        h("option", { value: stream.id, selected: stream === first }, `${stream.title} (${unitText(stream.unit) || "1"})`))));
  }

  async #series(stream, layer, serial) {
    this.shownSeries = stream.id;
    const newest = stream.latest?.time ? Date.parse(stream.latest.time) : this.now();
    const end = this.now() - newest > DAY ? newest + 60_000 : this.now();
    try {
      const [series, rows] = await Promise.all([fetchSeries(stream.id, end - DAY, end), fetchForecast(stream.id).catch(() => [])]);
      if (serial !== this.serial || this.shownSeries !== stream.id) return;
      this.#draw(stream, withGaps(series.times, series.values, (layer.live?.max_age ?? 900) * 1000), forecastRows(rows));
    } catch (error) {
      this.chartBox.replaceChildren(h("p", { class: "warning" }, error.message));
    }
  }

  #draw(stream, measured, rows) {
    this.chart?.destroy();
    const unit = unitText(stream.unit);
    const figures = summary(measured);
    const columns = chartColumns(measured, rows);
    const reading = h("p", { class: "quiet reading", "aria-hidden": "true" });
    const box = h("div", { class: "chart", role: "img", "aria-label": this.#sentence(stream, figures, unit) });
    this.chartBox.replaceChildren(
      h("h3", {}, interpolate(gettext("%(title)s, the last day"), { title: stream.title })),
      figures || rows.length ? box : h("p", { class: "quiet" }, gettext("No readings in this time.")),
      reading,
      this.#key(rows.length > 0),
      h("p", { class: "quiet" }, this.#sentence(stream, figures, unit)),
      ...forecastParts(rows, { fmt: this.fmt, unit, now: this.now() }),
    );
    if (!box.isConnected) return;
    const until = rows.length ? Date.parse(rows[0].data_until) : null;
    this.chart = drawChart(box, { columns, until, onCursor: (index) => setText(reading, this.#at(columns, index, unit)) });
  }

  #at(columns, index, unit) {
    if (index === null || columns[0][index] === undefined) return "";
    const value = columns[1][index] ?? columns[2][index];
    if (value === null || value === undefined) return "";
    const text = `${this.fmt.stamp(columns[0][index] * 1000, this.now())}  ${this.fmt.number(value)} ${unit}`;
    const low = columns[5][index];
    return low === undefined ? text : `${text}  (80 %: ${this.fmt.number(low)}–${this.fmt.number(columns[6][index])})`;
  }

  #sentence(stream, figures, unit) {
    if (!figures) return interpolate(gettext("%(title)s: no readings in this time."), { title: stream.title });
    const { number } = this.fmt;
    const values = { low: number(figures.low), high: number(figures.high), mean: number(figures.mean), gaps: figures.gaps, unit };
    return interpolate(gettext("Lowest %(low)s, highest %(high)s, mean %(mean)s %(unit)s; gaps: %(gaps)s."), values);
  }

  #key(foretold) {
    const entry = (name, text) => h("li", {}, h("i", { class: name, "aria-hidden": "true" }), text);
    return h("ul", { class: "key" }, entry("measured", gettext("Measured")),
      ...(foretold ? [entry("foretold", gettext("Forecast")), entry("band80", "80 %"), entry("band95", "95 %")] : []));
  }

  #facts(layer, feature) {
    const titles = new Map(layer.properties.map(({ name, title }) => [name, title]));
    const masked = feature.masked ?? {};
    const names = [...new Set([...titles.keys(), ...Object.keys(masked)])];
    const value = (name) => {
      if (name in masked) return maskedControl(feature.properties[name], masked[name]);
      const held = feature.properties[name];
      return held === null || held === undefined || held === "" ? h("span", { class: "quiet" }, gettext("Not given")) : this.#text(held);
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
