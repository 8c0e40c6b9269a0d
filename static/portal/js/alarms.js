// The bell of the header, and the hint on the alarms page that its rows are no longer the newest.
import { onAlarm } from "./feed.js";
import { readJson } from "./net.js";

const WAIT = 1000;
let timer = null;

export function startAlarms() {
  const bell = document.querySelector("[data-alarm-count]");
  if (!bell) return;
  onAlarm(() => {
    for (const hint of document.querySelectorAll("[data-alarm-news]")) hint.hidden = false;
    clearTimeout(timer);
    timer = setTimeout(() => count(bell), WAIT);
  });
}

async function count(bell) {
  try {
    bell.textContent = (await readJson(bell.dataset.alarmCount)).count;
  } catch {
    // The next alarm asks again.
  }
}
