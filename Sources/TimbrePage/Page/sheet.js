// What the map is drawn on: two canvases, one for the points and one for the marks, a frame at a time.
import { Overlay } from "./overlay.js";
import { painter } from "./paint.js";

/** Milliseconds of a frame beyond which fewer points are drawn while the map moves, and below which more are. */
const SLOW = 25, FAST = 14, FEWEST = 8;
/** Milliseconds without movement after which all are drawn. */
const REST = 120;

export class Sheet {
  marks;
  #box;
  #map;
  #painter;
  #step = 1;
  #frame = 0;
  #last = 0;
  #moved = -Infinity;
  #isStale = true;
  #reload = () => {};

  /**
   * @param {HTMLElement} box What has the two canvases.
   * @param {import("./map.js").SoundMap} map
   * @param {() => void} reload Is called when a graphics card has lost everything.
   */
  constructor(box, map, reload) {
    const [below, above] = box.querySelectorAll("canvas");
    [this.#box, this.#map, this.#reload] = [box, map, reload];
    this.#painter = painter(below);
    this.#painter.onrestore = () => this.#reload();
    this.marks = new Overlay(above, map, this);
  }

  /** Pixels of the screen for one of the page. */
  get ratio() { return Math.min(2, devicePixelRatio || 1); }

  /** Pixels of the screen that a point is wide: less the more there are, and more the closer one looks. */
  get pointSize() {
    const { points, view: { width, height, closeness } } = this.#map;
    const fair = Math.min(8, Math.max(1.5, 0.55 * Math.sqrt(width * height / Math.max(1, points.count))));
    return Math.min(12, fair * Math.sqrt(closeness)) * this.ratio;
  }

  /** Takes the points over; `dimmed` says which are not looked for. */
  load(points, dimmed) {
    if (!this.#painter.isLost) this.#painter.load(points, dimmed);
    this.draw();
  }

  colours(colours) {
    this.#painter.colours(colours);
    this.marks.takeColours();
    this.draw();
  }

  resize(width, height) {
    for (const canvas of this.#box.querySelectorAll("canvas")) {
      [canvas.width, canvas.height] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
    }
    this.draw();
  }

  /** Has a frame drawn, in which the points have another place. */
  draw() {
    this.#isStale = true;
    this.drawMarks();
  }

  /** Has a frame drawn, in which the marks alone are others. */
  drawMarks() { this.#frame ||= requestAnimationFrame((now) => this.#paint(now)); }

  /** Has the map drawn while it is moved: then what takes too long is left out. */
  move() {
    this.#moved = performance.now();
    this.draw();
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
    const { x, y, scale } = this.#map.view;
    if (this.#isStale && !this.#painter.isLost && scale) {
      // What was left out is drawn when nothing moves any more.
      this.#isStale = !this.#painter.draw(
        { x, y, scale: scale * this.ratio, size: this.pointSize }, isMoving ? this.#step : 1, isMoving);
    }
    this.marks.draw(now);
    if (isMoving || (this.#isStale && scale)) this.draw();
    else if (this.marks.isMoving) this.drawMarks();
  }
}
