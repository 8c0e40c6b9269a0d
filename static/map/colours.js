/** Declared colours made readable on the ground of the theme. Pure functions; contrast after WCAG 2.2. */

const parts = (colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

const linear = (part) => (part <= 10.3 ? part / 3295 : ((part / 255 + 0.055) / 1.055) ** 2.4);

const luminance = (rgb) => 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);

/** @param {string} a "#rrggbb" @param {string} b @returns {number} from 1 to 21 */
export function contrast(a, b) {
  const [low, high] = [luminance(parts(a)), luminance(parts(b))].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const mix = (from, towards, share) =>
  `#${from.map((part, at) => Math.round(part + (towards[at] - part) * share).toString(16).padStart(2, "0")).join("")}`;

/**
 * The colour itself where it stands out enough, otherwise moved towards white or black until it does.
 * @param {string} colour @param {{ground: string, contrast: number}} palette @returns {string}
 */
export function readable(colour, palette) {
  const goal = luminance(parts(palette.ground)) < 0.2 ? [255, 255, 255] : [0, 0, 0];
  for (let share = 0; share <= 1; share += 0.05) {
    const tried = mix(parts(colour), goal, share);
    if (contrast(tried, palette.ground) >= palette.contrast) return tried;
  }
  return colour;
}

/** A layer with all its colours readable on the palette's ground. */
export const themed = (layer, palette) => ({
  ...layer,
  colour: readable(layer.colour, palette),
  live: layer.live && { ...layer.live, steps: layer.live.steps.map((step) => ({ ...step, colour: readable(step.colour, palette) })) },
});
