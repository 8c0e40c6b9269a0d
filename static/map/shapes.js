/** One shape a class, for the map and for the legend alike, so that colour is never alone. Pure functions. */

const regular = (corners, turn) =>
  Array.from({ length: corners }, (_, index) => {
    const angle = (2 * Math.PI * index) / corners - Math.PI / 2 + turn;
    return [Math.cos(angle), Math.sin(angle)];
  });

const star = (points, inner) =>
  regular(points * 2, 0).map(([x, y], index) => (index % 2 ? [x * inner, y * inner] : [x, y]));

/** Corners within the unit circle, y downwards. */
export const OUTLINES = {
  circle: regular(28, 0),
  square: regular(4, Math.PI / 4).map(([x, y]) => [x * 1.1, y * 1.1]),
  diamond: regular(4, 0),
  triangle: regular(3, 0),
  wedge: regular(3, Math.PI),
  hexagon: regular(6, 0),
  star: star(5, 0.5),
};

/** Shapes from calm to urgent; a layer with fewer classes takes the first and the last ones. */
const CALM_TO_URGENT = ["circle", "hexagon", "square", "diamond", "wedge", "triangle", "star"];

/** @param {number} count of classes @param {1|-1} direction of worse @returns {string[]} One shape name a class. */
export function classShapes(count, direction) {
  const picked = CALM_TO_URGENT.slice(0, Math.max(0, count - 1)).concat(CALM_TO_URGENT[Math.min(count, 6)]);
  const shapes = picked.slice(0, count);
  return direction === 1 ? shapes : shapes.reverse();
}

const edgeDistance = (x, y, [ax, ay], [bx, by]) => {
  const [dx, dy] = [bx - ax, by - ay];
  const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - along * dx, y - ay - along * dy);
};

/** Distance of a place to the outline, negative inside. */
export function signedDistance(x, y, outline) {
  let nearest = Infinity;
  let inside = false;
  outline.forEach((a, index) => {
    const b = outline[(index + 1) % outline.length];
    nearest = Math.min(nearest, edgeDistance(x, y, a, b));
    if (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) inside = !inside;
  });
  return inside ? -nearest : nearest;
}

const SIZE = 48;
const SPREAD = 8; // pixels over which the distance field runs, as MapLibre expects
const CUTOFF = 0.25;

/**
 * A distance-field image of a shape, which the map may colour and outline.
 * @param {string} name a key of OUTLINES, or "<key>-hollow" for its ring
 * @returns {{width: number, height: number, data: Uint8ClampedArray}}
 */
export function shapeImage(name) {
  const hollow = name.endsWith("-hollow");
  const outline = OUTLINES[name.replace("-hollow", "")] ?? OUTLINES.circle;
  const radius = SIZE / 2 - SPREAD;
  const data = new Uint8ClampedArray(SIZE * SIZE * 4);
  for (let at = 0; at < SIZE * SIZE; at += 1) {
    const [x, y] = [(at % SIZE) + 0.5, Math.floor(at / SIZE) + 0.5].map((part) => (part - SIZE / 2) / radius);
    const solid = signedDistance(x, y, outline) * radius;
    const distance = hollow ? Math.abs(solid + 2.5) - 2.5 : solid;
    data[at * 4 + 3] = 255 - 255 * (distance / SPREAD + CUTOFF);
  }
  return { width: SIZE, height: SIZE, data };
}

/** @returns {string} The outline as SVG points in a box of 16, for legends. */
export const svgPoints = (name) =>
  (OUTLINES[name] ?? OUTLINES.circle).map(([x, y]) => `${(8 + 6 * x).toFixed(1)},${(8 + 6 * y).toFixed(1)}`).join(" ");
