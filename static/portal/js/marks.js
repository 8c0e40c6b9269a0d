// Level lines and moments over a chart: limits of alarms, when one was raised.
import { colour } from "./chart.js";

const FONT = "12px sans-serif";

function line(plot, from, to, style) {
  const { ctx } = plot;
  ctx.save();
  ctx.strokeStyle = colour(style);
  ctx.lineWidth = 1.5;
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
  ctx.restore();
}

function word(plot, text, x, y, style) {
  const { ctx } = plot;
  ctx.save();
  ctx.fillStyle = colour(style);
  ctx.font = FONT;
  ctx.textAlign = "left";
  ctx.textBaseline = "alphabetic";
  ctx.fillText(text, x, y);
  ctx.restore();
}

// What uPlot draws after the lines.
export const drawMarks = ({ limits, marks }) => (plot) => {
  const { left, top, width, height } = plot.bbox;
  for (const { value, title } of limits) {
    const y = plot.valToPos(value, "y", true);
    if (y < top || y > top + height) continue;
    line(plot, [left, y], [left + width, y], "--bad");
    word(plot, title, left + 6, y - 5, "--bad");
  }
  for (const { at, title } of marks) {
    const x = plot.valToPos(Date.parse(at) / 1000, "x", true);
    if (x < left || x > left + width) continue;
    line(plot, [x, top], [x, top + height], "--warn");
    word(plot, title, x + 4, top + 14, "--warn");
  }
};

// Room for the limits too, and never a range of zero width.
export const withLimits = (limits) => (_plot, low, high) => {
  const levels = limits.map(({ value }) => value);
  const [least, most] = [Math.min(low ?? Infinity, ...levels), Math.max(high ?? -Infinity, ...levels)];
  if (!Number.isFinite(least)) return [0, 1];
  const room = Math.max((most - least) * 0.08, Math.abs(most) * 0.02, 0.5);
  return [least >= 0 ? Math.max(0, least - room) : least - room, most + room];
};
