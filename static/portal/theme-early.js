// The theme that the portal remembers, on pages without its frame, before anything is drawn.
try {
  const kept = JSON.parse(localStorage.getItem("adminTheme") || '"auto"');
  const isDark = kept === "dark" || (kept === "auto" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", isDark);
} catch {
  // Storage is closed to us: the light theme it is.
}
