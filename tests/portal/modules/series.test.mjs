import assert from "node:assert/strict";
import { test } from "node:test";

import { chartColumns, forecastRows, summary, withGaps } from "../../../static/map/series.js";

test("a line breaks where two values lie further apart than the gap rule", () => {
  const line = withGaps([0, 60, 120, 600], [1, null, 3, 4], 300);
  assert.deepEqual(line, { times: [0, 120, 121, 600], values: [1, 3, null, 4] });
  assert.equal(summary(line).gaps, 1);
});

test("a line without a value has no figures", () => {
  assert.equal(summary(withGaps([0, 1], [null, null], 10)), null);
});

test("forecast and measured points share one time axis without cutting each other", () => {
  const ahead = forecastRows([{ target_time: "1970-01-01T00:00:02Z", value: 9, low80: 8, high80: 10, low95: 7, high95: 11 }]);
  const [times, line, value, low95] = chartColumns({ times: [1000, 3000], values: [1, 3] }, ahead);
  assert.deepEqual(times, [1, 2, 3]);
  assert.deepEqual(line, [1, undefined, 3]);
  assert.deepEqual([value[1], low95[1]], [9, 7]);
});
