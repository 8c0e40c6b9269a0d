// Past forecasts against what came true, with the baseline.
import { bandChart, merge } from "./bands.js";
import { chart } from "./chart.js";

export function startForecast() {
  const target = document.querySelector("[data-forecast]");
  if (!target) return;
  const rows = JSON.parse(document.getElementById(target.dataset.forecast).textContent);
  if (rows.length === 0) return;
  const data = merge({ times: [], values: [] }, rows);
  chart(target, () => bandChart(data, { naive: true }));
}
