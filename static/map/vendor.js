/** The browser libraries, served by this site: the only module that knows where they lie. */

export { Map, NavigationControl, ScaleControl } from "../vendor/maplibre-gl/dist/maplibre-gl.mjs";
export { default as UPlot } from "../vendor/uplot/dist/uPlot.esm.js";
