// The tray of running jobs in the header of every page, filled again after a reload.
import { onJob } from "./feed.js";
import { FINAL, setBar, setState, stageOf } from "./words.js";

const KEEP = 8000;

export function startTray() {
  const tray = document.getElementById("tray");
  if (!tray) return;
  const items = new Map();
  onJob((job) => {
    if (FINAL.has(job.state) && !items.has(job.id)) return;
    const item = items.get(job.id) || add(tray, items, job.id);
    fill(item, job);
    if (FINAL.has(job.state)) setTimeout(() => drop(tray, items, job.id), KEEP);
    count(tray, items);
  });
}

function add(tray, items, id) {
  const item = document.getElementById("tray-item").content.firstElementChild.cloneNode(true);
  tray.querySelector("ul").append(item);
  items.set(id, item);
  return item;
}

function fill(item, job) {
  const title = item.querySelector("[data-title]");
  if (job.result_url) {
    const link = document.createElement("a");
    link.href = job.result_url;
    link.textContent = job.title;
    title.replaceChildren(link);
  } else {
    title.textContent = job.title;
  }
  setState(item.querySelector("[data-state]"), job.state);
  setBar(item.querySelector("[data-bar]"), job);
  item.querySelector("[data-stage]").textContent = job.message || stageOf(job);
}

function drop(tray, items, id) {
  items.get(id)?.remove();
  items.delete(id);
  count(tray, items);
}

function count(tray, items) {
  tray.hidden = items.size === 0;
  tray.querySelector("[data-count]").textContent = items.size;
}
