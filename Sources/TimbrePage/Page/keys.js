// The keys. Those of the map are its own, and the browser's stay the browser's.

const KEYS = {
  " ": "play", ArrowLeft: "again", Escape: "stop", Enter: "similar", s: "similar", x: "unlike", w: "way", r: "random", b: "back",
  p: "places", v: "compare", l: "loop", g: "level", c: "copy", f: "favourite", F: "favourites", o: "open", "/": "words", "?": "keys",
  1: "list", 2: "map", 3: "sound", m: "map", h: "hover", t: "shade",
  a: "through", A: "markAll",
};

/** Has what is pressed done: a move in the list, or one of the acts. */
export function listenToKeys(list, acts) {
  const moves = {
    ArrowDown: () => 1, ArrowUp: () => -1, j: () => 1, k: () => -1, PageDown: () => list.page, PageUp: () => -list.page,
    Home: () => -list.rows.length, End: () => list.rows.length,
  };
  const box = document.getElementById("list"), words = document.getElementById("words"), help = document.getElementById("help");
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || help.open) return;
    if (event.target === words) {
      if (event.key === "Enter") acts.list();
      else if (event.key === "Escape") { if (!words.value) acts.list(); return; }
      else if (event.key === "ArrowDown" || event.key === "ArrowUp") list.move(moves[event.key]());
      else return;
    } else if (event.target.closest("select")) return;
    else {
      const isControl = event.target.closest("button, a, input, summary");
      if (isControl && [" ", "Enter"].includes(event.key)) return;
      if (moves[event.key]) {
        box.focus({ preventScroll: true });
        list.move(moves[event.key]());
      } else if (KEYS[event.key]) acts[KEYS[event.key]]();
      else return;
    }
    event.preventDefault();
  });
}
