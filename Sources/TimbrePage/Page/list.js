// The list of sounds: one of them is chosen, by key or by click.
import { duration, element, position, shown } from "./words.js";

/** A sound as the list has it, from whatever the server says of it. */
export function row(item, places) {
  const slash = item.path.lastIndexOf("/");
  const isPlace = Boolean(places || item.inside) && item.end > item.start;
  return {
    path: item.path, path_bytes: item.path_bytes, name: item.path.slice(slash + 1), folder: item.path.slice(0, slash),
    duration: item.duration, score: item.score, number: item.number ?? item.id, place: isPlace ? { start: item.start, end: item.end } : null,
  };
}

/** What tells a file from others: its name, whatever its bytes are. */
export const file = (row) => row.path_bytes ?? row.path;

/** What tells a row from others. */
export const identity = (row) => `${row.path_bytes ?? row.path}\n${row.place?.start ?? ""}`;

export class SoundList extends EventTarget {
  rows = [];
  chosen = -1;
  #box;

  /** @param {HTMLElement} box A listbox. */
  constructor(box) {
    super();
    this.#box = box;
    box.addEventListener("click", (event) => {
      const hit = event.target.closest(".row");
      if (hit) this.choose(Number(hit.dataset.index));
    });
    box.addEventListener("dblclick", () => this.dispatchEvent(new Event("enter")));
  }

  get current() { return this.rows[this.chosen] ?? null; }

  /** Shows rows; the one that was chosen stays so, if it is among them. */
  show(rows) {
    const before = this.current && identity(this.current);
    this.rows = rows;
    this.#box.classList.toggle("bare", rows.every((row) => row.score === undefined));
    this.#box.replaceChildren(...rows.map((row, index) => this.#element(row, index)));
    this.chosen = before === null ? -1 : rows.findIndex((row) => identity(row) === before);
    this.#mark();
    if (this.chosen < 0) this.#box.scrollTop = 0;
  }

  /** Chooses a row, and says so even if it is chosen already. */
  choose(index) {
    if (!this.rows.length) return;
    this.chosen = Math.min(Math.max(index, 0), this.rows.length - 1);
    this.#mark();
    this.dispatchEvent(new Event("choose"));
  }

  move(by) { this.choose(this.chosen < 0 ? (by > 0 ? 0 : this.rows.length - 1) : this.chosen + by); }

  /** Rows that fit into the box. */
  get page() {
    const height = this.#box.querySelector(".row")?.offsetHeight || 50;
    return Math.max(1, Math.floor(this.#box.clientHeight / height) - 1);
  }

  /** Chooses no row. */
  leave() {
    this.chosen = -1;
    this.#mark();
  }

  /** Marks the rows of favourites, by what tells files. */
  markFavourites(files) {
    for (const [index, element] of [...this.#box.children].entries()) {
      element.classList.toggle("favourite", files.has(file(this.rows[index])));
    }
  }

  /** Marks the row that is heard; none if null. */
  markPlaying(row) {
    const wanted = row && identity(row);
    for (const [index, element] of [...this.#box.children].entries()) {
      element.classList.toggle("playing", wanted !== null && identity(this.rows[index]) === wanted);
    }
  }

  #mark() {
    for (const element of this.#box.querySelectorAll("[aria-selected=true]")) element.setAttribute("aria-selected", "false");
    const element = this.#box.children[this.chosen];
    if (!element) {
      this.#box.removeAttribute("aria-activedescendant");
      return;
    }
    element.setAttribute("aria-selected", "true");
    this.#box.setAttribute("aria-activedescendant", element.id);
    element.scrollIntoView({ block: "nearest" });
  }

  #element(row, index) {
    const score = element("span", { class: "score" });
    if (row.score !== undefined) {
      const bar = element("i", { "aria-hidden": "true" });
      bar.style.width = Math.round(100 * row.score) + "%";
      score.append(Math.round(100 * row.score) + " %", bar);
    }
    const length = element("span", { class: "length" });
    const isPart = row.place && (row.place.start > 0.05 || row.duration - row.place.end > 0.5);
    if (isPart) length.append(element("span", { class: "place" }, "at " + position(row.place.start)));
    length.append(duration(row.place ? row.place.end - row.place.start : row.duration));
    return element("div", { class: "row", role: "option", id: "row-" + index, "data-index": index, "aria-selected": "false" },
      score, element("span", { class: "name" }, shown(row.name)), length,
      element("span", { class: "folder" }, element("bdi", { dir: "ltr" }, shown(row.folder))));
  }
}
