// Counts the minutes of a reveal down; at the end the value leaves the page too.
export function startCountdown() {
  const panel = document.querySelector("[data-countdown]");
  if (!panel) return;
  const end = Date.now() + 1000 * Number(panel.dataset.countdown);
  const left = panel.querySelector("[data-left]");
  const timer = setInterval(show, 500);

  function show() {
    const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds > 0) return;
    clearInterval(timer);
    panel.querySelector("[data-secret]").remove();
    panel.querySelector("[data-over]").hidden = false;
  }

  show();
}
