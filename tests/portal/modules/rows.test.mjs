import assert from "node:assert/strict";
import { test } from "node:test";

import { arrange, direction, windowOf } from "../../../static/map/rows.js";

const row = (id, name, value, urgency = 0) => ({ id, name, search: name, value, time: value, urgency });
const ROWS = [row(1, "路 10", 5, 0.2), row(2, "路 9", null, 0.4), row(3, "桥 1", 0, 1)];
const names = (wish) => arrange(ROWS, { query: "", order: "name", falling: false, ...wish }).map(({ name }) => name);

test("names are ordered as people count: 9 before 10", () => {
  const list = names({});
  assert.ok(list.indexOf("路 9") < list.indexOf("路 10"));
});

test("the most urgent row comes first", () => {
  assert.equal(names({ order: "urgency" })[0], "桥 1");
});

test("rows without a value stay last both ways, and zero is a value", () => {
  assert.deepEqual(names({ order: "value" }), ["桥 1", "路 10", "路 9"]);
  assert.deepEqual(names({ order: "value", falling: true }), ["路 10", "桥 1", "路 9"]);
});

test("every word of the filter must be found", () => {
  assert.deepEqual(names({ query: "路 1" }), ["路 10"]);
});

test("ten thousand rows need no more than the view and its spare rows", () => {
  const view = windowOf({ top: 32_000, height: 320, rowHeight: 32, count: 10_000 });
  assert.deepEqual(view, { first: 994, last: 1016 });
  assert.deepEqual(windowOf({ top: 900, height: 320, rowHeight: 32, count: 3 }), { first: 3, last: 3 });
});

test("worse than usual comes first, then what cannot be compared by its urgency", () => {
  const rows = [["a", -0.1, 0], ["b", null, 0.2], ["c", 0.4, 0], ["d", null, 1], ["e", 0.05, 1]].map(([name, unusual, urgency], id) => ({ ...row(id, name, 1, urgency), unusual }));
  assert.equal(arrange(rows, { query: "", order: "unusual", falling: false }).map(({ name }) => name).join(""), "ceadb");
});

test("rows of a hidden category are not in the table", () => {
  const rows = ROWS.map((one, index) => ({ ...one, category: index ? "open" : "closed" }));
  assert.equal(arrange(rows, { query: "", order: "name", falling: false, hidden: new Set(["closed"]) }).length, 2);
});

test("the arrow tells which way the shown values go", () => {
  assert.equal(direction("value", { falling: false, worse: 1 }), "ascending");
  assert.equal(direction("time", { falling: false, worse: 1 }), "descending"); // the oldest first: ages fall
  assert.equal(direction("unusual", { falling: false, worse: -1 }), "ascending"); // the slowest road first
  assert.equal(direction("unusual", { falling: true, worse: -1 }), "descending");
  assert.equal(direction("urgency", { falling: false, worse: 1 }), "descending");
});
