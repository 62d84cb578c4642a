// Which point of the map is where: a grid, by which one is found without a look at all.

/** Points lie within this distance of the middle, in both directions. */
const EDGE = 32768;
/** Cells in each direction. */
const CELLS = 256;

const cell = (value) => Math.min(CELLS - 1, Math.max(0, Math.floor((value + EDGE) * CELLS / (2 * EDGE))));

export class Grid {
  #points;
  /** The points in the order of the cells, and where each cell begins. */
  #order;
  #starts = new Uint32Array(CELLS * CELLS + 1);

  /** @param {import("./points.js").Points} points When they change, another grid is needed. */
  constructor(points) {
    const { count, x, y } = this.#points = points;
    const cells = new Uint16Array(count), starts = this.#starts;
    for (let i = 0; i < count; i++) {
      cells[i] = cell(y[i]) * CELLS + cell(x[i]);
      starts[cells[i] + 1]++;
    }
    for (let at = 0; at < CELLS * CELLS; at++) starts[at + 1] += starts[at];
    const next = starts.slice(0, -1);
    this.#order = new Uint32Array(count);
    for (let i = 0; i < count; i++) this.#order[next[cells[i]]++] = i;
  }

  /** The point nearest to a place, no farther away than `reach`, of those that are `wanted`; -1 if there is none. */
  nearest(x, y, reach, wanted) {
    const { x: xs, y: ys } = this.#points, order = this.#order, starts = this.#starts;
    let best = -1, least = reach * reach;
    for (let row = cell(y - reach); row <= cell(y + reach); row++) {
      const end = starts[row * CELLS + cell(x + reach) + 1];
      for (let at = starts[row * CELLS + cell(x - reach)]; at < end; at++) {
        const i = order[at], dx = xs[i] - x, dy = ys[i] - y, distance = dx * dx + dy * dy;
        if (distance <= least && wanted(i)) [best, least] = [i, distance];
      }
    }
    return best;
  }

  /** The next point in a direction, within 45 degrees of it; -1 if there is none. */
  next(from, dx, dy, wanted) {
    const { count, x: xs, y: ys } = this.#points;
    let best = -1, least = Infinity;
    for (let i = 0; i < count; i++) {
      const x = xs[i] - xs[from], y = ys[i] - ys[from];
      const along = x * dx + y * dy, across = Math.abs(x * dy - y * dx);
      if (along <= 0 || across > along) continue;
      // What lies straight ahead is nearer than what lies aside.
      const distance = along + 2 * across;
      if (distance < least && wanted(i)) [best, least] = [i, distance];
    }
    return best;
  }
}
