/** The series part of the side panel: the last day as a chart, the forecast beside it, both in words too. */

import { fetchForecast, fetchSeries } from "./api.js";
import { drawChart } from "./chart.js";
import { h, setText } from "./dom.js";
import { forecastParts } from "./forecast.js";
import { unitText } from "./format.js";
import { gettext, interpolate } from "./i18n.js";
import { chartColumns, forecastRows, summary, withGaps } from "./series.js";

const DAY = 86_400_000;
const NEAR_SECONDS = 10_800;

/** Chart, figures and forecast of one datastream at a time. */
export class SeriesView {
  /** @param {{box: HTMLElement, fmt: object, now: () => number, gapMs: number}} wiring */
  constructor(wiring) {
    Object.assign(this, wiring, { chart: null, shown: null });
  }

  /** Read and draw a datastream; a late answer for an earlier one is dropped. */
  async show(stream) {
    this.shown = stream.id;
    const newest = stream.latest?.time ? Date.parse(stream.latest.time) : this.now();
    const end = this.now() - newest > DAY ? newest + 60_000 : this.now();
    try {
      const [series, rows] = await Promise.all([fetchSeries(stream.id, end - DAY, end), fetchForecast(stream.id).catch(() => [])]);
      if (this.shown !== stream.id) return;
      this.#draw(stream, withGaps(series.times, series.values, this.gapMs), forecastRows(rows));
    } catch (error) {
      this.box.replaceChildren(h("p", { class: "warning" }, error.message));
    }
  }

  #draw(stream, measured, rows) {
    this.chart?.destroy();
    this.chart = null;
    const unit = unitText(stream.unit);
    const figures = summary(measured);
    const columns = chartColumns(measured, rows);
    const reading = h("p", { class: "quiet reading", "aria-hidden": "true" });
    const box = h("div", { class: "chart", role: "img", "aria-label": this.#sentence(stream, figures, unit) });
    this.box.replaceChildren(
      h("div", { class: "title" }, h("h3", {}, stream.title), this.#zoom()),
      figures || rows.length ? box : h("p", { class: "quiet" }, gettext("No readings in this time.")),
      reading,
      this.#key(rows.length > 0),
      h("p", { class: "quiet" }, this.#sentence(stream, figures, unit)),
      ...forecastParts(rows, { fmt: this.fmt, unit, digits: stream.decimals, now: this.now() }),
    );
    if (!box.isConnected) return;
    const until = rows.length ? Date.parse(rows[0].data_until) : null;
    this.chart = drawChart(box, { columns, until, onCursor: (index) => setText(reading, this.#at(columns, index, stream, unit)) });
  }

  #zoom() {
    const button = (seconds, text, pressed) =>
      h("button", { type: "button", "aria-pressed": String(pressed), onclick: (event) => this.#near(event.currentTarget, seconds) }, text);
    return h("div", { class: "zoom" }, button(0, gettext("Last day"), true), button(NEAR_SECONDS, gettext("3 hours"), false));
  }

  #near(button, seconds) {
    for (const each of button.parentElement.children) each.setAttribute("aria-pressed", String(each === button));
    this.chart?.near(seconds);
  }

  #at(columns, index, stream, unit) {
    const number = (held) => this.fmt.reading(held, stream.decimals);
    if (index === null || columns[0][index] === undefined) return "";
    const value = columns[1][index] ?? columns[2][index];
    if (value === null || value === undefined) return "";
    const text = `${this.fmt.stamp(columns[0][index] * 1000, this.now())}  ${number(value)} ${unit}`;
    const low = columns[5][index];
    return low === undefined ? text : `${text}  (80 %: ${number(low)}–${number(columns[6][index])})`;
  }

  #sentence(stream, figures, unit) {
    if (!figures) return interpolate(gettext("%(title)s: no readings in this time."), { title: stream.title });
    const number = (value) => this.fmt.reading(value, stream.decimals);
    const values = { low: number(figures.low), high: number(figures.high), mean: number(figures.mean), gaps: figures.gaps, unit };
    return interpolate(gettext("Lowest %(low)s, highest %(high)s, mean %(mean)s %(unit)s; gaps: %(gaps)s."), values);
  }

  #key(foretold) {
    const entry = (name, text) => h("li", {}, h("i", { class: name, "aria-hidden": "true" }), text);
    return h("ul", { class: "key" }, entry("measured", gettext("Measured")),
      ...(foretold ? [entry("foretold", gettext("Forecast")), entry("band80", "80 %"), entry("band95", "95 %")] : []));
  }

  /** The panel has another width. */
  resize() {
    this.chart?.resize();
  }

  /** The feature is no longer shown: drop the chart and whatever is still on its way. */
  destroy() {
    this.chart?.destroy();
    Object.assign(this, { chart: null, shown: null });
  }
}
