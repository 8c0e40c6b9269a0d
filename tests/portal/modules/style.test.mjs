import assert from "node:assert/strict";
import { test } from "node:test";

import { contrast, readable } from "../../../static/map/colours.js";
import { formatHash, parseHash } from "../../../static/map/hash.js";
import { PALETTES } from "../../../static/map/palette.js";
import { classShapes, shapeImage, signedDistance, OUTLINES } from "../../../static/map/shapes.js";
import { boundsOf, buildStyle, homeBounds, routeBounds } from "../../../static/map/style.js";

const layer = (id, geometry, rest = {}) => ({
  id, geometry, label: "name", colour: "#445566", count: 5, min_zoom: 0, tiles: `/tiles/${id}/{z}/{x}/{y}.mvt`,
  bounds: [0, 0, 1, 1], properties: [], live: null, ...rest,
});
const LIVE = { steps: [{ start: 0, colour: "#a50026", label: "a" }, { start: 9, colour: "#1a9850", label: "b" }] };
const style = (layers, visible = layers.map(({ id }) => id)) =>
  buildStyle({ layers, visible: new Set(visible), palette: PALETTES.light, origin: "http://here", plan: null });

test("the style asks this site only: no glyphs, no sprite, no base map", () => {
  const made = style([layer("a.roads", "line", { live: LIVE })]);
  assert.equal(made.glyphs, undefined);
  assert.equal(made.sprite, undefined);
  assert.deepEqual(made.sources["a.roads"].tiles, ["http://here/tiles/a.roads/{z}/{x}/{y}.mvt"]);
});

test("areas lie below lines, lines below points, names on top", () => {
  const ids = style([layer("a.dots", "point"), layer("a.roads", "line"), layer("a.areas", "polygon")]).layers.map(({ id }) => id);
  const first = (prefix) => ids.findIndex((id) => id.startsWith(prefix));
  assert.ok(first("a.areas") < first("a.roads") && first("a.roads") < first("a.dots"));
  assert.ok(ids.at(-1).endsWith("/label"));
});

test("a map opens on the declared home, however far other layers reach", () => {
  const far = layer("a.old", "line", { bounds: [-120, 30, 120, 40] });
  assert.deepEqual(homeBounds([far, layer("a.districts", "polygon", { home: true })]), [0, 0, 1, 1]);
  assert.deepEqual(homeBounds([far, layer("a.districts", "polygon", { home: true, bounds: null })]), [-120, 30, 120, 40]);
});

test("routes have one box, and live lines step back while they are shown", () => {
  const route = (coordinates, type = "LineString") => ({ type: "Feature", geometry: { type, coordinates }, properties: {} });
  const plan = { type: "FeatureCollection", features: [route([[1, 5], [3, 2]]), route([[[0, 4], [2, 9]]], "MultiLineString"), { geometry: null }] };
  assert.deepEqual(routeBounds(plan), [0, 2, 3, 9]);
  assert.equal(routeBounds({ features: [] }), null);
  const roads = [layer("a.roads", "line", { live: LIVE })];
  const opacity = (shown) =>
    buildStyle({ layers: roads, visible: new Set(["a.roads"]), palette: PALETTES.light, origin: "", plan: shown }).layers.find(({ id }) => id === "a.roads/solid").paint["line-opacity"];
  assert.deepEqual(opacity(plan), ["*", 0.3, opacity(null)]);
});

test("a hidden layer is neither asked for nor drawn", () => {
  assert.deepEqual(Object.keys(style([layer("a.roads", "line"), layer("a.dots", "point")], ["a.dots"]).sources), ["a.dots"]);
});

test("crowded point layers draw circles, small ones a shape a class", () => {
  const types = (count) => style([layer("a.dots", "point", { live: LIVE, count })]).layers.map(({ id }) => id);
  assert.ok(types(10_000).includes("a.dots/dots"));
  assert.ok(types(50).includes("a.dots/class1"));
});

test("every class has a shape of its own, the urgent one the pointed one", () => {
  const shapes = classShapes(6, 1);
  assert.equal(new Set(shapes).size, 6);
  assert.equal(classShapes(6, -1)[0], shapes[5]);
});

