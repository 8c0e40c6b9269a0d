// Measured values, the forecast and its two bands on one time axis; null stays a gap.
import { clock, colour, faded } from "./chart.js";
import { drawMarks, withLimits } from "./marks.js";
import { seconds } from "./net.js";

const KEYS = ["value", "low95", "high95", "low80", "high80"];

// [times, measured, value, low95, high95, low80, high80, naive]
export function merge(series, forecasts) {
  const points = new Map();
  const at = (time) => points.get(time) || points.set(time, {}).get(time);
  series.times.forEach((time, index) => (at(seconds(time)).measured = series.values[index]));
  for (const row of forecasts) {
    const point = at(seconds(row.target_time));
    for (const key of [...KEYS, "naive"]) point[key] = row[key];
    if (row.actual !== null && row.actual !== undefined && point.measured === undefined) point.measured = row.actual;
  }
  const times = [...points.keys()].sort((a, b) => a - b);
  const column = (key) => times.map((time) => points.get(time)[key] ?? null);
  return [times, column("measured"), ...KEYS.map(column), column("naive")];
}

export function bandChart(data, { naive = false, drawn = { limits: [], marks: [] } } = {}) {
  const edge = { stroke: "transparent", width: 0, points: { show: false }, spanGaps: true };
  const few = data[0].length < 60;
  return {
    data,
    axes: [clock, { size: 56 }],
    scales: { y: { range: withLimits(drawn.limits) } },
    hooks: { draw: [drawMarks(drawn)] },
    series: [
      {},
      { stroke: colour("--actual"), width: 2, points: { show: few, size: 4 } },
      { stroke: colour("--forecast"), width: 2, dash: [6, 4], points: { show: false }, spanGaps: true },
      edge,
      edge,
      edge,
      edge,
      { stroke: colour("--mute"), width: 1, dash: [2, 3], points: { show: false }, show: naive, spanGaps: true },
    ],
    bands: [
      { series: [4, 3], fill: faded("--forecast", 12) },
      { series: [6, 5], fill: faded("--forecast", 24) },
    ],
  };
}
