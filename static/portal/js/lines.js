// Several measured lines over one day, one a district, and the errors of a model by hour of the day.
import { chart, clock, colour } from "./chart.js";
import { number } from "./words.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);
// Never the tint of forecasts; every second line is dashed, so that colour is not all that tells them apart.
const TINTS = ["--actual", "--ok", "--warn", "--bad", "--mute", "--ink"];
const isDashed = (index) => (index + Math.floor(index / TINTS.length)) % 2 === 1;

const look = (index) => ({ stroke: colour(TINTS[index % TINTS.length]), width: 2, dash: isDashed(index) ? [6, 4] : [], points: { show: false } });

export function startLines() {
  const target = document.querySelector("[data-lines]");
  if (!target) return;
  const { times, lines } = read(target.dataset.lines);
  if (times.length === 0) return;
  const data = [times.map((time) => Date.parse(time) / 1000), ...lines.map(({ values }) => values)];
  chart(target, () => ({ data, axes: [clock, { size: 56 }], series: [{}, ...lines.map((_line, index) => look(index))] }));
  legend(document.querySelector("[data-lines-legend]"), lines);
}

function legend(place, lines) {
  place?.replaceChildren(
    ...lines.map(({ title }, index) => {
      const entry = document.createElement("span");
      const mark = document.createElement("i");
      if (isDashed(index)) mark.className = "dash";
      entry.className = `line${index % TINTS.length}`;
      entry.append(mark, title);
      return entry;
    }),
  );
}

export function startHours() {
  const target = document.querySelector("[data-hours]");
  if (!target) return;
  const rows = read(target.dataset.hours);
  const column = (key) => rows.map((row) => row[key] ?? null);
  const dots = { show: true, size: 5 };
  chart(target, () => ({
    data: [column("hour"), column("error"), column("naive_error")],
    scales: { x: { time: false, range: [0, 23] }, y: { range: (_plot, _low, high) => [0, (high || 1) * 1.1] } },
    axes: [{ values: (_plot, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? `${number(tick, 0)}:00` : "")) }, { size: 56 }],
    series: [{}, { stroke: colour("--forecast"), width: 2, points: dots }, { stroke: colour("--mute"), width: 1.5, dash: [2, 3], points: { show: rows.length < 3 } }],
  }));
}
