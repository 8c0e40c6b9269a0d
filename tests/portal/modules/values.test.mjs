import assert from "node:assert/strict";
import { test } from "node:test";

import { LiveValues } from "../../../static/map/values.js";

const snapshot = (values, n = 5) => ({ type: "snapshot", layer: "city.roads", n, at: 1000, values });
const frame = (n, values) => ({ type: "frame", layer: "city.roads", n, at: 1000, values });

test("frames replace values of the snapshot, and the page resumes from the last number", () => {
  const live = new LiveValues();
  live.apply(snapshot([[1, 10, 50, 0], [2, 10, 60, 0]]));
  live.apply(frame(6, [[1, 20, 55, 0]]));
  assert.deepEqual([...live.drain("city.roads")], [1, 2]);
  assert.equal(live.shown("city.roads", 1).v, 55);
  assert.deepEqual(live.numbers(), { "city.roads": 6 });
});

test("a missing frame is noticed", () => {
  const live = new LiveValues();
  live.apply(snapshot([]));
  assert.equal(live.apply(frame(6, [])), "ok");
  assert.equal(live.apply(frame(8, [])), "gap");
});

test("frames that the server says it skipped are no gap", () => {
  const live = new LiveValues();
  live.apply(snapshot([]));
  live.apply({ type: "skipped", layer: "city.roads", from: 6, to: 9 });
  assert.equal(live.apply(frame(10, [])), "ok");
});

test("while nobody drains, the picture stands still and the news are counted", () => {
  const live = new LiveValues();
  live.apply(snapshot([[1, 10, 50, 0]]));
  live.drain("city.roads");
  live.apply(frame(6, [[1, 20, 70, 0]]));
  assert.equal(live.shown("city.roads", 1).v, 50);
  assert.equal(live.waiting(), 1);
});

test("a feature that left the snapshot is no longer shown", () => {
  const live = new LiveValues();
  live.apply(snapshot([[1, 10, 50, 0]]));
  live.drain("city.roads");
  live.apply(snapshot([], 9));
  live.drain("city.roads");
  assert.equal(live.shown("city.roads", 1), undefined);
});

test("a refused layer keeps none of its values, and ages follow the server's clock", () => {
  const live = new LiveValues();
  live.apply(snapshot([[1, 10, 50, 0]]), 400);
  assert.equal(live.now(500), 1100);
  live.apply({ type: "refused", layer: "city.roads", detail: "No role." });
  assert.equal(live.of("city.roads").refused, "No role.");
  live.drain("city.roads");
  assert.equal(live.shown("city.roads", 1), undefined);
});
