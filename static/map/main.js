/** Start of the live map page: reads the layers, then wires the parts together. */

import { announcer } from "./announce.js";
import { fetchLayers } from "./api.js";
import { byId, h, setText } from "./dom.js";
import { formats } from "./format.js";
import { parseHash } from "./hash.js";
import { gettext } from "./i18n.js";
import { DOMAINS, LOCALE, ZONE } from "./page.js";
import { theme, wireTheme } from "./theme.js";
import { ViewState } from "./view.js";
import { startPage } from "./wiring.js";

const nobody = () => [
  h("h2", {}, gettext("Nothing on this map is open to you yet")),
  h("p", {}, gettext("You hold no role in any domain, so no other layer is shown.")),
  h("p", {}, gettext("Ask the security administrator of your department for a role; it works as soon as it is granted.")),
];

const outlinesOnly = () => [h("h2", {}, gettext("Only the districts are open to you")), ...nobody().slice(1)];

const failed = (error) => [
  h("h2", {}, gettext("The map could not be loaded")),
  h("p", {}, error.message),
  h("p", {}, h("a", { href: location.href }, gettext("Try again"))),
];

const showEmpty = (parts) => {
  const box = byId("empty");
  box.replaceChildren(...parts);
  box.hidden = false;
  document.body.dataset.ready = "empty";
};

const start = async () => {
  const fmt = formats(LOCALE, ZONE);
  const layers = await fetchLayers();
  if (!layers.length) {
    wireTheme(byId("theme"), () => {});
    setText(byId("feed").lastElementChild, gettext("No permission"));
    showEmpty(nobody());
    return;
  }
  if (!Object.keys(DOMAINS).length) showEmpty(outlinesOnly());
  const view = new ViewState(layers, parseHash(location.hash));
  startPage({ view, fmt, announce: announcer(byId("announce")), theme });
  document.body.dataset.ready ??= "map";
};

start().catch((error) => showEmpty(failed(error)));
