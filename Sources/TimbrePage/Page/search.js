// What is searched for, and the search for it: one at a time, and each an entry in the browser's history.
import { answer } from "./answers.js";
import { address, read } from "./query.js";

/** Milliseconds until what has not come whole is asked for again. */
const AGAIN = 500;

/**
 * Tells by events: `asked`, when a search begins; `answered`, with what `answer` says; `failed`, with an error; and `over`.
 */
export class Search extends EventTarget {
  query = read(location.search);
  /** Whether nobody was there to answer the last one. */
  hasFailed = false;
  #favourites;
  #running = null;

  /** @param {import("./favourites.js").Favourites} favourites */
  constructor(favourites) {
    super();
    this.#favourites = favourites;
  }

  /** Searches for something else: an entry of its own in the browser's history, unless it is more of the same. */
  go(query, { replace = false } = {}) {
    this.query = query;
    history[replace ? "replaceState" : "pushState"]({ chosen: null }, "", address(query));
    return this.run();
  }

  /** Searches for what the address says by now. */
  return() {
    this.query = read(location.search);
    return this.run();
  }

  async run() {
    this.#running?.abort();
    const mine = this.#running = new AbortController();
    this.#tell("asked");
    try {
      const found = await answer(this.query, this.#favourites, mine.signal);
      if (mine !== this.#running) return;
      if (found.again) setTimeout(() => { if (mine === this.#running) this.run(); }, AGAIN);
      this.hasFailed = false;
      this.#tell("answered", found);
    } catch (error) {
      if (mine !== this.#running || error.name === "AbortError") return;
      this.hasFailed = ["NoServer", "NoDaemon"].includes(error.name);
      this.#tell("failed", error);
    } finally {
      if (mine === this.#running) this.#tell("over");
    }
  }

  #tell(what, detail) { this.dispatchEvent(new CustomEvent(what, { detail })); }
}
