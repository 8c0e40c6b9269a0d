/** Colours of the map canvas in both themes; the page around it takes its own from css/tokens.css. Pure. */

export const PALETTES = {
  light: {
    ground: "#eef1f5",
    contrast: 1.6, // hues of a declared ramp stay apart; shape and width carry the rest
    ink: "#28323f",
    halo: "#ffffff",
    edge: "#8d9aab",
    stale: "#7d8794",
    none: "#aab3bf",
    accent: "#0b57d0",
    still: 0.1,
  },
  dark: {
    ground: "#10161d",
    contrast: 3,
    ink: "#d5dde7",
    halo: "#10161d",
    edge: "#4c5a6b",
    stale: "#98a3b1",
    none: "#5d6978",
    accent: "#8ab8ff",
    still: 0.16,
  },
};

/** Colours of vehicles: none that traffic uses (red to green), differing in lightness too; the name is written. */
const VEHICLES = ["#0057b8", "#b455c8", "#2bb3e6", "#5b2a86", "#c2187a", "#1b3a6b", "#8e7cc3", "#7a4a2b"];

/** @param {number} index of the route @returns {string} */
export const vehicleColour = (index) => VEHICLES[index % VEHICLES.length];
