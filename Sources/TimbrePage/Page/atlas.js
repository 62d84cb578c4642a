// The map's pane: it is opened once the list is there, and knows what the map is to show until then.
import { row } from "./list.js";
import { SoundMap } from "./map.js";
import { parse } from "./query.js";
import { ask, stream } from "./server.js";
import { KINDS, colours, ends } from "./shades.js";
import { element, shown } from "./words.js";

/** Milliseconds between two looks at the map: while one is learnt, and else. */
const SOON = 1000, LATER = 15_000;

/** Tells by events: `choose` and `hear`, with a row, `pick`, with the numbers of files, and `trouble`. */
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

  open() {
    const map = this.#map = new SoundMap(this.#box);
    map.addEventListener("choose", ({ detail: number }) => this.#choose(number));
    map.addEventListener("hover", ({ detail }) => this.#hover(detail));
    map.addEventListener("change", () => this.#say());
    map.addEventListener("edge", () => this.#say("There is no sound further that way."));
    map.addEventListener("wanted", () => this.refresh());
    map.addEventListener("pick", ({ detail }) => this.#tell("pick", detail));
    const choice = document.getElementById("shade");
    choice.addEventListener("change", () => this.shade(choice.value));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#scale());
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

  /** Forgets the line that was drawn around sounds. */
  dropLasso() { this.#map?.dropLasso(); }

  /** Shows something else by the colours: what comes next, if nothing is said. */
  async shade(kind = KINDS[(KINDS.indexOf(this.#map?.shadedBy) + 1) % KINDS.length]) {
    document.getElementById("shade").value = kind;
    try {
      await this.#map?.shade(kind);
    } catch (error) { this.#tell("trouble", error); }
    this.#scale();
  }

  /** Shows what the colours mean. */
  #scale() {
    const box = document.getElementById("scale"), kind = this.#map?.shadedBy ?? "folder", said = ends(kind);
    box.hidden = said === null;
    if (!said) return;
    const steps = colours(kind, matchMedia("(prefers-color-scheme: dark)").matches).slice(0, -1).map((colour) => {
      const step = element("i", { "aria-hidden": "true" });
      step.style.background = `rgb(${colour})`;
      return step;
    });
    box.replaceChildren(said[0], element("span", {}, ...steps), said[1]);
  }

  #tell(what, detail) { this.dispatchEvent(new CustomEvent(what, { detail })); }

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
    // Of names that had not come yet no figures were known.
    if (this.#map && this.#map.shadedBy !== "folder") this.shade(this.#map.shadedBy);
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

  /** Says how the map stands, or something else until there is more to be said. */
  #say(words) {
    const note = document.getElementById("map-note"), map = this.#map;
    if (!map) return;
    const isMissing = this.#row && map.points.state === "ready" && map.points.place(this.#row.number ?? -1) < 0;
    note.textContent = words ?? (isMissing ? `${shown(this.#row.name)} is not on the map yet` : map.words);
  }

  /** The row of a file of the library: that of the list, if it is there. */
  async #rowOf(number) {
    const listed = this.#list.rows.find((row) => row.number === number);
    if (listed) return listed;
    const { files: [file] } = await ask("numbered", { numbers: [number] });
    if (!file) throw new Error("This sound is not there any more.");
    return row(file);
  }

  async #choose(number) {
    try {
      const row = await this.#rowOf(number);
      if (this.#map.selected === number) this.#tell("choose", row);
    } catch (error) { this.#tell("trouble", error); }
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
      if (this.listens) this.#tell("hear", row);
    } catch {
      // It has gone meanwhile: there is nothing to be called by a name.
    }
  }
}
