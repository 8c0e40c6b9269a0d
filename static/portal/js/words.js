// Words and numbers in the language of the page.
const { gettext } = window;

const STATES = {
  queued: gettext("Queued"),
  running: gettext("Running"),
  succeeded: gettext("Succeeded"),
  failed: gettext("Failed"),
  cancelled: gettext("Cancelled"),
};

const STAGES = {
  build: gettext("Building the problem"),
  search: gettext("Searching"),
  import: gettext("Importing"),
  "Reading data": gettext("Reading data"),
  Training: gettext("Training"),
  Measuring: gettext("Measuring"),
};

// What a job is doing now: one that has ended does nothing, whatever it did last.
export function stageOf(job) {
  if (FINAL.has(job.state)) return "";
  return job.wish === "cancel" ? gettext("Being stopped") : STAGES[job.stage] || job.stage;
}

// How far along the life of a job a state is; one that is not known comes before all others.
export function rank(state) {
  return FINAL.has(state) ? 2 : ["queued", "running"].indexOf(state);
}

export const FINAL = new Set(["succeeded", "failed", "cancelled"]);

export function stateWord(state) {
  return STATES[state] || state;
}

export function number(value, digits = 2) {
  if (value === null || value === undefined || !Number.isFinite(Number(value))) return "–";
  return Number(value).toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits });
}

export function setState(badge, state) {
  if (!badge) return;
  badge.className = `badge ${state}`;
  badge.textContent = stateWord(state);
}

export function setBar(bar, job) {
  if (!bar) return;
  if (job.total && job.state !== "succeeded") {
    bar.max = job.total;
    bar.value = Math.min(job.done, job.total);
  } else if (FINAL.has(job.state)) {
    bar.max = 1;
    bar.value = job.state === "succeeded" ? 1 : 0;
  } else {
    bar.removeAttribute("value");
  }
}

// The city's zone, not the one of the desk: charts and texts say the same.
export const zone = document.querySelector("meta[name=time-zone]")?.content || "UTC";

export function time(moment, form) {
  return new Date(moment).toLocaleString(document.documentElement.lang, { timeZone: zone, ...form });
}
