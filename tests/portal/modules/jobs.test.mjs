import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.window = { gettext: (text) => text };
globalThis.document = { documentElement: { lang: "en" }, querySelector: () => null };
const { rank, setBar, stageOf } = await import("../../../static/portal/js/words.js");
globalThis.WebSocket = class {
  addEventListener() {}
};
globalThis.window.location = { protocol: "http:", host: "city" };
const { onJob, tell } = await import("../../../static/portal/js/feed.js");

test("a job that has ended does nothing, whatever it did last", () => {
  assert.equal(stageOf({ state: "succeeded", stage: "search" }), "");
  assert.equal(stageOf({ state: "running", stage: "search" }), "Searching");
  assert.equal(stageOf({ state: "running", stage: "search", wish: "cancel" }), "Being stopped");
});

test("the bar of a job that succeeded is full, even where the work ended early", () => {
  const bar = {};
  setBar(bar, { state: "succeeded", total: 300, done: 12 });
  assert.equal(bar.value / bar.max, 1);
});

test("a job never goes back, though an older answer comes later", () => {
  const told = [];
  onJob((job) => told.push(job.state));
  for (const state of ["queued", "running", "succeeded", "running", "queued"]) tell({ id: "1", state });
  assert.deepEqual(told, ["queued", "running", "succeeded"]);
  assert.ok(rank(undefined) < rank("queued"));
});
