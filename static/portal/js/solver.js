// The solver at work: cost, bound, gap and time left as the job tells them.
import { chart, colour } from "./chart.js";
import { onJob } from "./feed.js";
import { number } from "./words.js";

const WORDS = { cost: 1, bound: 1, left: 0 };

export function startSolver() {
  const panel = document.querySelector("[data-solver]");
  if (!panel) return;
  const target = panel.querySelector("[data-solver-chart]");
  const history = [];
  let drawn = null;
  onJob((job) => {
    if (job.id !== panel.dataset.solver) return;
    const figures = job.figures || {};
    fill(panel, figures);
    if (figures.cost === undefined || figures.cost === null) return;
    history.push([history.length, figures.cost, figures.bound ?? null]);
    drawn ? drawn.draw() : (drawn = chart(target, () => picture(history)));
  });
}

function fill(panel, figures) {
  for (const [key, digits] of Object.entries(WORDS)) {
    const place = panel.querySelector(`[data-figure="${key}"]`);
    if (place) place.textContent = number(figures[key] ?? (key === "left" ? figures.seconds_left : null), digits);
  }
  const gap = panel.querySelector('[data-figure="gap"]');
  if (gap && figures.gap !== undefined && figures.gap !== null) gap.textContent = `${number(100 * figures.gap, 1)} %`;
}

function picture(history) {
  return {
    data: [0, 1, 2].map((column) => history.map((row) => row[column])),
    scales: { x: { time: false } },
    axes: [{ show: false }, { size: 64 }],
    series: [{}, { stroke: colour("--actual"), width: 2, points: { show: false } }, { stroke: colour("--mute"), width: 2, dash: [4, 4], points: { show: false } }],
  };
}
