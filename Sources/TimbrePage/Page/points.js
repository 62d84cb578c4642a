// The points of the map: where each file lies, and which of them is where.
import { stream } from "./server.js";

const STRIDE = 16;
/** Points lie within this distance of the middle, in both directions. */
const EDGE = 32768;
/** Cells of the grid in each direction. */
const CELLS = 256;

/** A folder's colour, by its number among all: 12 hues, far apart for those that come one after the other. */
export const HUES = 12;
const hue = (folder) => (folder * 7) % HUES;

export class Points {
  state = "none";
  /** What share of the next map is learnt; null if none is being learnt. */
  progress = null;
  count = 0;
  numbers = new Float64Array(0);
  x = new Int16Array(0);
  y = new Int16Array(0);
  hues = new Uint8Array(0);
  #folders = new Map();
  #places = new Map();
  #version = null;
  #grid = null;

  /** Asks what has changed, and whether something has. */
  async refresh(signal) {
    let isFirst = true, hasChanged = false;
    const known = new Map();
    for await (const { head, bytes } of parts(await stream("map", this.#version ? { since: this.#version } : {}, signal))) {
      if (isFirst && head.whole) hasChanged = this.#clear() || hasChanged;
      // The folders of an answer are numbered anew in each.
      for (const folder of head.folders) known.set(known.size, this.#folder(folder.path_bytes ?? folder.path));
      this.#remove(head.gone);
      this.#add(bytes, head.count, known);
      hasChanged ||= head.count > 0 || head.gone.length > 0;
      [this.state, this.progress, this.#version, isFirst] = [head.state, head.progress ?? null, head.version, false];
    }
    if (hasChanged) this.#grid = null;
    return hasChanged;
  }

  /** Where the point of a file is in the columns; -1 if it has none. */
  place(number) { return this.#places.get(number) ?? -1; }

  #folder(path) {
    if (!this.#folders.has(path)) this.#folders.set(path, hue(this.#folders.size));
    return this.#folders.get(path);
  }

  #clear() {
    const had = this.count > 0;
    this.count = 0;
    this.#places.clear();
    return had;
  }

  #remove(numbers) {
    for (const number of numbers) {
      const place = this.place(number);
      if (place < 0) continue;
      // The last point takes the place.
      const last = --this.count;
      [this.numbers, this.x, this.y, this.hues].forEach((column) => { column[place] = column[last]; });
      this.#places.set(this.numbers[place], place);
      this.#places.delete(number);
    }
  }

  #add(bytes, count, folders) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const room = this.count + count;
    if (room > this.numbers.length) {
      const size = Math.max(1024, Math.ceil(room * 1.25));
      for (const name of ["numbers", "x", "y", "hues"]) {
        const larger = new this[name].constructor(size);
        larger.set(this[name].subarray(0, this.count));
        this[name] = larger;
      }
    }
    for (let at = 0; at < count * STRIDE; at += STRIDE) {
      const number = view.getUint32(at, true) + 2 ** 32 * view.getUint32(at + 4, true);
      let place = this.place(number);
      if (place < 0) this.#places.set(number, place = this.count++);
      this.numbers[place] = number;
      this.x[place] = view.getInt16(at + 8, true);
      this.y[place] = view.getInt16(at + 10, true);
      this.hues[place] = folders.get(view.getUint32(at + 12, true)) ?? 0;
    }
  }

  // Looking for a point

  static cell(value) { return Math.min(CELLS - 1, Math.max(0, Math.floor((value + EDGE) * CELLS / (2 * EDGE)))); }

  /** The points in the order of the grid's cells, and where each cell begins. */
  get #index() {
    if (this.#grid) return this.#grid;
    const starts = new Uint32Array(CELLS * CELLS + 1), order = new Uint32Array(this.count);
    const cells = new Uint16Array(this.count);
    for (let i = 0; i < this.count; i++) {
      cells[i] = Points.cell(this.y[i]) * CELLS + Points.cell(this.x[i]);
      starts[cells[i] + 1]++;
    }
    for (let cell = 0; cell < CELLS * CELLS; cell++) starts[cell + 1] += starts[cell];
    const next = starts.slice(0, -1);
    for (let i = 0; i < this.count; i++) order[next[cells[i]]++] = i;
    return this.#grid = { starts, order };
  }

  /** The point nearest to a place, no farther away than `reach`, of those that are `wanted`; -1 if there is none. */
  nearest(x, y, reach, wanted) {
    const { starts, order } = this.#index;
    let best = -1, least = reach * reach;
    for (let row = Points.cell(y - reach); row <= Points.cell(y + reach); row++) {
      for (let at = starts[row * CELLS + Points.cell(x - reach)]; at < starts[row * CELLS + Points.cell(x + reach) + 1]; at++) {
        const i = order[at];
        const distance = (this.x[i] - x) ** 2 + (this.y[i] - y) ** 2;
        if (distance <= least && wanted(i)) [best, least] = [i, distance];
      }
    }
    return best;
  }

  /** The next point in a direction, within 45 degrees of it; -1 if there is none. */
  next(from, dx, dy, wanted) {
    let best = -1, least = Infinity;
    for (let i = 0; i < this.count; i++) {
      const x = this.x[i] - this.x[from], y = this.y[i] - this.y[from];
      const along = x * dx + y * dy, across = Math.abs(x * dy - y * dx);
      if (along <= 0 || across > along) continue;
      // What lies straight ahead is nearer than what lies aside.
      const distance = along + 2 * across;
      if (distance < least && wanted(i)) [best, least] = [i, distance];
    }
    return best;
  }
}

/** The parts of an answer, as they come: see MapRoute.swift. */
async function* parts(response) {
  const reader = response.body.getReader();
  let rest = new Uint8Array(0);
  const need = async (count) => {
    const pieces = [rest];
    let have = rest.length;
    while (have < count) {
      const { value, done } = await reader.read();
      if (done) return null;
      pieces.push(value);
      have += value.length;
    }
    const all = pieces.length > 1 ? new Uint8Array(have) : rest;
    if (pieces.length > 1) pieces.reduce((at, piece) => { all.set(piece, at); return at + piece.length; }, 0);
    rest = all.subarray(count);
    return all.subarray(0, count);
  };
  while (true) {
    const length = await need(4);
    if (!length) return;
    const text = await need(new DataView(length.buffer, length.byteOffset, 4).getUint32(0, true));
    const head = text && JSON.parse(new TextDecoder().decode(text));
    const bytes = head && await need(head.count * STRIDE);
    if (!bytes) throw new Error("the map breaks off");
    yield { head, bytes };
  }
}
