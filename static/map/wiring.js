/** The parts of the page and who listens to whom. */

import { fetchComparisons } from "./api.js";
import { MapCanvas } from "./canvas.js";
import { DetailPanel } from "./detail.js";
import { byId, h, setText } from "./dom.js";
import { FeatureRows } from "./features.js";
import { overallState } from "./feed.js";
import { feedText } from "./format.js";
import { formatHash } from "./hash.js";
import { Header } from "./header.js";
import { hoverBox } from "./hover.js";
import { gettext, interpolate } from "./i18n.js";
import { drawing, PICTURE_MS } from "./loop.js";
import { nameKey } from "./page.js";
import { PALETTES } from "./palette.js";
import { LayerPanel } from "./panel.js";
import { PlanOverlay } from "./plans.js";
import { LiveSocket, liveUrl } from "./socket.js";
import { namePoints, routeBounds } from "./style.js";
import { TableTwin } from "./table.js";
import { wireTheme } from "./theme.js";
import { LiveValues } from "./values.js";

/** The worst feed of all visible layers, for the header and for the announcer. */
const feedWatch = ({ fmt, values, announce }) => {
  let overall = { state: "none", seconds: 0 };
  const watch = (feeds) => {
    const state = overallState([...feeds.values()].map((feed) => feed.state));
    const worst = [...feeds].find(([, feed]) => feed.state === state);
    if (worst && state !== overall.state) announce(`${worst[0].title}: ${feedText(worst[1], values.now(), fmt.stamp)}`);
    overall = worst?.[1] ?? { state: "none", seconds: 0 };
  };
  watch.overall = () => overall;
  return watch;
};

const openSocket = ({ view, values, link }) => {
  const socket = new LiveSocket({
    url: liveUrl(),
    wanted: () => view.wanted(),
    numbers: () => values.numbers(),
    onMessage: (message) => {
      if (values.apply(message) === "gap") socket.refresh(message.layer);
    },
    onState: (state) => Object.assign(link, state),
  });
  socket.open();
  return socket;
};

const tableChooser = ({ view }) => {
  const chooser = byId("table-layer");
  const fill = () =>
    chooser.replaceChildren(...[...view.layers.values()].map((layer) => h("option", { value: layer.id, selected: layer.id === view.table }, layer.title)));
  chooser.addEventListener("change", () => view.chooseTable(chooser.value));
  view.on("table", fill);
  fill();
};

const wireTabs = () => {
  const tabs = [...document.querySelectorAll("#tabs [role=tab]")];
  const open = (tab) => {
    for (const each of tabs) {
      const chosen = each === tab;
      each.setAttribute("aria-selected", String(chosen));
      each.tabIndex = chosen ? 0 : -1;
      byId(each.getAttribute("aria-controls")).hidden = !chosen;
    }
    byId("tools").dataset.tab = tab.id;
  };
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => open(tab));
    tab.addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
      open(tabs[1 - index]);
      tabs[1 - index].focus();
    });
  });
  return { stops: () => open(tabs[1]), objects: () => open(tabs[0]) };
};

const wireSelection = ({ view, canvas, table, detail, rows, announce }) => {
  view.on("selected", () => {
    canvas.select(view.selected);
    detail.show(view.selected);
    table.paint();
    if (!view.selected) return;
    const row = table.byId.get(view.selected.id);
    if (row?.category && view.hidden.get(view.selected.layer).has(row.category)) view.showCategory(view.selected.layer, row.category, true);
    table.reveal(view.selected.id);
    if (row) announce(interpolate(gettext("%(name)s selected"), { name: row.name }), true);
  });
  const readTable = async () => {
    const layer = view.layers.get(view.table);
    table.begin(layer);
    await rows.read(layer, (page) => layer.id === view.table && table.add(page)).catch((error) => setText(byId("table-count"), error.message));
    if (view.selected?.layer === layer.id) table.reveal(view.selected.id);
  };
  view.on("table", readTable);
  return readTable();
};

const nameAreas = async ({ view, canvas, rows, names }) => {
  for (const layer of [...view.layers.values()].filter(({ geometry }) => geometry === "polygon")) {
    await rows.read(layer, () => {});
    names.set(layer.id, namePoints({ ...layer, named: nameKey(layer) }, rows.kept.get(layer.id)));
    canvas.repaint();
  }
};

