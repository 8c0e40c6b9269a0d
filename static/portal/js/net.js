// Reading JSON; an error carries the sentence of the problem answer.
export async function readJson(url) {
  const answer = await fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.detail || `${answer.status}`);
  return body;
}

// What a DRF list holds, whether it is paged or not.
export function rowsOf(body) {
  return Array.isArray(body) ? body : body.results || [];
}

// Times come as ISO text or as milliseconds; charts want seconds.
export function seconds(time) {
  return (typeof time === "number" ? time : Date.parse(time)) / 1000;
}
