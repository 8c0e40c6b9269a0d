/** A masked value as a control: what is left of it, a lock, and on activation the reason. */

import { h, svg } from "./dom.js";
import { gettext } from "./i18n.js";

const reasons = {
  no_role: () => gettext("Your roles do not cover this domain. The security administrator grants roles."),
  office: () => gettext("Administrators see no business data."),
  other_place: () => gettext("This record lies outside your division."),
  clearance: () => gettext("This field is graded above your clearance. Ask the owner department for access."),
  purpose: () => gettext("This field needs a stated purpose. Open the record in the portal to state one."),
  unknown: () => gettext("No grade is declared for this field, so nobody may see it yet."),
};

const lock = () =>
  svg("svg", { viewBox: "0 0 16 16", class: "lock", "aria-hidden": "true" },
    svg("rect", { x: 3, y: 7, width: 10, height: 7, rx: 1.5 }),
    svg("path", { d: "M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2", fill: "none" }));

/** @param {string|null} left what the mask leaves @param {string} reason code @returns {HTMLElement} */
export function maskedControl(left, reason) {
  const why = h("p", { class: "why", hidden: true }, (reasons[reason] ?? reasons.clearance)());
  const button = h(
    "button",
    {
      type: "button",
      class: "masked",
      "aria-expanded": "false",
      onclick: () => {
        why.hidden = !why.hidden;
        button.setAttribute("aria-expanded", String(!why.hidden));
      },
    },
    lock(),
    h("span", {}, left || gettext("Hidden")),
    h("span", { class: "quiet" }, gettext("Why?")),
  );
  return h("div", {}, button, why);
}
