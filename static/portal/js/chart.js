// uPlot with the portal's colours; drawn again when the theme or the width changes.
import uPlot from "../../vendor/uplot/dist/uPlot.esm.js";
import { time, zone } from "./words.js";

const HEIGHT = 280;

export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function faded(name, share) {
  return `color-mix(in srgb, ${colour(name)} ${share}%, transparent)`;
}

// ``build`` gives { series, bands, scales, data } with the colours of the moment.
export function chart(target, build) {
  let plot = null;
  const draw = () => {
    plot?.destroy();
    const { data, series, bands, scales, axes, hooks } = build();
    const axis = { stroke: colour("--mute"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line"), width: 1 } };
    plot = new uPlot(
      { width: Math.max(target.clientWidth, 200), height: HEIGHT, series, bands, scales, hooks, legend: { show: false }, tzDate: zoned, axes: (axes || [{}, {}]).map((own) => ({ ...axis, ...own })) },
      data,
      target,
    );
  };
  draw();
  new MutationObserver(draw).observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
  new ResizeObserver(() => plot.setSize({ width: Math.max(target.clientWidth, 200), height: HEIGHT })).observe(target);
  return { draw };
}

const zoned = (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone);

export const clock = {
  values: (_plot, ticks) =>
    ticks.map((tick) => {
      const there = zoned(tick);
      const day = there.getHours() === 0 && there.getMinutes() === 0;
      const form = day ? { month: "numeric", day: "numeric" } : { hour: "2-digit", minute: "2-digit", hour12: false };
      return time(tick * 1000, form);
    }),
};
