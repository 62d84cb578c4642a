// The map: every sound a point, what sounds alike close together. It is moved, looked into, and sounds are chosen on it.
import { Overlay } from "./overlay.js";
import { painter } from "./paint.js";
import { Points } from "./points.js";
import { count } from "./words.js";

/** Milliseconds of a frame beyond which fewer points are drawn while the map moves, and below which more are. */
const SLOW = 25, FAST = 14, FEWEST = 8;
/** Milliseconds without movement after which all are drawn. */
const REST = 120;
/** Milliseconds that the pointer is over a point until it is heard. */
const HOVER = 80;
/** Pixels around the pointer in which a point is looked for. */
const REACH = 10;

const LIGHT = [[195, 78, 84], [190, 90, 10], [168, 109, 0], [129, 128, 0], [67, 143, 49], [0, 149, 108], [0, 146, 157],
  [0, 136, 193], [66, 120, 210], [123, 103, 204], [160, 89, 177], [185, 79, 135]];
const DARK = [[249, 142, 143], [243, 151, 98], [220, 167, 68], [182, 184, 77], [131, 197, 117], [67, 203, 164], [0, 201, 209],
  [67, 192, 243], [128, 177, 255], [176, 162, 254], [214, 149, 228], [238, 141, 189]];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class SoundMap extends EventTarget {
  points = new Points();
  selected = null;
  #box;
  #canvas;
  #painter;
  #overlay;
  #dimmed = null;
  #matches = null;
  #view = { x: 0, y: 0, scale: 0 };
  #isWhole = true;
  #step = 1;
  #frame = 0;
  #last = 0;
  #moved = 0;
  #isStale = true;
  #refreshing = null;
  #isLoaded = false;
  #hovered = -1;
  #hover = 0;
  #dark = matchMedia("(prefers-color-scheme: dark)");

  /** @param {HTMLElement} box What has the two canvases, one for the points and one for the marks. */
  constructor(box) {
    super();
    this.#box = box;
    this.#canvas = box.querySelector("canvas");
    this.#painter = painter(this.#canvas);
    this.#painter.onrestore = () => { this.#colour(); this.#load(); };
    this.#overlay = new Overlay(box.querySelectorAll("canvas")[1], this);
    this.#colour();
    this.#dark.addEventListener("change", () => { this.#colour(); this.draw(); });
    new ResizeObserver(() => this.#resize()).observe(box);
    this.#listen();
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
          if (await this.points.refresh()) this.#load();
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
    this.draw(false);
  }

  /** Marks sounds: those that are near, the way through several, the one that is heard. */
  mark(marks) {
    this.#overlay.mark(marks);
    this.draw(false);
  }

  /** Dims all sounds but those of some numbers; none if null. */
  dim(matches) {
    this.#matches = matches;
    this.#load();
  }

  /** Shows all of the map. */
  whole() {
    this.#isWhole = true;
    this.#fit();
    this.draw();
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
    this.#hovered = -1;
    if (!this.#painter.isLost) this.#painter.load(points, this.#dimmed);
    if (this.#isWhole) this.#fit();
    this.draw();
  }

  #colour() { this.#painter.colours(this.#dark.matches ? DARK : LIGHT, this.#dark.matches ? [120, 128, 136] : [150, 150, 145]); }

  // Drawing

  /** Pixels of the screen for one of the page. */
  get #ratio() { return Math.min(2, devicePixelRatio || 1); }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.#box;
    if (!width || !height) return;
    for (const canvas of this.#box.querySelectorAll("canvas")) {
      [canvas.width, canvas.height] = [Math.round(width * this.#ratio), Math.round(height * this.#ratio)];
    }
    if (this.#isWhole) this.#fit();
    if (!this.#isLoaded) this.dispatchEvent(new Event("wanted"));
    this.draw();
  }

  #fit() {
    const { points } = this, { clientWidth: width, clientHeight: height } = this.#box;
    if (!points.count || !width) return;
    let [left, right, low, high] = [32767, -32768, 32767, -32768];
    for (let i = 0; i < points.count; i++) {
      const x = points.x[i], y = points.y[i];
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < low) low = y;
      if (y > high) high = y;
    }
    const scale = Math.min((width - 32) / Math.max(1, right - left), (height - 32) / Math.max(1, high - low));
    this.#view = { x: (left + right) / 2, y: (low + high) / 2, scale };
    this.#whole = scale;
  }
  #whole = 0;

  /** Pixels that a point is wide: less the more there are, and more the closer one looks. */
  get pointSize() {
    const { clientWidth: width, clientHeight: height } = this.#box;
    const fair = Math.min(8, Math.max(1.5, 0.55 * Math.sqrt(width * height / Math.max(1, this.points.count))));
    return Math.min(12, fair * Math.max(1, Math.sqrt(this.#view.scale / (this.#whole || 1)))) * this.#ratio;
  }

  /** Has a frame drawn; `isMoving` if the points have another place in it. */
  draw(isMoving = true) {
    if (isMoving) this.#isStale = true;
    if (!this.#frame) this.#frame = requestAnimationFrame((now) => this.#paint(now));
  }

  #paint(now) {
    this.#frame = 0;
    const isMoving = now - this.#moved < REST;
    if (isMoving && this.#last) {
      const passed = now - this.#last;
      if (passed > SLOW && this.#step < FEWEST) this.#step *= 2;
      else if (passed < FAST && this.#step > 1) this.#step /= 2;
    }
    this.#last = now;
    const step = isMoving ? this.#step : 1;
    if (this.#isStale && !this.#painter.isLost && this.#view.scale) {
      this.#painter.draw({ x: this.#view.x, y: this.#view.y, scale: this.#view.scale * this.#ratio, size: this.pointSize }, step, isMoving);
      this.#isStale = false;
    }
    this.#overlay.draw(now);
    // What was left out is drawn when nothing moves any more.
    if (isMoving) this.draw();
    else if (this.#overlay.isMoving) this.draw(false);
  }

  /** Where a point is, in pixels of the page from the upper left corner. */
  spot(place) {
    const { x, y, scale } = this.#view;
    return [(this.points.x[place] - x) * scale + this.#box.clientWidth / 2,
      (y - this.points.y[place]) * scale + this.#box.clientHeight / 2];
  }

  get ratio() { return this.#ratio; }
  get hovered() { return this.#hovered; }

  // Moving

  #pan(dx, dy) {
    const { scale } = this.#view;
    this.#move({ ...this.#view, x: this.#view.x - dx / scale, y: this.#view.y + dy / scale });
  }

  #zoom(factor, left = this.#box.clientWidth / 2, top = this.#box.clientHeight / 2) {
    const { x, y, scale } = this.#view;
    const next = Math.min(Math.max(scale * factor, this.#whole * 0.5), Math.max(this.#whole, 1) * 20);
    // What is under the pointer stays there.
    const [dx, dy] = [left - this.#box.clientWidth / 2, this.#box.clientHeight / 2 - top];
    this.#move({ x: x + dx / scale - dx / next, y: y + dy / scale - dy / next, scale: next });
  }

  #move(view) {
    this.#isWhole = false;
    const limit = (value) => Math.min(Math.max(value, -32768), 32767);
    this.#view = { x: limit(view.x), y: limit(view.y), scale: view.scale };
    this.#moved = performance.now();
    this.draw();
  }

  #reveal(place) {
    const [left, top] = this.spot(place), { clientWidth: width, clientHeight: height } = this.#box;
    const aside = (value, size) => (value < 24 ? 24 - value : value > size - 24 ? size - 24 - value : 0);
    const [dx, dy] = [aside(left, width), aside(top, height)];
    if (width && (dx || dy)) this.#pan(dx, dy);
  }

  // The pointer and the keys

  #listen() {
    const box = this.#box;
    let drag = null;
    box.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      drag = { x: event.clientX, y: event.clientY, far: false };
      box.setPointerCapture(event.pointerId);
    });
    box.addEventListener("pointermove", (event) => {
      if (!drag) { this.#point(event); return; }
      const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
      if (!drag.far && Math.hypot(dx, dy) < 4) return;
      [drag.x, drag.y, drag.far] = [event.clientX, event.clientY, true];
      box.classList.add("moving");
      this.#pan(dx, dy);
    });
    box.addEventListener("pointerup", (event) => {
      const isClick = drag && !drag.far;
      drag = null;
      box.classList.remove("moving");
      if (!isClick) return;
      const place = this.#under(event);
      if (place >= 0) this.#choose(place);
    });
    box.addEventListener("pointercancel", () => { drag = null; box.classList.remove("moving"); });
    box.addEventListener("pointerleave", () => this.#over(-1));
    box.addEventListener("wheel", (event) => {
      // With a key it is the browser's own zoom.
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const [left, top] = this.#offset(event);
      this.#zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0018)), left, top);
    }, { passive: false });
    box.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (ARROWS[event.key]) this.step(...ARROWS[event.key]);
      else if ("+=-".includes(event.key)) {
        // Towards what is chosen.
        const place = this.points.place(this.selected ?? -1);
        this.#zoom(event.key === "-" ? 1 / 1.4 : 1.4, ...(place < 0 ? [] : this.spot(place)));
      }
      else if (event.key === "0") this.whole();
      else return;
      event.preventDefault();
    });
  }

  /** Chooses the next sound in a direction; the one in the middle if none is chosen. */
  step(dx, dy) {
    const from = this.points.place(this.selected ?? -1);
    const next = from < 0 ? this.points.nearest(this.#view.x, this.#view.y, 65536, (i) => this.#isWanted(i))
      : this.points.next(from, dx, dy, (i) => this.#isWanted(i));
    if (next >= 0) this.#choose(next);
  }

  #isWanted(place) { return !this.#dimmed || this.#dimmed[place] === 0; }

  #offset(event) {
    const { left, top } = this.#box.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  /** The point under the pointer; -1 if there is none. */
  #under(event) {
    const [left, top] = this.#offset(event), { x, y, scale } = this.#view;
    if (!scale) return -1;
    const reach = Math.max(REACH, this.pointSize / this.#ratio) / scale;
    return this.points.nearest(x + (left - this.#box.clientWidth / 2) / scale, y - (top - this.#box.clientHeight / 2) / scale,
      reach, (i) => this.#isWanted(i));
  }

  #point(event) { if (event.pointerType !== "touch") this.#over(this.#under(event)); }

  #over(place) {
    if (place === this.#hovered) return;
    this.#hovered = place;
    this.#box.classList.toggle("over", place >= 0);
    clearTimeout(this.#hover);
    const number = place < 0 ? null : this.points.numbers[place];
    const tell = () => this.dispatchEvent(new CustomEvent("hover", { detail: { number, spot: place < 0 ? null : this.spot(place) } }));
    if (place < 0) tell(); else this.#hover = setTimeout(tell, HOVER);
    this.draw(false);
  }

  #choose(place) {
    const number = this.points.numbers[place];
    this.select(number);
    this.dispatchEvent(new CustomEvent("choose", { detail: number }));
  }
}
