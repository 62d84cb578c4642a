// The points of the map: where each file lies, and what is said of it by a colour.
import { stream } from "./server.js";
import { SHADES, UNKNOWN } from "./shades.js";

const STRIDE = 16;
export class Points {
  state = "none";
  /** What share of the next map is learnt; null if none is being learnt. */
  progress = null;
  count = 0;
  numbers = new Float64Array(0);
  x = new Int16Array(0);
  y = new Int16Array(0);
  /** What each shows by its colour; see shades.js. */
  shades = new Uint8Array(0);
  /** The folder of each, by its number among all. */
  folders = new Uint32Array(0);
  #figures = null;
  #numbers = new Map();
  #places = new Map();
  #version = null;

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
    return hasChanged;
  }

  /** Where the point of a file is in the columns; -1 if it has none. */
  place(number) { return this.#places.get(number) ?? -1; }

  #folder(path) {
    if (!this.#numbers.has(path)) this.#numbers.set(path, this.#numbers.size);
    return this.#numbers.get(path);
  }

  /** Shades points by what is known of files, by their numbers; by their folders if null. */
  shadeBy(figures) {
    this.#figures = figures;
    for (let i = 0; i < this.count; i++) this.#shade(i);
  }

  /** Whether a file has come of which it is not known whether it has a figure. */
  get lacksFigures() {
    const figures = this.#figures;
    return figures !== null && this.numbers.subarray(0, this.count).some((number) => !figures.has(number));
  }

  /** Folders that come one after the other have colours that are far apart. */
  #shade(place) {
    this.shades[place] = this.#figures ? this.#figures.get(this.numbers[place]) ?? UNKNOWN : (this.folders[place] * 7) % SHADES;
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
      [this.numbers, this.x, this.y, this.shades, this.folders].forEach((column) => { column[place] = column[last]; });
      this.#places.set(this.numbers[place], place);
      this.#places.delete(number);
    }
  }

  #add(bytes, count, folders) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const room = this.count + count;
    if (room > this.numbers.length) {
      const size = Math.max(1024, Math.ceil(room * 1.25));
      for (const name of ["numbers", "x", "y", "shades", "folders"]) {
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
      this.folders[place] = folders.get(view.getUint32(at + 12, true)) ?? 0;
      this.#shade(place);
    }
  }
}

/** The numbers up to `count` in an order without order, so that the first of them are a fair sample. */
export function shuffled(count) {
  const order = new Uint32Array(count);
  let seed = 1;
  for (let i = 0; i < count; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const other = seed % (i + 1);
    order[i] = order[other];
    order[other] = i;
  }
  return order;
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
