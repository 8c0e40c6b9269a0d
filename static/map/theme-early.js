// Runs before the first paint, so that a dark page never flashes white. The portal keeps its theme under the same key.
{
  const root = document.documentElement;
  let kept = "";
  try {
    kept = JSON.parse(localStorage.getItem("adminTheme") ?? '""');
  } catch {
    kept = localStorage.getItem("adminTheme") ?? "";
  }
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const wall = new URLSearchParams(location.search).get("display") === "wall";
  if (wall) root.dataset.display = "wall";
  root.dataset.theme = ["light", "dark"].includes(kept) ? kept : wall ? "dark" : system;
}
