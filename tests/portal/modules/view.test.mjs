import assert from "node:assert/strict";
import { test } from "node:test";

import { ViewState } from "../../../static/map/view.js";

const LAYERS = [
  { id: "a.roads", live: {} },
  { id: "a.requests", hidden: ["closed"] },
  { id: "a.detectors", shown: false },
];

test("a map begins with what the layers declare, and its address says nothing of it", () => {
  const view = new ViewState(LAYERS, {});
  assert.deepEqual([...view.visible], ["a.roads", "a.requests"]);
  assert.deepEqual([...view.hidden.get("a.requests")], ["closed"]);
  assert.deepEqual([view.address().layers, view.address().hide], [null, null]);
});

test("showing a category and showing another layer are remembered by the address", () => {
  const view = new ViewState(LAYERS, {});
  view.showCategory("a.requests", "closed", true);
  view.show("a.detectors", true);
  assert.deepEqual(view.address().hide, []);
  assert.equal(view.address().layers.length, 3);
  const again = new ViewState(LAYERS, { hide: [["a.roads", "local"], ["a.gone", "x"]] });
  assert.deepEqual([...again.hidden.get("a.requests")], []);
  assert.deepEqual([...again.hidden.get("a.roads")], ["local"]);
});

test("somebody whose only layer is off at first still has a table", () => {
  assert.equal(new ViewState([LAYERS[2]], {}).table, "a.detectors");
});
