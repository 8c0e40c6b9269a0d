/** The chart of one datastream: measured line with its gaps, forecast and its 80 % and 95 % bands in another tint. */

import { LOCALE, ZONE } from "./page.js";
import { UPlot } from "./vendor.js";

const HEIGHT = 190;
const DESK_FONT = 14;
/** How much larger than on a desk the letters of the page are. */
const scale = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / DESK_FONT;
const height = () => Math.round(HEIGHT * scale());
const tint = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const axis = (extra) => ({
  stroke: tint("--muted"),
  grid: { stroke: tint("--line"), width: 1 },
  ticks: { show: false },
  font: `${Math.round(11 * scale())}px 'Noto Sans CJK SC', sans-serif`,
  ...extra,
});

const clock = new Intl.DateTimeFormat(LOCALE, { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

const edge = { stroke: "transparent", width: 0, points: { show: false }, spanGaps: true };

const seriesOf = () => [
  {},
  { stroke: tint("--measured"), width: 1.75, points: { show: false } },
  { stroke: tint("--foretold"), width: 2, dash: [5, 4], points: { show: false } },
  edge, edge, edge, edge,
];

const bandsOf = () => [
  { series: [4, 3], fill: tint("--band95") },
  { series: [6, 5], fill: tint("--band80") },
];

/** A dashed line at the moment up to which data were known. */
const known = (until) => (plot) => {
  if (!until) return;
  const x = plot.valToPos(until / 1000, "x", true);
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.strokeStyle = tint("--muted");
  ctx.setLineDash([3, 3]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
};

/** Room above and below the line, never a range of zero width. */
const span = (_plot, low, high) => {
  const room = Math.max((high - low) * 0.12, Math.abs(high) * 0.02, 0.5);
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
};

/**
 * Draw the chart into a box.
 * @param {HTMLElement} box @param {{columns: (number|null)[][], until: number|null, onCursor: (index: number|null) => void}} content
 * @returns {{resize: () => void, destroy: () => void, near: (seconds: number) => void}}
 */
export function drawChart(box, { columns, until, onCursor }) {
  const options = {
    width: box.clientWidth,
    height: height(),
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { y: { range: span } },
    axes: [
      axis({ values: (_plot, ticks) => ticks.map((seconds) => clock.format(seconds * 1000)), space: 56 * scale(), size: 28 * scale() }),
      axis({ size: 40 * scale(), space: 32 * scale() }),
    ],
    series: seriesOf(),
    bands: bandsOf(),
    hooks: { draw: [known(until)], setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)] },
  };
  const plot = new UPlot(options, columns, box);
  const [first, last] = [columns[0][0], columns[0].at(-1)];
  return {
    resize: () => plot.setSize({ width: box.clientWidth, height: height() }), 
    destroy: () => plot.destroy(),
    near: (seconds) => plot.setScale("x", { min: seconds ? Math.max(first, (until ? until / 1000 : last) - seconds) : first, max: last }),
  };
}
