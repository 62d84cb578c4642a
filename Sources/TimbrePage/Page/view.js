// What part of the map is seen: where a point of it is on the page, and the other way round.

/** Pixels that are left free around the whole map. */
const RIM = 16;
/** Points lie within these limits, in both directions. */
const LOW = -32768, HIGH = 32767;

export class View {
  /** What is in the middle. */
  x = 0;
  y = 0;
  /** Pixels of the page for a unit of the map; 0 until there is something to see. */
  scale = 0;
  /** The box, in pixels of the page. */
  width = 0;
  height = 0;
  /** Whether all is seen, and is to be seen whatever comes. */
  isWhole = true;
  #fitting = 0;

  /** Shows all of some points. */
  fit(points) {
    if (!points.count || !this.width) return;
    let [left, right, low, high] = [HIGH, LOW, HIGH, LOW];
    for (let i = 0; i < points.count; i++) {
      const x = points.x[i], y = points.y[i];
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < low) low = y;
      if (y > high) high = y;
    }
    this.scale = Math.min((this.width - 2 * RIM) / Math.max(1, right - left), (this.height - 2 * RIM) / Math.max(1, high - low));
    [this.x, this.y, this.#fitting, this.isWhole] = [(left + right) / 2, (low + high) / 2, this.scale, true];
  }

  /** How much larger all is than when the whole map is seen; 1 at the least. */
  get closeness() { return Math.max(1, this.scale / (this.#fitting || 1)); }

  /** Where a place of the map is, in pixels from the upper left corner. */
  spot(x, y) { return [(x - this.x) * this.scale + this.width / 2, (this.y - y) * this.scale + this.height / 2]; }

  /** What place of the map is at so many pixels from the upper left corner. */
  place(left, top) { return [this.x + (left - this.width / 2) / this.scale, this.y - (top - this.height / 2) / this.scale]; }

  pan(dx, dy) { this.#move(this.x - dx / this.scale, this.y + dy / this.scale); }

  /** Zooms; what is at a spot stays there. */
  zoom(factor, left = this.width / 2, top = this.height / 2) {
    const [x, y] = this.place(left, top);
    this.scale = Math.min(Math.max(this.scale * factor, this.#fitting * 0.5), Math.max(this.#fitting, 1) * 20);
    this.#move(x - (left - this.width / 2) / this.scale, y + (top - this.height / 2) / this.scale);
  }

  #move(x, y) {
    const limit = (value) => Math.min(Math.max(value, LOW), HIGH);
    [this.x, this.y, this.isWhole] = [limit(x), limit(y), false];
  }
}
