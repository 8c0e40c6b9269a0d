// The learning curve: what the page knew, then a point an epoch as the job tells it.
import { chart, colour } from "./chart.js";
import { onJob } from "./feed.js";
import { number } from "./words.js";

export function startCurves() {
  const target = document.querySelector("[data-curve]");
  if (!target) return;
  const points = new Map(JSON.parse(document.getElementById(target.dataset.curve).textContent).map((row) => [row[0], row]));
  const drawn = chart(target, () => picture(points));
  onJob((job) => {
    if (job.id !== target.dataset.jobId) return;
    const added = take(points, job.figures || {});
    if (added) drawn.draw();
  });
}

function take(points, figures) {
  if (Array.isArray(figures.curve)) {
    const before = points.size;
    for (const row of figures.curve) points.set(row[0], row);
    return points.size !== before;
  }
  if (figures.epoch === undefined || points.has(figures.epoch)) return false;
  points.set(figures.epoch, [figures.epoch, figures.train_loss ?? figures.train, figures.validation_loss ?? figures.validation]);
  return true;
}

function picture(points) {
  const rows = [...points.values()].sort((a, b) => a[0] - b[0]);
  const dots = { show: rows.length < 40, size: 5 };
  return {
    data: [0, 1, 2].map((column) => rows.map((row) => row[column] ?? null)),
    scales: { x: { time: false } },
    axes: [{ values: (_plot, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? number(tick, 0) : "")) }, { size: 60 }],
    series: [{}, { stroke: colour("--actual"), width: 2, points: dots }, { stroke: colour("--warn"), width: 2, points: dots }],
  };
}
