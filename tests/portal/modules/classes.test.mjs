import assert from "node:assert/strict";
import { test } from "node:test";

import { apartFrom, classOf, drawnState, NO_DATA, STALE, urgency, worseDirection } from "../../../static/map/classes.js";

const SPEED = [{ start: 0, colour: "#a50026" }, { start: 15, colour: "#fdae61" }, { start: 45, colour: "#1a9850" }];
const AIR = [...SPEED].reverse().map((step, index) => ({ ...step, start: index * 50 }));
const context = { now: 1_000_000, maxAge: 60, steps: SPEED };

test("a value belongs to the last step that it reaches", () => {
  assert.deepEqual([-1, 0, 14.9, 15, 99].map((value) => classOf(value, SPEED)), [0, 0, 0, 1, 2]);
});

test("null is no data and zero is a value", () => {
  assert.equal(drawnState({ t: 999_000, v: null, q: 0 }, context), NO_DATA);
  assert.equal(drawnState({ t: 999_000, v: 0, q: 0 }, context), 0);
  assert.equal(drawnState(undefined, context), NO_DATA);
});

test("a value older than its maximum age loses its colour", () => {
  assert.equal(drawnState({ t: 940_000, v: 50, q: 0 }, context), 2);
  assert.equal(drawnState({ t: 939_999, v: 50, q: 0 }, context), STALE);
});

test("a value that the quality rules refused is not drawn", () => {
  assert.equal(drawnState({ t: 999_000, v: 50, q: 2 }, context), NO_DATA);
});

test("low speed and high pollution are the urgent ends", () => {
  assert.equal(worseDirection(SPEED), -1);
  assert.equal(worseDirection(AIR), 1);
  assert.ok(urgency(0, SPEED) > urgency(2, SPEED));
  assert.ok(urgency(STALE, SPEED) > urgency(NO_DATA, SPEED));
});

const SHARES = [0, 30, 40, 50, 70].map((start, index) => ({ start, colour: index < 3 ? "#e34a33" : "#1a9850" }));

test("a road is judged by its share of free flow, at every bound", () => {
  const drawn = (v, baseline) => drawnState({ t: 999_000, v, q: 0 }, { ...context, steps: SHARES, baseline });
  assert.deepEqual([11.9, 12, 15.9, 16, 20, 27.9, 28, 60].map((v) => drawn(v, 40)), [0, 1, 1, 2, 3, 3, 4, 4]);
  assert.equal(drawn(28, 80), 1, "the same speed on an expressway is a jam");
  assert.equal(drawn(28, null), SHARES.length, "without a baseline it is measured and not judged");
  assert.equal(urgency(SHARES.length, SHARES), 0);
});

test("what is apart from usual is a share, or a difference where a share says nothing", () => {
  assert.deepEqual(apartFrom(30, 40, "km/h"), { apart: -0.25, isShare: true });
  assert.deepEqual(apartFrom(-2, 3, "Cel"), { apart: -5, isShare: false });
  assert.deepEqual([apartFrom(null, 40, "km/h"), apartFrom(30, null, "km/h"), apartFrom(30, 0, "km/h")], [null, null, null]);
});
