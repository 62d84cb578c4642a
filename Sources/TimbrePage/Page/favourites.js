// The sounds that the person has marked: a playlist on disk, which timbrectl and players have as well.
import { file } from "./list.js";
import { ask } from "./server.js";

export class Favourites extends EventTarget {
  /** As the server says them, in the order in which they were marked. */
  paths = [];
  /** What tells their files. */
  files = new Set();

  async refresh() { this.#take(await ask("favourites")); }

  has(row) { return this.files.has(file(row)); }

  /** Marks sounds, or takes their marks away if all have one; returns whether they are marked then. */
  async toggle(rows) {
    const marked = !rows.every((row) => this.has(row));
    this.#take(await ask("mark", { paths: rows.map(({ path, path_bytes }) => ({ path, path_bytes })), marked }));
    return marked;
  }

  #take({ paths }) {
    this.paths = paths;
    this.files = new Set(paths.map(file));
    this.dispatchEvent(new Event("change"));
  }
}
