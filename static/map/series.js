/** Readings and forecast as the columns of one chart. Pure functions; times are Unix milliseconds. */

/**
 * Measured points with a null wherever two good values lie further apart than the gap rule.
 * @param {number[]} times @param {(number|null)[]} values @param {number} gapMs
 * @returns {{times: number[], values: (number|null)[]}}
 */
export function withGaps(times, values, gapMs) {
  const out = { times: [], values: [] };
  times.forEach((time, index) => {
    const value = values[index];
    if (value === null || value === undefined) return;
    const before = out.times.at(-1);
    if (before !== undefined && time - before > gapMs) {
      out.times.push(before + 1);
      out.values.push(null);
    }
    out.times.push(time);
    out.values.push(value);
  });
  return out;
}

/** @returns {{count: number, low: number, high: number, mean: number, gaps: number}|null} Figures of a measured line. */
export function summary({ values }) {
  const good = values.filter((value) => value !== null);
  if (!good.length) return null;
  const mean = good.reduce((sum, value) => sum + value, 0) / good.length;
  return {
    count: good.length,
    low: good.reduce((a, b) => Math.min(a, b)),
    high: good.reduce((a, b) => Math.max(a, b)),
    mean,
    gaps: values.length - good.length,
  };
}

const BANDS = ["value", "low95", "high95", "low80", "high80"];

/** @param {object[]} rows forecasts as the API gives them @returns {object[]} in time order, with `time` in ms. */
export const forecastRows = (rows) =>
  rows.map((row) => ({ ...row, time: Date.parse(row.target_time) })).sort((a, b) => a.time - b.time);

/**
 * Columns for the chart: seconds, measured, forecast, then the edges of both bands.
 * @param {{times: number[], values: (number|null)[]}} measured @param {object[]} forecast from `forecastRows`
 * @returns {(number|null)[][]}
 */
export function chartColumns(measured, forecast) {
  const seen = new Map(measured.times.map((time, index) => [time, measured.values[index]]));
  const ahead = new Map(forecast.map((row) => [row.time, row]));
  const times = [...new Set([...seen.keys(), ...ahead.keys()])].sort((a, b) => a - b);
  // `undefined` joins a line over this point, null breaks it: the other line's points must not cut this one.
  const line = times.map((time) => (seen.has(time) ? seen.get(time) : undefined));
  const bands = BANDS.map((key) => times.map((time) => ahead.get(time)?.[key]));
  return [times.map((time) => time / 1000), line, ...bands];
}
