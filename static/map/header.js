/** The bar on top: state of the whole feed, clock, language, theme; and the time bar under the map. */

import { byId, setText } from "./dom.js";
import { feedText } from "./format.js";
import { gettext, interpolate, ngettext } from "./i18n.js";

/** Clock, feed chip and pause button. */
export class Header {
  /** @param {{view: object, values: object, fmt: object, now: () => number}} wiring */
  constructor(wiring) {
    Object.assign(this, wiring);
    this.feed = byId("feed");
    this.link = byId("link-state");
    this.clock = byId("clock");
    this.pauseButton = byId("pause");
    this.bar = byId("timebar");
    this.pauseButton.addEventListener("click", () => this.view.pause(this.view.pausedAt === null ? this.now() : null));
    const form = byId("language");
    form.addEventListener("submit", () => {
      form.elements.next.value = location.pathname + location.search + location.hash;
    });
  }

  /** @param {{state: string, seconds: number}} overall @param {{state: string, reconnects: number}} link */
  show(overall, link) {
    const now = this.now();
    this.feed.dataset.state = overall.state;
    setText(this.feed.lastElementChild, feedText(overall, now, this.fmt.stamp));
    setText(this.clock, `${this.fmt.day(now)} ${this.fmt.clock(now)}`);
    setText(this.link, this.#linkText(link));
    this.#timebar(now);
  }

  #linkText({ state, reconnects }) {
    if (state === "refused") return gettext("The session has ended. Log in again.");
    if (!reconnects) return "";
    return interpolate(ngettext("%(count)s reconnect", "%(count)s reconnects", reconnects), { count: reconnects });
  }

  #timebar(now) {
    const { pausedAt } = this.view;
    this.bar.dataset.mode = pausedAt === null ? "live" : "paused";
    this.pauseButton.setAttribute("aria-pressed", String(pausedAt !== null));
    setText(this.pauseButton.lastElementChild, pausedAt === null ? gettext("Pause") : gettext("Back to live"));
    const values = { time: this.fmt.clock(pausedAt ?? now), count: this.fmt.number(this.values.waiting()) };
    const text = pausedAt === null ? gettext("Live, %(time)s") : gettext("Paused at %(time)s; changes waiting: %(count)s");
    setText(byId("timebar-text"), interpolate(text, values));
  }
}
