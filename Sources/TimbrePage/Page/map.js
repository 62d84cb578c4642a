// The map: every sound a point, what sounds alike close together. It is moved, looked into, and sounds are chosen on it.
import { listenToGestures } from "./gestures.js";
import { Grid } from "./grid.js";
import { Lasso } from "./lasso.js";
import { Points } from "./points.js";
import { MOST_PICKED } from "./query.js";
import { colours, figures } from "./shades.js";
import { Sheet } from "./sheet.js";
import { View } from "./view.js";
import { count } from "./words.js";

/** Milliseconds that the pointer is over a point until it is heard. */
const HOVER = 80;
/** Pixels around the pointer in which a point is looked for. */
const REACH = 10;

/**
 * Tells by events: `choose`, with the number of a sound; `pick`, with those in a lasso; `hover`; `edge`, when there is
 * no next sound; `change`, when there is something else to be said of the map; and `wanted`, when it comes into sight for
 * the first time.
 */
export class SoundMap extends EventTarget {
  points = new Points();
  view = new View();
  selected = null;
  hovered = -1;
  /** The line around the sounds that are being picked, or were last. */
  lasso = null;
  #box;
  #sheet;
  #grid = new Grid(this.points);
  #kind = "folder";
  #dimmed = null;
  #matches = null;
  #refreshing = null;
  #isLoaded = false;
  #hover = 0;
  #dark = matchMedia("(prefers-color-scheme: dark)");

