// The last day of one datastream, and the newest forecast behind it.
import { bandChart, merge } from "./bands.js";
import { chart } from "./chart.js";
import { readJson, rowsOf } from "./net.js";
import { time } from "./words.js";

const { gettext } = window;
const DAY = 86400000;

export function startSeries() {
  for (const target of document.querySelectorAll("[data-series]")) load(target);
}

async function load(target) {
  const note = target.parentElement.querySelector("[data-chart-note]");
  const id = target.dataset.series;
  try {
    const start = new Date(Date.now() - DAY).toISOString();
    const series = await readJson(`/api/v1/sensing/series/${id}/?start=${start}&bucket=minute`);
    const forecasts = rowsOf(await readJson(`/api/v1/training/forecasts/?datastream=${id}&latest=true`).catch(() => []));
    const data = merge(series, forecasts);
    if (data[0].length === 0) {
      note.textContent = gettext("No readings in the last day.");
      return;
    }
    note.textContent = madeWhen(forecasts);
    chart(target, () => bandChart(data));
  } catch (error) {
    note.textContent = error.message;
  }
}

export function madeWhen(forecasts) {
  if (forecasts.length === 0) return gettext("No forecast: no model is promoted for this kind of reading.");
  const row = forecasts[0];
  return window.interpolate(
    gettext("Forecast made at %(made)s from data up to %(until)s by model version %(version)s."),
    { made: time(row.made_at), until: time(row.data_until), version: row.model_version },
    true,
  );
}
