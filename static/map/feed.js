/** How old a feed may be, and what to call it. Pure functions; times are Unix milliseconds. */

/** Seconds after which even a lively feed counts as delayed, whatever its maximum age. */
const PROMPT_SECONDS = 15;

/**
 * State of one layer's feed.
 * @param {{newest: number|null, now: number, maxAge: number, connected: boolean, paused: boolean, refused?: string}} feed
 * @returns {{state: "live"|"delayed"|"stale"|"paused"|"offline"|"none"|"refused", seconds: number}}
 */
export function feedState({ newest, now, maxAge, connected, paused, refused = "" }) {
  const seconds = newest === null ? 0 : Math.max(0, Math.round((now - newest) / 1000));
  if (refused) return { state: "refused", seconds };
  if (paused) return { state: "paused", seconds };
  if (!connected) return { state: "offline", seconds };
  if (newest === null) return { state: "none", seconds };
  if (seconds > maxAge) return { state: "stale", seconds };
  return { state: seconds > Math.max(PROMPT_SECONDS, maxAge / 3) ? "delayed" : "live", seconds };
}

const RANK = ["refused", "none", "live", "delayed", "stale", "offline", "paused"];

/** @param {string[]} states @returns {string} The state that the header shows: the worst of the visible feeds. */
export function overallState(states) {
  const ranks = states.map((state) => RANK.indexOf(state));
  return ranks.length ? RANK[Math.max(...ranks)] : "none";
}

/** Waiting time before try number `attempt` (from 0): doubled each time, at most 20 s, spread by `chance` in [0, 1). */
export function backoff(attempt, chance) {
  const longest = Math.min(20_000, 500 * 2 ** Math.min(attempt, 10));
  return Math.round(longest / 2 + (longest / 2) * chance);
}
