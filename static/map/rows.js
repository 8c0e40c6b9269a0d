/** Order, filter and window of the table twin. Pure functions. */

/** @typedef {{id: number, name: string, value: number|null, time: number|null, urgency: number, badness?: number}} Row */

const collator = new Intl.Collator(["zh-Hans", "en"], { numeric: true, sensitivity: "base" });

const byText = (a, b) => collator.compare(a.name, b.name) || a.id - b.id;

/** Number the rows by name, once: comparing ten thousand names every few seconds would cost a tenth of a second. */
export function rankByName(rows) {
  [...rows].sort(byText).forEach((row, rank) => {
    row.rank = rank;
  });
}

const byName = (a, b) => (a.rank === undefined || b.rank === undefined ? byText(a, b) : a.rank - b.rank);

const byNumber = (key) => (a, b) => {
  if (a[key] === b[key]) return byName(a, b);
  if (a[key] === null) return 1;
  if (b[key] === null) return -1;
  return a[key] - b[key];
};

const byUrgency = (a, b) => b.urgency - a.urgency || (b.badness ?? 0) - (a.badness ?? 0) || byName(a, b);

const known = (value) => value !== null && value !== undefined;

/** The worst against the usual first; what cannot be compared follows by urgency. */
const byUnusual = (a, b) => known(b.unusual) - known(a.unusual) || (b.unusual ?? 0) - (a.unusual ?? 0) || byUrgency(a, b);

const ORDERS = {
  name: byName,
  urgency: byUrgency,
  unusual: byUnusual,
  value: byNumber("value"),
  time: byNumber("time"),
};

/**
 * Rows that match the words of `query` and lie in no hidden category, in the wanted order; rows without a value
 * stay last both ways.
 * @param {Row[]} rows @param {{query: string, order: string, falling: boolean, hidden?: Set<string>}} wish @returns {Row[]}
 */
export function arrange(rows, { query, order, falling, hidden }) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const kept = rows.filter((row) => words.every((word) => row.search.includes(word)) && !hidden?.has(row.category));
  kept.sort(ORDERS[order] ?? byName);
  if (!falling) return kept;
  const missing = (row) => row[order] === null;
  return [...kept.filter((row) => !missing(row)).reverse(), ...kept.filter(missing)];
}

/**
 * Which way what stands in the column goes, from the first row down. The most urgent, the oldest and the worst come
 * first, and the worst against the usual is the lowest where lower is worse.
 * @param {string} key @param {{falling: boolean, worse: number}} wish @returns {"ascending"|"descending"}
 */
export function direction(key, { falling, worse }) {
  const down = key === "urgency" || key === "time" || (key === "unusual" && worse >= 0);
  return falling === down ? "ascending" : "descending";
}

/**
 * Which rows a scrolled view needs, with `spare` rows beyond each edge.
 * @returns {{first: number, last: number}} half-open
 */
export function windowOf({ top, height, rowHeight, count, spare = 6 }) {
  const first = Math.max(0, Math.floor(top / rowHeight) - spare);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + spare);
  return { first: Math.min(first, last), last };
}
