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

/** Colours of vehicles, told apart by the colour-blind (after Okabe and Ito); the name is written too. */
const VEHICLES = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d31", "#7f7f7f"];

/** @param {number} index of the route @returns {string} */
export const vehicleColour = (index) => VEHICLES[index % VEHICLES.length];
