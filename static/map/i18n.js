/** Gettext for modules: the catalogue script of the page fills `django`, without it texts stay English. */

/** @param {string} text @returns {string} The text in the language of the page. */
export const gettext = (text) => globalThis.django?.gettext(text) ?? text;

/** @param {string} one @param {string} many @param {number} count @returns {string} */
export const ngettext = (one, many, count) =>
  globalThis.django?.ngettext(one, many, count) ?? (count === 1 ? one : many);

/**
 * Fill `%(name)s` places of a translated sentence.
 * @param {string} text @param {Record<string, unknown>} values @returns {string}
 */
export const interpolate = (text, values) =>
  text.replace(/%\((\w+)\)s/g, (_, name) => String(values[name]));
