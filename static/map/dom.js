/** Build elements without markup strings: nothing from the server is ever parsed as HTML. */

const SVG = "http://www.w3.org/2000/svg";

const assign = (element, name, value) => {
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (value === true) element.setAttribute(name, "");
  else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
};

const fill = (element, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) assign(element, name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
};

/** @param {string} tag @param {object} attributes @param {...(Node|string|null|Array)} children @returns {HTMLElement} */
export const h = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/** @param {string} tag @param {object} attributes @param {...Node} children @returns {SVGElement} */
export const svg = (tag, attributes = {}, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

/** @param {string} id @returns {HTMLElement} The element that the page promises to have. */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no #${id}.`);
  return element;
}

/** Write a text only when it differs, so that screen readers and layout stay calm. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
