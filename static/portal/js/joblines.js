// Any element with data-job follows its job: state, bar, stage, message. At its end the line is fetched anew, with
// counts, link and buttons that fit; with data-reload the whole page is.
import { onJob } from "./feed.js";
import { FINAL, setBar, setState, stageOf } from "./words.js";

export function startJobLines() {
  if (!document.querySelector("[data-job]")) return;
  onJob((job) => {
    const lines = [...document.querySelectorAll(`[data-job="${job.id}"]`)];
    const hasEnded = FINAL.has(job.state) && lines.some((line) => !FINAL.has(shownState(line)));
    for (const line of lines) follow(line, job);
    if (hasEnded && lines.some((line) => "reload" in line.dataset)) window.location.reload();
    else if (hasEnded) renew(job.id);
  });
}

function shownState(line) {
  return [...(line.querySelector("[data-state]")?.classList || [])].find((name) => name !== "badge");
}

function follow(line, job) {
  setState(line.querySelector("[data-state]"), job.state);
  setBar(line.querySelector("[data-bar]"), job);
  const stage = line.querySelector("[data-stage]");
  if (stage) stage.textContent = stageOf(job);
  const message = line.querySelector("[data-message]");
  if (message) message.textContent = job.message;
}

async function renew(id) {
  const answer = await fetch(window.location.href, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(`[data-job="${id}"]`);
  if (fresh) document.querySelector(`[data-job="${id}"]`)?.replaceWith(fresh);
}
