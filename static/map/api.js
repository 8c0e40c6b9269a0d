/** The REST API of this site, in the language of the page; refusals arrive as `ApiError` with the server's sentence. */

/** An answer that is not a success. */
export class ApiError extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/**
 * @param {string} path @param {Record<string, string|number>} [query] @returns {Promise<any>}
 */
export async function get(path, query = {}) {
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  const response = await fetch(url, { headers: { Accept: "application/json, application/problem+json" } });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(response.status, body.detail ?? response.statusText);
  return body;
}

/** @param {any} body @returns {object[]} The rows of a paged or plain list. */
export const rowsOf = (body) => (Array.isArray(body) ? body : body.results ?? []);

/** @returns {Promise<object[]>} Layers that the viewer may see. */
export const fetchLayers = async () => rowsOf(await get("/api/v1/maps/layers/"));

/** Pages of a layer's features, one after another, up to `limit` features. */
export async function* featurePages(layer, limit) {
  let next = `/api/v1/maps/features/${layer}/?limit=1000`;
  for (let seen = 0; next && seen < limit; ) {
    const page = await get(next);
    seen += page.features.length;
    yield page.features;
    next = page.next && page.features.length ? page.next : "";
  }
}

/** @returns {Promise<object>} What the live values of a layer are compared with: feature id -> baseline, usual. */
export const fetchComparisons = async (layer) => (await get(`/api/v1/maps/comparisons/${layer}/`)).values;

/** @returns {Promise<object[]>} Open alarms of a datastream. */
export const fetchAlarms = async (datastream) =>
  rowsOf(await get("/api/v1/alerts/alarms/", { datastream, state__in: "raised,acknowledged,returned", limit: 5 }));

/** @returns {Promise<object>} One feature with its datastreams and masks. */
export const fetchFeature = (layer, id) => get(`/api/v1/maps/features/${layer}/${id}/`);

/** @returns {Promise<object>} Readings of a datastream between two times, minute by minute. */
export const fetchSeries = (datastream, start, end) =>
  get(`/api/v1/sensing/series/${datastream}/`, {
    start: new Date(start).toISOString(),
    end: new Date(end).toISOString(),
    bucket: "minute",
  });

/** @returns {Promise<object[]>} The newest forecast of a datastream. */
export const fetchForecast = async (datastream) =>
  rowsOf(await get("/api/v1/training/forecasts/", { datastream, latest: "true", limit: 200 }));

/** @returns {Promise<object[]>} Plans that the viewer may see, newest first. */
export const fetchPlans = async () => rowsOf(await get("/api/v1/scheduling/plans/", { limit: 50 }));

/** @returns {Promise<object>} Routes of a plan as GeoJSON. */
export const fetchRoutes = (plan) => get(`/api/v1/scheduling/plans/${plan}/routes.geojson`);
