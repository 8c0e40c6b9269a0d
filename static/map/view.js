/** What the viewer has chosen: layers, table, selection, plan, pause. Every part of the page listens to it. */

/** The choices of one page. */
export class ViewState {
  /** @param {object[]} layers @param {object} wish from `parseHash`; what no longer exists is left out. */
  constructor(layers, wish) {
    this.layers = new Map(layers.map((layer) => [layer.id, layer]));
    const asked = (wish.layers ?? []).filter((id) => this.layers.has(id));
    this.visible = new Set(asked.length ? asked : this.layers.keys());
    this.selected = wish.select && this.layers.has(wish.select.layer) ? wish.select : null;
    this.table = this.layers.has(wish.table) ? wish.table : this.#firstTable();
    this.plan = wish.plan;
    this.camera = wish.view;
    this.pausedAt = null;
    this.listeners = new Map();
  }

  #firstTable() {
    if (this.selected) return this.selected.layer;
    const shown = [...this.visible].map((id) => this.layers.get(id));
    return (shown.find((layer) => layer.live) ?? shown[0]).id;
  }

  /** @param {"visible"|"selected"|"table"|"plan"|"paused"|"camera"} what @param {() => void} listener */
  on(what, listener) {
    this.listeners.set(what, [...(this.listeners.get(what) ?? []), listener]);
  }

  #tell(what) {
    for (const listener of [...(this.listeners.get(what) ?? []), ...(this.listeners.get("any") ?? [])]) listener();
  }

  /** @param {string} id @param {boolean} wanted */
  show(id, wanted) {
    this.visible[wanted ? "add" : "delete"](id);
    this.#tell("visible");
  }

  /** @param {{layer: string, id: number}|null} selected */
  select(selected) {
    this.selected = selected;
    if (selected && this.table !== selected.layer) this.chooseTable(selected.layer);
    this.#tell("selected");
  }

  chooseTable(id) {
    this.table = id;
    this.#tell("table");
  }

  choosePlan(id) {
    this.plan = id;
    this.#tell("plan");
  }

  /** @param {number|null} at the moment that stays on the screen, null for live */
  pause(at) {
    this.pausedAt = at;
    this.#tell("paused");
  }

  look(camera) {
    this.camera = camera;
    this.#tell("camera");
  }

  /** Layers whose values the page needs: the visible ones and that of the table. */
  wanted() {
    return [...new Set([...this.visible, this.table])].filter((id) => this.layers.get(id)?.live);
  }

  /** For `formatHash`. */
  address() {
    return {
      layers: this.visible.size === this.layers.size ? null : [...this.visible],
      table: this.table,
      select: this.selected,
      view: this.camera,
      plan: this.plan,
    };
  }
}
