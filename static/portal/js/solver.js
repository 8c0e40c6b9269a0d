// The solver at work: cost, bound, gap and time left as the job tells them.
import { chart, colour } from "./chart.js";
import { onJob } from "./feed.js";
import { number } from "./words.js";

const { gettext } = window;
const DIGITS = { cost: 0, bound: 0, left: 0 };

export function startSolver() {
  const panel = document.querySelector("[data-solver]");
  if (!panel) return;
  const target = panel.querySelector("[data-solver-chart]");
  let figures = {};
  let drawn = null;
  onJob((job) => {
    if (job.id !== panel.dataset.solver || !job.figures) return;
    figures = job.figures;
    fill(panel, figures);
    if (!figures.curve?.length) return;
    if (drawn) drawn.draw();
    else drawn = chart(target, () => picture(figures));
  });
}

function cost(value, unit, digits) {
  if (unit !== "s" || !Number.isFinite(value)) return number(value, digits);
  const minutes = Math.round(value / 60);
  const words = minutes < 60 ? gettext("%(minutes)s min") : gettext("%(hours)s h %(minutes)s min");
  return window.interpolate(words, { hours: number(Math.floor(minutes / 60), 0), minutes: minutes % 60 }, true);
}

function fill(panel, figures) {
  const unit = panel.querySelector("[data-cost-unit]")?.dataset.costUnit;
  for (const [key, digits] of Object.entries(DIGITS)) {
    const place = panel.querySelector(`[data-figure="${key}"]`);
    if (place) place.textContent = key === "left" ? number(figures[key], digits) : cost(figures[key], unit, digits);
  }
  if (Number.isFinite(figures.gap)) {
    panel.querySelector('[data-figure="gap"]').textContent = `${number(100 * figures.gap, 1)} %`;
  }
}

function picture({ curve, bound }) {
  const line = { width: 2, points: { show: curve.length < 20, size: 4 } };
  return {
    data: [curve.map((row) => row[0]), curve.map((row) => row[1]), curve.map(() => bound ?? null)],
    scales: { x: { time: false } },
    axes: [{}, { size: 72 }],
    series: [{}, { ...line, stroke: colour("--actual") }, { ...line, stroke: colour("--mute"), dash: [4, 4], points: { show: false } }],
  };
}
