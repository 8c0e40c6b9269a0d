import assert from "node:assert/strict";
import { test } from "node:test";

import { backoff, feedState, overallState } from "../../../static/map/feed.js";

const at = (seconds, rest = {}) =>
  feedState({ newest: 1e12, now: 1e12 + seconds * 1000, maxAge: 300, connected: true, paused: false, ...rest }).state;

test("a feed is live, then delayed, then stale as its newest value ages", () => {
  assert.deepEqual([at(5), at(99), at(101), at(300), at(301)], ["live", "live", "delayed", "delayed", "stale"]);
});

test("a feed without any value has no data and is not live", () => {
  assert.equal(at(0, { newest: null }), "none");
});

test("a refusal outranks a pause, a pause outranks a lost connection", () => {
  assert.equal(at(0, { refused: "no", paused: true }), "refused");
  assert.equal(at(0, { paused: true, connected: false }), "paused");
  assert.equal(at(0, { connected: false }), "offline");
});

test("the header shows the worst of the visible feeds", () => {
  assert.equal(overallState(["live", "stale", "delayed"]), "stale");
  assert.equal(overallState([]), "none");
});

test("reconnecting waits longer every time, but never longer than twenty seconds", () => {
  assert.deepEqual([0, 1, 2, 20].map((attempt) => backoff(attempt, 1)), [500, 1000, 2000, 20_000]);
  assert.equal(backoff(2, 0), 1000);
});
