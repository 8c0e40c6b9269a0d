/** The plan overlay: choose a plan, see its routes on the map and its stops with arrival times as a table. */

import { fetchPlans, fetchRoutes } from "./api.js";
import { h, setText } from "./dom.js";
import { gettext, interpolate } from "./i18n.js";
import { links } from "./page.js";
import { vehicleColour } from "./palette.js";
import { colouredRoutes } from "./style.js";

const stateWords = (state) =>
  ({ draft: gettext("Draft"), checked: gettext("Checked"), published: gettext("Published"), superseded: gettext("Superseded") })[state] ?? state;

const RANK = { published: 0, checked: 1, draft: 2, superseded: 3 };

const nothingYet = () =>
  links.plans
    ? [gettext("No plans yet."), " ", h("a", { href: links.plans }, gettext("Make a plan"))]
    : [gettext("No plans yet; whoever may plan makes them in the portal.")];

const kilometres = (metres, fmt) => `${fmt.tenths((metres ?? 0) / 1000)} km`;

const minutes = (seconds, fmt) => interpolate(gettext("%(count)s min"), { count: fmt.number(Math.round((seconds ?? 0) / 60)) });

/** Plans of the page. */
export class PlanOverlay {
  /** @param {{chooser: HTMLSelectElement, note: HTMLElement, stops: HTMLElement, view: object, fmt: object,
   *   now: () => number, onRoutes: (routes: object|null) => void}} wiring */
  constructor(wiring) {
    Object.assign(this, wiring, { plans: [], routes: null, chosen: null });
    this.chooser.addEventListener("change", () => this.view.choosePlan(Number(this.chooser.value) || null));
  }

  /** Read the list of plans; a viewer who may see none gets a sentence instead. */
  async load() {
    try {
      this.plans = (await fetchPlans()).sort((a, b) => RANK[a.state] - RANK[b.state] || b.version - a.version);
    } catch (error) {
      setText(this.note, error.status === 403 ? gettext("Your roles show no plans.") : error.message);
    }
    this.chooser.disabled = !this.plans.length;
    if (!this.plans.length && !this.note.textContent) this.note.replaceChildren(...nothingYet());
    const text = (plan) => `${plan.title} v${plan.version} · ${stateWords(plan.state)}`;
    this.chooser.replaceChildren(
      h("option", { value: "" }, gettext("None")),
      ...this.plans.map((plan) => h("option", { value: plan.id, selected: plan.id === this.view.plan }, text(plan))),
    );
    if (this.view.plan) await this.show();
  }

  /** Draw the plan that the view names. */
  async show() {
    const wanted = this.view.plan;
    this.chosen = null;
    this.routes = wanted ? await fetchRoutes(wanted).catch((error) => this.#refused(error)) : null;
    if (wanted !== this.view.plan) return;
    if (this.routes) setText(this.note, this.#headline());
    else if (!wanted) setText(this.note, "");
    this.#draw();
  }

  #refused(error) {
    setText(this.note, error.message);
    return null;
  }

  #headline() {
    const plan = this.plans.find(({ id }) => id === this.view.plan);
    const metres = this.routes.features.reduce((sum, { properties }) => sum + (properties.distance ?? 0), 0);
    const values = { routes: this.routes.features.length, distance: kilometres(metres, this.fmt) };
    const text = interpolate(gettext("%(routes)s routes, %(distance)s"), values);
    if (plan?.gap === null || plan?.gap === undefined) return text;
    return `${text} · ${interpolate(gettext("gap %(gap)s"), { gap: `${this.fmt.number(plan.gap * 100)} %` })}`;
  }

  #draw() {
    this.onRoutes(this.routes ? colouredRoutes(this.routes, this.chosen) : null);
    this.stops.replaceChildren(...(this.routes ? this.routes.features.map((route, index) => this.#route(route.properties, index)) : []));
  }

  #route(route, index) {
    const mark = h("i", { class: "vehicle", "aria-hidden": "true" });
    mark.style.background = vehicleColour(index);
    const toggle = h(
      "button",
      { type: "button", "aria-pressed": String(this.chosen === route.vehicle), onclick: () => this.#choose(route.vehicle) },
      mark, h("span", {}, route.vehicle), h("span", { class: "quiet" }, `${kilometres(route.distance, this.fmt)} · ${minutes(route.duration, this.fmt)}`),
    );
    return h("section", { class: "route", "aria-label": route.vehicle }, toggle, this.#table(route.stops ?? []));
  }

  #choose(vehicle) {
    this.chosen = this.chosen === vehicle ? null : vehicle;
    this.#draw();
  }

  #table(stops) {
    const time = (value) => this.fmt.stamp(Date.parse(value), this.now());
    const titles = [gettext("No."), gettext("Stop"), gettext("Arrival"), gettext("Departure")];
    return h("table", { class: "figures" },
      h("thead", {}, h("tr", {}, ...titles.map((title) => h("th", { scope: "col" }, title)))),
      h("tbody", {}, ...stops.map((stop) =>
        h("tr", {}, h("td", {}, String(stop.sequence)), h("th", { scope: "row" }, stop.label), h("td", {}, time(stop.arrival)), h("td", {}, time(stop.departure))))));
  }
}
