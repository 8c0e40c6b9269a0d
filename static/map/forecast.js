/** The forecast in words and as a table: never a number without its bands, its age and its model. */

import { h } from "./dom.js";
import { gettext, interpolate } from "./i18n.js";

const origin = ([first], fmt, now) => [
  [gettext("Made at"), fmt.stamp(Date.parse(first.made_at), now)],
  [gettext("Data up to"), fmt.stamp(Date.parse(first.data_until), now)],
  [gettext("Model version"), String(first.model_version)],
];

const pick = (rows, most) => {
  const every = Math.max(1, Math.ceil(rows.length / most));
  return rows.filter((_, index) => index % every === every - 1 || rows.length <= most);
};

const table = (rows, number, fmt, unit) =>
  h(
    "table",
    { class: "figures" },
    h("caption", {}, interpolate(gettext("Forecast in %(unit)s"), { unit: unit || gettext("its unit") })),
    h("thead", {}, h("tr", {}, ...[gettext("For"), gettext("Value"), "80 %", "95 %", gettext("Baseline")].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, ...pick(rows, 6).map((row) =>
      h("tr", {},
        h("th", { scope: "row" }, fmt.minute(row.time)),
        h("td", { class: "strong" }, number(row.value)),
        h("td", {}, `${number(row.low80)}–${number(row.high80)}`),
        h("td", {}, `${number(row.low95)}–${number(row.high95)}`),
        h("td", {}, number(row.naive)),
      ))),
  );

const ended = (rows, now) =>
  rows.at(-1).time < now ? h("p", { class: "warning" }, gettext("This forecast has run out: newer readings or a newer run are missing.")) : null;

/**
 * @param {object[]} rows from `forecastRows` @param {{fmt: object, unit: string, digits?: number, now: number}} context
 * @returns {HTMLElement[]}
 */
export function forecastParts(rows, { fmt, unit, digits, now }) {
  if (!rows.length) {
    return [h("p", { class: "quiet" }, gettext("No forecast: no promoted model has issued one for this series today."))];
  }
  const facts = origin(rows, fmt, now).flatMap(([name, text]) => [h("dt", {}, name), h("dd", {}, text)]);
  return [
    ended(rows, now),
    table(rows, (value) => fmt.reading(value, digits), fmt, unit),
    h("p", { class: "quiet" }, gettext("About 8 in 10 values fall inside the inner band, 19 in 20 inside the outer one.")),
    h("dl", { class: "facts small" }, ...facts),
  ].filter(Boolean);
}
