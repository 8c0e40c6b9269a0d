/** Light and dark, shared with the portal through one key of the browser's storage. */

const root = document.documentElement;

/** @returns {"light"|"dark"} */
export const theme = () => (root.dataset.theme === "dark" ? "dark" : "light");

/**
 * Let a button change the theme.
 * @param {HTMLElement} button @param {(theme: string) => void} changed
 */
export function wireTheme(button, changed) {
  const show = () => button.setAttribute("aria-pressed", String(theme() === "dark"));
  button.addEventListener("click", () => {
    root.dataset.theme = theme() === "dark" ? "light" : "dark";
    localStorage.setItem("adminTheme", JSON.stringify(root.dataset.theme));
    show();
    changed(root.dataset.theme);
  });
  show();
}
