/** What the viewer has chosen: layers, table, selection, plan, pause. Every part of the page listens to it. */

/** The choices of one page. */
export class ViewState {
  /** @param {object[]} layers @param {object} wish from `parseHash`; what no longer exists is left out. */
  constructor(layers, wish) {
    this.layers = new Map(layers.map((layer) => [layer.id, layer]));
    const asked = (wish.layers ?? []).filter((id) => this.layers.has(id));
    this.visible = new Set(asked.length ? asked : this.#begins());
    this.hidden = new Map(layers.map((layer) => [layer.id, new Set(layer.hidden ?? [])]));
    if (wish.hide) this.#hide(wish.hide);
    this.selected = wish.select && this.layers.has(wish.select.layer) ? wish.select : null;
    this.table = this.layers.has(wish.table) ? wish.table : this.#firstTable();
    this.plan = wish.plan;
    this.camera = wish.view;
    this.pausedAt = null;
    this.listeners = new Map();
  }

  /** The layers that a map begins with. */
  #begins() {
    return [...this.layers.values()].filter(({ shown }) => shown !== false).map(({ id }) => id);
  }

  #hide(pairs) {
    for (const hidden of this.hidden.values()) hidden.clear();
    for (const [layer, category] of pairs) this.hidden.get(layer)?.add(category);
  }

  #firstTable() {
    if (this.selected) return this.selected.layer;
    const shown = [...this.visible].map((id) => this.layers.get(id));
    return (shown.find((layer) => layer.live) ?? shown[0] ?? this.layers.values().next().value).id;
  }

  /** @param {"visible"|"categories"|"selected"|"table"|"plan"|"paused"|"camera"} what @param {() => void} listener */
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

  /** Show or leave out the features of one category. @param {string} id of the layer @param {string} category @param {boolean} wanted */
  showCategory(id, category, wanted) {
    this.hidden.get(id)[wanted ? "delete" : "add"](category);
    this.#tell("categories");
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

  #hiddenPairs() {
    return [...this.hidden].flatMap(([layer, hidden]) => [...hidden].map((category) => [layer, category]));
  }

  /** What is left out, where that is not what the layers declare. */
  #hides() {
    const pairs = this.#hiddenPairs();
    const declared = [...this.layers.values()].flatMap(({ id, hidden }) => (hidden ?? []).map((category) => [id, category]));
    const text = (list) => list.map((pair) => pair.join("/")).sort().join();
    return text(pairs) === text(declared) ? null : pairs;
  }

  #isDeclared() {
    const begins = this.#begins();
    return begins.length === this.visible.size && begins.every((id) => this.visible.has(id));
  }

  /** Layers whose values the page needs: the visible ones and that of the table. */
  wanted() {
    return [...new Set([...this.visible, this.table])].filter((id) => this.layers.get(id)?.live);
  }

  /** For `formatHash`. */
  address() {
    return {
      layers: this.#isDeclared() ? null : [...this.visible],
      hide: this.#hides(),
      table: this.table,
      select: this.selected,
      view: this.camera,
      plan: this.plan,
    };
  }
}