  /** @param {HTMLElement} box What has the two canvases, one for the points and one for the marks. */
  constructor(box) {
    super();
    this.#box = box;
    this.#sheet = new Sheet(box, this, () => { this.#colour(); this.#load(); });
    this.#colour();
    this.#dark.addEventListener("change", () => this.#colour());
    new ResizeObserver(() => this.#resize()).observe(box);
    listenToGestures(box, this);
  }

  // What is shown

  /** Asks where the sounds are, if the map is in sight. One question at a time. */
  async refresh() {
    if (!this.#box.clientWidth) return;
    if (this.#refreshing) { this.#refreshing.again = true; return this.#refreshing.done; }
    const turn = this.#refreshing = { again: true };
    turn.done = (async () => {
      try {
        while (turn.again) {
          turn.again = false;
          if (await this.points.refresh()) await this.#take();
          this.#isLoaded = true;
        }
      } finally {
        this.#refreshing = null;
        this.dispatchEvent(new Event("change"));
      }
    })();
    return turn.done;
  }

  /** How the map stands, in words. */
  get words() {
    const { state, progress, count: number } = this.points;
    const percent = progress === null ? "" : `${Math.floor(100 * progress)} %`;
    if (state === "learning") return `learning ${percent}`;
    if (state === "none") return "There are too few sounds for a map.";
    return count(number, "sound") + (percent ? `, learning anew ${percent}` : "");
  }

  /** Marks the sound that is chosen, and brings it into sight if that is wanted. */
  select(number, reveals = true) {
    this.selected = number;
    const place = this.points.place(number ?? -1);
    if (place >= 0 && reveals) this.#reveal(place);
    this.#sheet.drawMarks();
  }

  /** Marks sounds: those that are near, the way through several, the one that is heard. */
  mark(marks) {
    this.#sheet.marks.mark(marks);
    this.#sheet.drawMarks();
  }

  /** Dims all sounds but those of some numbers; none if null. */
  dim(matches) {
    this.#matches = matches;
    this.#load();
  }

  /** Shows something else by the colours: see shades.js. */
  async shade(kind) {
    this.#kind = kind;
    const shades = kind === "folder" ? null : await figures(kind);
    if (kind !== this.#kind) return;
    this.points.shadeBy(shades);
    this.#colour();
    this.#load();
  }

  get shadedBy() { return this.#kind; }

  /** Shows all of the map. */
  whole() {
    this.view.fit(this.points);
    this.#sheet.draw();
  }

  /** Takes in that the points are others. */
  async #take() {
    this.#grid = new Grid(this.points);
    this.#load();
    if (this.points.lacksFigures) await this.shade(this.#kind);
  }

  #load() {
    const { points } = this;
    this.#dimmed = null;
    if (this.#matches) {
      this.#dimmed = new Uint8Array(points.count).fill(1);
      for (const number of this.#matches) {
        const place = points.place(number);
        if (place >= 0) this.#dimmed[place] = 0;
      }
    }
    this.hovered = -1;
    if (this.view.isWhole) this.view.fit(points);
    this.#sheet.load(points, this.#dimmed);
  }

  #colour() { this.#sheet.colours(colours(this.#kind, this.#dark.matches)); }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.#box, { view } = this;
    if (!width || !height) return;
    [view.width, view.height] = [width, height];
    if (view.isWhole) view.fit(this.points);
    if (!this.#isLoaded) this.dispatchEvent(new Event("wanted"));
    this.#sheet.resize(width, height);
  }

  /** Where a point is, in pixels of the page from the upper left corner. */
  spot(place) { return this.view.spot(this.points.x[place], this.points.y[place]); }

  // Moving

  pan(dx, dy) {
    this.view.pan(dx, dy);
    this.#sheet.move();
  }

  zoom(factor, left, top) {
    this.view.zoom(factor, left, top);
    this.#sheet.move();
  }

  /** Zooms towards the sound that is chosen. */
  zoomToChosen(factor) {
    const place = this.points.place(this.selected ?? -1);
    this.zoom(factor, ...(place < 0 ? [] : this.spot(place)));
  }

  #reveal(place) {
    const [left, top] = this.spot(place), { width, height } = this.view;
    const aside = (value, size) => (value < 24 ? 24 - value : value > size - 24 ? size - 24 - value : 0);
    const [dx, dy] = [aside(left, width), aside(top, height)];
    if (width && (dx || dy)) this.pan(dx, dy);
  }

  // Choosing

  /** Chooses the next sound in a direction; the one in the middle if none is chosen. */
  step(dx, dy) {
    const from = this.points.place(this.selected ?? -1);
    const next = from < 0 ? this.#grid.nearest(this.view.x, this.view.y, 65536, (i) => this.#isWanted(i))
      : this.#grid.next(from, dx, dy, (i) => this.#isWanted(i));
    if (next >= 0) this.#choose(next); else this.dispatchEvent(new Event("edge"));
  }

  click(left, top) {
    const place = this.#under(left, top);
    if (place >= 0) this.#choose(place);
  }

  #choose(place) {
    const number = this.points.numbers[place];
    this.select(number);
    this.dispatchEvent(new CustomEvent("choose", { detail: number }));
  }

  #isWanted(place) { return !this.#dimmed || this.#dimmed[place] === 0; }

  /** The point under the pointer; -1 if there is none. */
  #under(left, top) {
    const { view } = this;
    if (!view.scale) return -1;
    const reach = Math.max(REACH, this.#sheet.pointSize / this.#sheet.ratio) / view.scale;
    return this.#grid.nearest(...view.place(left, top), reach, (i) => this.#isWanted(i));
  }

  /** The pointer is there, and nothing is pressed. */
  point(left, top) { this.#over(this.#under(left, top)); }

  leave() { this.#over(-1); }

  #over(place) {
    if (place === this.hovered) return;
    this.hovered = place;
    this.#box.classList.toggle("over", place >= 0);
    clearTimeout(this.#hover);
    const number = place < 0 ? null : this.points.numbers[place];
    const tell = () => this.dispatchEvent(new CustomEvent("hover", { detail: { number, spot: place < 0 ? null : this.spot(place) } }));
    if (place < 0) tell(); else this.#hover = setTimeout(tell, HOVER);
    this.#sheet.drawMarks();
  }

  beginLasso(left, top) {
    this.lasso = new Lasso();
    this.leadLasso(left, top);
  }

  leadLasso(left, top) {
    this.lasso?.add(...this.view.place(left, top));
    this.#sheet.drawMarks();
  }

  /** Ends the line, and picks what is in it. */
  closeLasso() {
    const places = this.lasso?.inside(this.points, (i) => this.#isWanted(i), MOST_PICKED) ?? [];
    this.dispatchEvent(new CustomEvent("pick", { detail: places.map((place) => this.points.numbers[place]) }));
  }

  dropLasso() {
    this.lasso = null;
    this.#sheet.drawMarks();
  }
}
