/** The part of the address behind `#`: visible layers, selection and view, so that a link shows the same. Pure. */

const number = (text) => (text === undefined || text === "" ? Number.NaN : Number(text));

/**
 * @param {string} hash such as "#layers=city.roads,city.districts&select=city.roads/12&view=12.5/24.45/118.05"
 * @returns {{layers: string[]|null, table: string, select: {layer: string, id: number}|null,
 *   view: {zoom: number, lat: number, lng: number}|null, plan: number|null, hide?: [string, string][]}}
 *   `hide`: layer and category of what is left out, where that is not what the layers declare
 */
export function parseHash(hash) {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const [layer, id] = (parts.get("select") ?? "").split("/");
  const [zoom, lat, lng] = (parts.get("view") ?? "").split("/").map(number);
  const plan = number(parts.get("plan") ?? "");
  return {
    layers: parts.has("layers") ? parts.get("layers").split(",").filter(Boolean) : null,
    table: parts.get("table") ?? "",
    select: layer && Number.isInteger(number(id)) ? { layer, id: number(id) } : null,
    view: [zoom, lat, lng].every(Number.isFinite) && Math.abs(lat) <= 90 ? { zoom, lat, lng } : null,
    plan: Number.isInteger(plan) ? plan : null,
    ...(parts.has("hide") ? { hide: parts.get("hide").split(",").filter(Boolean).map((pair) => pair.split("/")) } : {}),
  };
}

/** The inverse of `parseHash`, readable: no percent signs where the standard needs none. */
export function formatHash({ layers, table, select, view, plan, hide }) {
  const parts = [];
  if (layers) parts.push(`layers=${layers.join(",")}`);
  if (hide) parts.push(`hide=${hide.map((pair) => pair.join("/")).join(",")}`);
  if (table) parts.push(`table=${table}`);
  if (select) parts.push(`select=${select.layer}/${select.id}`);
  if (plan) parts.push(`plan=${plan}`);
  if (view) parts.push(`view=${view.zoom.toFixed(2)}/${view.lat.toFixed(5)}/${view.lng.toFixed(5)}`);
  return parts.length ? `#${parts.join("&")}` : "";
}
