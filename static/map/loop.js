/** The drawing loop: at most four pictures a second, whatever arrives; once a second every age is looked at again. */

import { feedState } from "./feed.js";

export const PICTURE_MS = 250;
const SWEEP_MS = 1000;

/** @param {object} page the parts of the page @returns {() => void} a function that draws one picture */
export function drawing({ view, values, canvas, table, detail, panel, header, link, now, onFeeds }) {
  let sweptAt = -Infinity;

  const colour = (layer, ids) => {
    const at = now();
    for (const id of ids) canvas.setState(layer.id, id, values.state(layer, id, at));
  };

  const feedOf = (layer) => {
    const { newest, refused } = values.of(layer.id);
    const paused = view.pausedAt !== null;
    return feedState({ newest, now: values.now(), maxAge: layer.live.max_age, connected: link.state === "open", paused, refused });
  };

  const ages = (layers) => {
    const feeds = new Map(layers.map((layer) => [layer, feedOf(layer)]));
    for (const [layer, feed] of feeds) {
      panel.showFeed(layer.id, feed, values.now());
      if (feed.state === "refused") panel.say(layer.id, values.of(layer.id).refused);
    }
    onFeeds(feeds);
  };

  const paint = (layers, sweep) => {
    let changedRows = new Set();
    for (const layer of layers) {
      const changed = values.drain(layer.id);
      colour(layer, sweep ? values.of(layer.id).shown.keys() : changed);
      if (layer.id === view.table) changedRows = changed;
    }
    table.refresh(changedRows, sweep);
    detail.tick();
  };

  return () => {
    const layers = view.wanted().map((id) => view.layers.get(id));
    const sweep = performance.now() - sweptAt >= SWEEP_MS;
    if (view.pausedAt === null) paint(layers, sweep);
    if (!sweep) return;
    sweptAt = performance.now();
    ages(layers);
    header.show(onFeeds.overall(), link);
  };
}