test("a shape's image is solid inside and empty outside", () => {
  assert.ok(signedDistance(0, 0, OUTLINES.diamond) < 0 && signedDistance(2, 0, OUTLINES.diamond) > 0);
  const { width, data } = shapeImage("circle");
  assert.ok(data[((width / 2) * width + width / 2) * 4 + 3] > 191 && data[3] === 0);
});

test("dark colours become readable on the dark ground and stay as declared on the light one", () => {
  assert.ok(contrast(readable("#4d0026", PALETTES.dark), PALETTES.dark.ground) >= 3);
  assert.equal(readable("#4d0026", PALETTES.light), "#4d0026");
});

test("the address remembers layers, selection, plan and view, and survives nonsense", () => {
  const seen = { layers: ["a.roads"], table: "a.roads", select: { layer: "a.roads", id: 12 }, plan: 7, view: { zoom: 12, lat: 24.45, lng: 118.05 } };
  assert.deepEqual(parseHash(formatHash(seen)), seen);
  const broken = parseHash("#select=a.roads/x&view=1/99/z&plan=abc");
  assert.deepEqual([broken.select, broken.view, broken.plan], [null, null, null]);
});

test("layers without any feature do not stretch the view", () => {
  assert.deepEqual(boundsOf([{ bounds: null }, { bounds: [1, 2, 3, 4] }, { bounds: [0, 3, 2, 5] }]), [0, 2, 3, 5]);
  assert.equal(boundsOf([{ bounds: null }]), null);
});

test("no symbol covers the colour of a live line", () => {
  const ids = style([layer("a.dots", "point"), layer("a.air", "point", { live: LIVE }), layer("a.roads", "line", { live: LIVE })]).layers.map(({ id }) => id);
  const last = (prefix) => ids.findLastIndex((id) => id.startsWith(prefix) && !id.endsWith("/label"));
  assert.ok(Math.max(last("a.dots"), last("a.air")) < ids.indexOf("a.roads/solid"));
});

test("hidden categories are neither drawn nor found under the pointer", () => {
  const painted = (hidden) =>
    buildStyle({ layers: [layer("a.dots", "point", { category: "state" })], visible: new Set(["a.dots"]), palette: PALETTES.light, origin: "", plan: null, hidden: new Map([["a.dots", new Set(hidden)]]) })
      .layers.filter(({ id }) => id.startsWith("a.dots"));
  assert.ok(painted(["closed"]).every(({ filter }) => JSON.stringify(filter).includes('"closed"')));
  assert.ok(painted([]).every(({ filter }) => filter === undefined));
});

test("lines, symbols and letters grow with the screen", () => {
  const made = (scale) => buildStyle({ layers: [layer("a.dots", "point"), layer("a.roads", "line")], visible: new Set(["a.dots", "a.roads"]), palette: PALETTES.light, origin: "", plan: null, scale }).layers;
  const sizes = (scale) => made(scale).flatMap(({ paint, layout }) => [paint?.["line-width"], layout?.["text-size"], layout?.["icon-size"]].filter((size) => Array.isArray(size) || size > 0).map((size) => (Array.isArray(size) ? size.at(-1) : size)));
  assert.ok(sizes(1).every((size, index) => Array.isArray(size) || sizes(2)[index] === 2 * size));
  assert.ok(sizes(1).some((size) => typeof size === "number"));
});

test("names are in the language of the page where a feature has one", () => {
  const painted = style([layer("a.roads", "line", { named: "name_en" })]).layers.find(({ id }) => id === "a.roads/label");
  assert.deepEqual(painted.layout["text-field"], ["case", ["has", "name_en"], ["to-string", ["get", "name_en"]], ["to-string", ["get", "name"]]]);
});

test("the address remembers what is hidden where that is not what the layers declare", () => {
  const hide = [["a.dots", "closed"], ["a.dots", "old"]];
  assert.deepEqual(parseHash(formatHash({ hide })).hide, hide);
  assert.deepEqual(parseHash("#hide=").hide, []);
});
