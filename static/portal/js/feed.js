// One socket of job news for the page; while it is down the addresses of the jobs are asked every few seconds.
import { readJson } from "./net.js";
import { rank } from "./words.js";

const listeners = new Set();
const alarmListeners = new Set();
const newest = new Map(); // state of each job that was told, by id
let connected = false;
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;
const POLL = 4000;
let wait = FIRST_WAIT;
let poller = null;

export function onJob(listener) {
  listeners.add(listener);
  start();
}

export function onAlarm(listener) {
  alarmListeners.add(listener);
  start();
}

function start() {
  if (!connected) connect();
  connected = true;
}

// A job never goes back: an answer that was overtaken on its way would put "running" over "succeeded".
export function tell(job) {
  if (rank(job.state) < rank(newest.get(job.id))) return;
  newest.set(job.id, job.state);
  for (const listener of listeners) listener(job);
}

function connect() {
  const scheme = window.location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${window.location.host}/ws/jobs/`);
  socket.addEventListener("open", () => {
    wait = FIRST_WAIT;
    clearInterval(poller);
    poller = null;
    poll();
  });
  socket.addEventListener("message", (event) => {
    const body = JSON.parse(event.data);
    if (body.type === "job") tell(body);
    if (body.type === "alarm") for (const listener of alarmListeners) listener(body);
  });
  socket.addEventListener("close", () => {
    if (!poller) poller = setInterval(poll, POLL);
    setTimeout(connect, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  });
}

async function poll() {
  const heard = new Set();
  for (const url of new Set([...document.querySelectorAll("[data-state-url]")].map((item) => item.dataset.stateUrl))) {
    for (const job of await read(url)) {
      heard.add(job.id);
      tell(job);
    }
  }
  // What ended while nobody listened is in no list of open jobs any more: each one says it itself.
  const tray = document.querySelector("[data-job-url]");
  for (const id of unfinished()) {
    if (tray && !heard.has(id)) for (const job of await read(`${tray.dataset.jobUrl}${id}/`)) tell(job);
  }
}

async function read(url) {
  try {
    const body = await readJson(url);
    return body.jobs || [body];
  } catch {
    return []; // the next round asks again
  }
}

function unfinished() {
  const told = [...newest].filter(([, state]) => rank(state) < rank("succeeded")).map(([id]) => id);
  const shown = [...document.querySelectorAll("[data-job]:has(:is(.queued, .running)[data-state])")];
  return new Set([...told, ...shown.map((line) => line.dataset.job)].filter((id) => rank(newest.get(id)) < rank("succeeded")));
}
