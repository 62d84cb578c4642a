// What happens in the library while the page is open: the line at the foot, the toast, and who else has to know.
import { follow } from "./news.js";
import { ask } from "./server.js";
import { count } from "./words.js";

/** Milliseconds between two looks at a library that is being read. */
const READING = 2500;
const TOAST = 8000;

/**
 * Tells by events: `status`, with how many sounds there are; `marked`, when there are other favourites; `wanted`, when the new
 * sounds are to be shown; and `trouble`.
 */
export class Live extends EventTarget {
  #atlas;
  #favourites;
  #looking = 0;
  #hiding = 0;
  #mapping = null;
  #new = 0;

  /**
   * @param {import("./atlas.js").Atlas} atlas
   * @param {import("./favourites.js").Favourites} favourites
   */
  constructor(atlas, favourites) {
    super();
    [this.#atlas, this.#favourites] = [atlas, favourites];
    document.getElementById("toast-show").addEventListener("click", () => {
      this.#hide();
      this.#tell("wanted");
    });
  }

  /** Begins, as soon as there is a key. */
  begin() {
    this.#status();
    this.#marked();
    follow((news) => this.#take(news), (error) => {
      document.getElementById("status").textContent = error.message;
      if (error.name === "NoKey") this.#tell("trouble", error);
    });
  }

  #tell(what, detail) { this.dispatchEvent(new CustomEvent(what, { detail })); }

  #take(news) {
    if (news.new) this.#toast(news.new);
    if (news.favourites || news.again) this.#marked();
    if (news.daemon || news.again) {
      this.#status();
      if (news.daemon !== "gone") this.#atlas.renew();
    }
    if (!news.changed) return;
    clearTimeout(this.#looking);
    this.#looking = setTimeout(() => this.#status(), 100);
    this.#map();
  }

  /** Has the map look for what has changed: a sound comes on it a moment after it can be searched. */
  #map() {
    if (this.#mapping) { this.#mapping = "again"; return; }
    this.#mapping = "once";
    for (const wait of [50, 300, 600]) setTimeout(() => this.#atlas.refresh(), wait);
    setTimeout(() => {
      const isOver = this.#mapping === "once";
      this.#mapping = null;
      if (isOver) this.#atlas.refresh(); else this.#map();
    }, 1000);
  }

  async #marked() {
    try {
      await this.#favourites.refresh();
      this.#tell("marked");
    } catch (error) { this.#tell("trouble", error); }
  }

  /** Says how the library stands; again soon if there is more to come. */
  async #status() {
    clearTimeout(this.#looking);
    const line = document.getElementById("status");
    try {
      const { files: { indexed, pending }, progress, state } = await ask("status");
      const left = progress?.seconds_left;
      line.textContent = count(indexed, "sound")
        + (pending ? `, ${pending.toLocaleString("en")} to be read${left ? `, some ${Math.ceil(left / 60)} min left` : ""}` : "")
        + (state === "paused" ? ", reading is paused" : "");
      if (pending) this.#looking = setTimeout(() => this.#status(), READING);
      this.#tell("status", indexed);
    } catch (error) {
      line.textContent = error.message;
      if (error.name === "NoKey") this.#tell("trouble", error);
    }
  }

  #toast(added) {
    clearTimeout(this.#hiding);
    this.#new += added;
    document.getElementById("toast-words").textContent = `${this.#new.toLocaleString("en")} new`;
    document.getElementById("toast").hidden = false;
    this.#hiding = setTimeout(() => this.#hide(), TOAST);
  }

  #hide() {
    clearTimeout(this.#hiding);
    document.getElementById("toast").hidden = true;
    this.#new = 0;
  }
}
