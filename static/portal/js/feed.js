// One socket of job news for the page; while it is down the tray's address is asked every few seconds.
import { readJson } from "./net.js";

const listeners = new Set();
const alarmListeners = new Set();
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

export function tell(job) {
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
  const urls = new Set([...document.querySelectorAll("[data-state-url]")].map((item) => item.dataset.stateUrl));
  for (const url of urls) {
    try {
      const body = await readJson(url);
      for (const job of body.jobs || [body]) tell(job);
    } catch {
      // The next round asks again.
    }
  }
}
