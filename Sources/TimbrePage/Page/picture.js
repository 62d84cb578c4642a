// Draws the points of the map without a graphics card, into a picture.
import { shuffled } from "./points.js";
import { SHADES } from "./shades.js";

/** Points that are drawn without a graphics card in a frame, while the map moves and just after. */
const MOST_AT_ONCE = 12_500;

export class Picture {
  #context;
  #canvas;
  #image = null;
  #pixels = null;
  #order = new Uint32Array(0);
  #x = new Int16Array(0);
  #y = new Int16Array(0);
  #look = new Uint8Array(0);
  #words = new Uint32Array(SHADES + 2);
  /** What the picture shows, if not all points are drawn: from which on they are missing. */
  #unfinished = null;
  isLost = false;

  constructor(canvas) { [this.#context, this.#canvas] = [canvas.getContext("2d"), canvas]; }

  load(points, dimmed) {
    const { count } = points;
    if (this.#order.length !== count) this.#order = shuffled(count);
    [this.#x, this.#y, this.#look] = [new Int16Array(count), new Int16Array(count), new Uint8Array(count)];
    // Those that are not looked for come first, and so lie below the others.
    let at = 0;
    for (const wanted of dimmed ? [1, 0] : [0]) {
      for (const i of this.#order) {
        if (dimmed && dimmed[i] !== wanted) continue;
        [this.#x[at], this.#y[at], this.#look[at]] = [points.x[i], points.y[i], wanted ? SHADES + 1 : points.shades[i]];
        at++;
      }
    }
    this.#unfinished = null;
  }

  colours(colours) {
    const word = ([red, green, blue], alpha) => (alpha << 24 | blue << 16 | green << 8 | red) >>> 0;
    [...colours.map((colour) => word(colour, 230)), word(colours[SHADES], 110)].forEach((word, index) => { this.#words[index] = word; });
    this.#unfinished = null;
  }

  /**
   * While the map moves, of many points only some are drawn: here it is this program that has to draw each. The others
   * follow when it rests, some in each frame.
   */
  draw(view, step, isMoving) {
    const { width, height } = this.#canvas, count = this.#x.length;
    if (!width || !height) return true;
    if (this.#image?.width !== width || this.#image.height !== height) {
      this.#image = this.#context.createImageData(width, height);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
      this.#unfinished = null;
    }
    const before = this.#unfinished;
    const goesOn = before && ["x", "y", "scale", "size"].every((name) => view[name] === before.view[name]);
    // It is drawn already, as far as it is to be until the map rests.
    if (goesOn && isMoving) return false;
    if (!goesOn) this.#pixels.fill(0);
    if (isMoving) {
      this.#dots(view, 0, count, Math.max(step, Math.ceil(count / MOST_AT_ONCE)));
      this.#unfinished = { view, from: 0 };
    } else if (goesOn) {
      this.#dots(view, before.from, before.from + MOST_AT_ONCE, 1);
      before.from += MOST_AT_ONCE;
      if (before.from >= count) this.#unfinished = null;
    } else {
      this.#dots(view, 0, count, 1);
      this.#unfinished = null;
    }
    this.#context.putImageData(this.#image, 0, 0);
    return this.#unfinished === null;
  }

  /** Draws every `step`-th of the points from one to another, over what is there. */
  #dots({ scale, x, y, size }, from, to, step) {
    const { width, height } = this.#canvas, end = Math.min(to, this.#x.length);
    const pixels = this.#pixels, xs = this.#x, ys = this.#y, look = this.#look, words = this.#words;
    const side = Math.max(1, Math.round(size * 0.9)), right = width - side, low = height - side;
    const dx = width / 2 - side / 2 - x * scale, dy = height / 2 - side / 2 + y * scale;
    for (let i = from; i < end; i += step) {
      const left = Math.round(xs[i] * scale + dx), top = Math.round(dy - ys[i] * scale);
      if (left < 0 || top < 0 || left > right || top > low) continue;
      const word = words[look[i]];
      for (let row = top * width + left, end = row + side * width; row < end; row += width) {
        for (let at = row; at < row + side; at++) pixels[at] = word;
      }
    }
  }
}
