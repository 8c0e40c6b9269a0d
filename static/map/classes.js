/** From a reading to what is drawn: class number, no data or stale. Pure functions. */

/** Drawn state of a feature: a class from 0 on, or one of these. */
export const NO_DATA = -1;
export const STALE = -2;

/** Quality codes as the sensing app numbers them. */
export const QUALITY = { good: 0, suspect: 1, bad: 2, missing: 3 };

/**
 * Index of the step that a value falls into; values below the first step belong to it.
 * @param {number|null} value @param {{start: number}[]} steps in rising order @returns {number}
 */
export function classOf(value, steps) {
  if (value === null || !Number.isFinite(value)) return NO_DATA;
  let found = 0;
  for (let index = 1; index < steps.length && value >= steps[index].start; index += 1) found = index;
  return found;
}

/**
 * What to draw for a reading: null is never zero, and an old value never keeps its colour.
 * @param {{t: number, v: number|null, q: number}|undefined} reading
 * @param {{now: number, maxAge: number, steps: {start: number}[], baseline?: number|null}} context with a
 *   baseline the steps are per cent of it; null: it is not known, so the value is shown and not judged
 * @returns {number} class, NO_DATA or STALE; the class after the last step: measured, not judged
 */
export function drawnState(reading, { now, maxAge, steps, baseline }) {
  if (!reading || reading.v === null || reading.q >= QUALITY.bad) return NO_DATA;
  if (now - reading.t > maxAge * 1000) return STALE;
  if (baseline === undefined) return classOf(reading.v, steps);
  return baseline === null ? steps.length : classOf((100 * reading.v) / baseline, steps);
}

/** Units whose zero is arbitrary or whose values are shares already: what is apart is said in the unit. */
const DIFFERENCES = new Set(["Cel", "%", "dB[SPL]"]);

/**
 * How far a value is from what is usual at this hour: a share of it, or a difference where a share says nothing.
 * @param {number|null} value @param {number|null|undefined} usual @param {string} unit UCUM
 * @returns {{apart: number, isShare: boolean}|null}
 */
export function apartFrom(value, usual, unit) {
  if (value === null || usual === null || usual === undefined) return null;
  if (DIFFERENCES.has(unit)) return { apart: value - usual, isShare: false };
  return usual > 0 ? { apart: value / usual - 1, isShare: true } : null;
}

const warmth = (colour) => {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return red - (green + blue) / 2;
};

/**
 * Which end of the steps needs attention: declarations do not say, so the warmer colour decides.
 * @param {{colour: string}[]} steps @returns {1|-1} 1 when high values are worse
 */
export function worseDirection(steps) {
  if (steps.length < 2) return 1;
  return warmth(steps.at(-1).colour) >= warmth(steps[0].colour) ? 1 : -1;
}

/** How urgent a drawn state is: worst class first, then stale, then no data, then the calm classes. */
export function urgency(state, steps) {
  if (state === STALE) return 0.5;
  if (state === NO_DATA) return 0.4;
  if (state >= steps.length) return 0;
  const rank = worseDirection(steps) === 1 ? state : steps.length - 1 - state;
  return steps.length < 2 ? 0 : rank / (steps.length - 1);
}