const DESK_FONT = 14; // pixels, see css/tokens.css
const COMPARED_MS = 600_000; // what is usual changes with the hour

/** Read what the live values are compared with, now and then; without it the values stand for themselves. */
const compare = async ({ view, values, table }) => {
  for (const { id, live } of view.layers.values()) {
    if (!live) continue;
    values.compare(id, await fetchComparisons(id).catch(() => ({})));
    if (view.table === id) table.compared();
  }
};

const wireKeys = ({ view, canvas }) => {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && view.selected && !event.target.closest("select, input")) view.select(null);
  });
  byId("fit").addEventListener("click", () => canvas.fit());
};

/** How much larger than on a desk everything is drawn: as much as the letters of the page. */
const screenScale = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / DESK_FONT;

/** Put the page together and keep it going. @param {{view: object, fmt: object, announce: Function, theme: () => string}} base */
export function startPage({ view, fmt, announce, theme }) {
  const values = new LiveValues();
  const link = { state: "connecting", reconnects: 0 };
  const now = () => view.pausedAt ?? values.now();
  const base = { view, values, fmt, now, announce };
  let plan = null;
  let keepsView = Boolean(view.camera); // a link that names a view shows that view
  let moves = !keepsView; // whether the map goes to what is selected
  const names = new Map();
  const scene = () => ({
    layers: [...view.layers.values()].map((layer) => ({ ...layer, named: nameKey(layer) })), visible: view.visible, hidden: view.hidden,
    palette: PALETTES[theme()], scale: screenScale(), origin: location.origin, plan, names,
  });
  const panel = new LayerPanel({ root: byId("layers"), ...base });
  const hover = hoverBox(byId("hover"), base);
  const canvas = new MapCanvas({
    container: byId("map"),
    page: scene,
    view: view.camera,
    on: {
      pick: (found) => {
        moves = false; // what was clicked on the map is in sight
        view.select(found && { layer: found.layer, id: found.id });
      },
      hover,
      move: (camera) => view.look(camera),
      error: (layer) => layer && panel.say(layer, gettext("Part of this layer could not be drawn; it is tried again when the map moves.")),
    },
  });
  const detail = new DetailPanel({ root: byId("detail"), ...base, onPlace: (place) => moves && canvas.reveal(place) });
  const table = new TableTwin({
    scroller: byId("table-scroll"), table: byId("table"), count: byId("table-count"), ...base,
    onSelect: (row) => {
      moves = true;
      view.select({ layer: view.table, id: row.id });
    },
  });
  const rows = new FeatureRows();
  nameAreas({ view, canvas, rows, names });
  const socket = openSocket({ view, values, link });
  const tabs = wireTabs();
  const plans = new PlanOverlay({
    chooser: byId("plan"), note: byId("plan-note"), stops: byId("stops"), ...base,
    onRoutes: (routes) => {
      const isNew = routes && !plan;
      plan = routes;
      canvas.repaint();
      if (isNew && !keepsView) canvas.fit(routeBounds(routes));
      keepsView = false;
      tabs[routes ? "stops" : "objects"]();
    },
  });
  tableChooser(base);
  wireSelection({ ...base, canvas, table, detail, rows }).then(() => view.selected && view.select(view.selected));
  wireKeys({ view, canvas });
  wireTheme(byId("theme"), () => [canvas, panel, table, detail].forEach((each) => each.repaint()));
  byId("filter").addEventListener("input", (event) => table.filter(event.target.value));
  view.on("visible", () => { canvas.repaint(); socket.sync(); });
  view.on("categories", () => { canvas.repaint(); panel.syncCategories(); table.rearrange(); });
  view.on("table", () => socket.sync());
  view.on("plan", () => plans.show());
  view.on("any", () => history.replaceState(null, "", location.pathname + location.search + formatHash(view.address())));
  plans.load();
  compare({ view, values, table });
  setInterval(() => compare({ view, values, table }), COMPARED_MS);
  let scale = screenScale();
  addEventListener("resize", () => {
    if (scale !== (scale = screenScale())) [canvas, table].forEach((each) => each.repaint());
  });
  const header = new Header(base);
  setInterval(drawing({ ...base, canvas, table, detail, panel, header, link, onFeeds: feedWatch(base) }), PICTURE_MS);
}
