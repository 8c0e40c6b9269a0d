// Any element with data-job follows its job: state, bar, stage, message; it reloads the page at the end if it asks to.
import { onJob } from "./feed.js";
import { FINAL, setBar, setState, stageWord } from "./words.js";

export function startJobLines() {
  const lines = [...document.querySelectorAll("[data-job]")];
  if (lines.length === 0) return;
  onJob((job) => {
    for (const line of lines) if (line.dataset.job === job.id) follow(line, job);
  });
}

function follow(line, job) {
  setState(line.querySelector("[data-state]"), job.state);
  setBar(line.querySelector("[data-bar]"), job);
  const stage = line.querySelector("[data-stage]");
  if (stage) stage.textContent = stageWord(job.stage);
  const message = line.querySelector("[data-message]");
  if (message) message.textContent = job.message;
  if (FINAL.has(job.state) && "reload" in line.dataset) window.location.reload();
}
