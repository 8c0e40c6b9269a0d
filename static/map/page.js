/** What the server wrote on the page for the scripts: language, time zone, names of the domains. */

const { dataset } = document.body;

/** BCP 47 tag for Intl; en means the British order of day and month that the portal uses too. */
export const LOCALE = dataset.language === "en" ? "en-GB" : "zh-Hans-CN";
export const ZONE = dataset.zone || "UTC";

/** Names of the domains that the viewer may look into: slug -> name. */
export const DOMAINS = JSON.parse(dataset.domains || "{}");

const LINKS = JSON.parse(dataset.links || "{}");

const at = (address, key) => (address ? address.replace("/0/", `/${key}/`) : "");

/** Addresses of the portal's pages about what is on the map; "" where the viewer has none. */
export const links = {
  row: (layer, key) => at(LINKS.rows?.[layer], key),
  stream: (key) => at(LINKS.stream, key),
  alarm: (key) => at(LINKS.alarm, key),
  plans: LINKS.plans ?? "", // only for who may plan
};

/** @param {object} layer @returns {string} The property that names a feature in the language of the page. */
export function nameKey(layer) {
  const english = `${layer.label}_en`;
  return dataset.language === "en" && layer.properties.some(({ name }) => name === english) ? english : layer.label;
}
