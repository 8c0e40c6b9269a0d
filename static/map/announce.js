/** Polite sentences for screen readers, at most one in a while, so that a lively map does not talk without end. */

const PAUSE_MS = 8000;

/**
 * @param {HTMLElement} region with aria-live="polite"
 * @returns {(text: string, urgent?: boolean) => void} `urgent` speaks at once: the answer to an act of the user
 */
export function announcer(region) {
  let spoken = "";
  let at = -Infinity;
  return (text, urgent = false) => {
    const now = performance.now();
    if (text === spoken || (!urgent && now - at < PAUSE_MS)) return;
    spoken = text;
    at = now;
    region.textContent = text;
  };
}
