import assert from "node:assert/strict";
import { test } from "node:test";

import { unitText } from "../../../static/map/format.js";

// The same table as in tests/core/test_quantities.py.
const SYMBOLS = {
  "ug/m3": "μg/m³", Cel: "℃", "[ppm]": "ppm", "dB[SPL]": "dB", "{vehicle}/h": "veh/h", "km/h": "km/h", "mm/h": "mm/h",
  "kW.h": "kW·h", "10*3/uL": "10³/μL", "s-1": "s⁻¹", "m/s2": "m/s²", "mm[Hg]": "mmHg", "[degF]": "℉", "[mi_i]/h": "mi/h",
  um: "μm", "uSv/h": "μSv/h", deg: "°", "1/min": "/min", 1: "", "%": "%", "": "",
};

test("a unit is written as people write it, by the map as by the pages", () => {
  assert.deepEqual(Object.fromEntries(Object.keys(SYMBOLS).map((code) => [code, unitText(code)])), SYMBOLS);
});
