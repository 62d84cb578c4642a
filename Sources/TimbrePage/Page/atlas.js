// The map's pane: it is opened once the list is there, and knows what the map is to show until then.
import { row } from "./list.js";
import { parse } from "./query.js";
import { ask, stream } from "./server.js";
import { shown } from "./words.js";

/** Milliseconds between two looks at the map: while one is learnt, and else. */
const SOON = 1000, LATER = 15_000;

/** Tells by events: `choose` and `hear`, with a row, and `trouble`. */
export class Atlas extends EventTarget {
  /** Whether the pointer is enough for a sound to be heard. */
  listens = false;
  #map = null;
  #list;
  #box = document.getElementById("map");
  #marks = {};
  #row = null;
  #find = "";
  #under = null;
  #timer = 0;

  /** @param {import("./list.js").SoundList} list The list beside it, of which rows are chosen on the map as well. */
  constructor(list) {
    super();
    this.#list = list;
  }

  async open() {
    const { SoundMap } = await import("./map.js");
    const map = this.#map = new SoundMap(this.#box);
    map.addEventListener("choose", ({ detail: number }) => this.#choose(number));
    map.addEventListener("hover", ({ detail }) => this.#hover(detail));
    map.addEventListener("change", () => this.#say());
    map.addEventListener("wanted", () => this.refresh());
    map.mark(this.#marks);
    this.renew();
  }

  /** Marks sounds; see Overlay. */
  mark(marks) {
    Object.assign(this.#marks, marks);
    this.#map?.mark(marks);
  }

  /** Marks the row that is chosen. */
  select(row) {
    this.#row = row;
    this.#map?.select(row?.number ?? null);
    this.#say();
  }

  whole() { this.#map?.whole(); }

  /** Dims what the words in the search box leave out. */
  narrow(find) {
    if (find === this.#find) return;
    this.#find = find;
    this.#dim();
  }

  async #dim() {
    if (!this.#map) return;
    const find = this.#find, { words, not, folders, filter } = parse(find);
    if (!words.length && !not.length && !folders.length && !Object.keys(filter).length) { this.#map.dim(null); return; }
    try {
      const response = await stream("matches", { words, not, folders, filter, count: 0 });
      const numbers = new Uint32Array(await response.arrayBuffer());
      if (find === this.#find) this.#map.dim(numbers);
    } catch {
      // The list says what is wrong.
    }
  }

  /** Asks for everything anew that may have changed. */
  renew() {
    this.#dim();
    this.refresh();
  }

  /** Asks for what is new on the map, and often while one is learnt. */
  async refresh() {
    if (!this.#map) return;
    // Without a daemon the page says so elsewhere.
    await this.#map.refresh().catch(() => {});
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh(), this.#map.points.progress !== null ? SOON : LATER);
    this.#map.select(this.#row?.number ?? null, false);
  }

  #say() {
    const note = document.getElementById("map-note"), map = this.#map;
    if (!map) return;
    const isMissing = this.#row && map.points.state === "ready" && map.points.place(this.#row.number ?? -1) < 0;
    note.textContent = isMissing ? `${shown(this.#row.name)} is not on the map yet` : map.words;
  }

  /** The row of a file of the library: that of the list, if it is there. */
  async #rowOf(number) {
    return this.#list.rows.find((row) => row.number === number) ?? row(await ask("numbered", { number }));
  }

  async #choose(number) {
    try {
      const row = await this.#rowOf(number);
      if (this.#map.selected === number) this.dispatchEvent(new CustomEvent("choose", { detail: row }));
    } catch (error) { this.dispatchEvent(new CustomEvent("trouble", { detail: error })); }
  }

  /** Says what is under the pointer, and has it heard if that is wanted. */
  async #hover({ number, spot }) {
    const label = document.getElementById("map-name");
    this.#under = number;
    label.hidden = true;
    if (number === null) return;
    try {
      const row = await this.#rowOf(number);
      if (this.#under !== number) return;
      label.textContent = shown(row.name);
      label.hidden = false;
      const isLeft = spot[0] < this.#box.clientWidth / 2;
      label.style.transform = `translate(${spot[0] + (isLeft ? 14 : -14)}px, ${spot[1]}px) translate(${isLeft ? 0 : -100}%, -50%)`;
      if (this.listens) this.dispatchEvent(new CustomEvent("hear", { detail: row }));
    } catch {
      // It has gone meanwhile: there is nothing to be called by a name.
    }
  }
}
