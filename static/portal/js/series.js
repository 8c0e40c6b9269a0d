// The readings of one datastream between their limits, and the newest forecast behind them.
import { bandChart, merge } from "./bands.js";
import { chart } from "./chart.js";
import { readJson, rowsOf } from "./net.js";
import { time } from "./words.js";

const { gettext } = window;
const WIDTHS = { minute: 60000, hour: 3600000 };

export function startSeries() {
  for (const target of document.querySelectorAll("[data-series]")) load(target);
}

async function load(target) {
  const note = target.parentElement.querySelector("[data-chart-note]");
  const { series: id, start, end, bucket } = target.dataset;
  const drawn = JSON.parse(document.getElementById(target.dataset.drawn).textContent);
  const isPast = drawn.marks.length > 0;
  try {
    const asked = new URLSearchParams({ start, end, bucket });
    const series = gaps(await readJson(`/api/v1/sensing/series/${id}/?${asked}`), bucket);
    const forecasts = isPast ? [] : rowsOf(await readJson(`/api/v1/training/forecasts/?datastream=${id}&latest=true`).catch(() => []));
    const data = merge(series, forecasts);
    if (data[0].length === 0) {
      note.textContent = gettext("No readings in this time.");
      return;
    }
    note.textContent = isPast ? "" : madeWhen(forecasts);
    chart(target, () => bandChart(data, { drawn }));
  } catch (error) {
    note.textContent = error.message;
  }
}

// A pause of more than three buckets, and at least ten minutes, is a gap in the line and not a straight way over it.
function gaps({ times, values }, bucket) {
  const most = Math.max(3 * WIDTHS[bucket], 600000);
  const found = { times: [], values: [] };
  times.forEach((time, index) => {
    const before = found.times.at(-1);
    if (before !== undefined && time - before > most) {
      found.times.push(before + 1);
      found.values.push(null);
    }
    found.times.push(time);
    found.values.push(values[index]);
  });
  return found;
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
