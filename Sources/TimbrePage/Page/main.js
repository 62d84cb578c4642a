// The page: what is typed, pressed, clicked and dropped, and the search that comes of it.
import { SoundList, row } from "./list.js";
import { Player } from "./player.js";
import { address, empty, filter, parse, read } from "./query.js";
import { ask, enter, hear } from "./server.js";
import { SoundPane } from "./sound.js";
import { count, element, shown } from "./words.js";

const $ = (id) => document.getElementById(id);
const list = new SoundList($("list"));
const player = new Player();
const pane = new SoundPane(player);
let query = read(location.search);
let searching = null;
let failed = false;

/** Tells what only a screen reader would not see. */
function say(text) { $("said").textContent = text; }

function notice(text) {
  $("notice").hidden = !text;
  $("notice").textContent = text ?? "";
}

// Searching

/** Searches for something else: an entry of its own in the browser's history, unless it is more of the same. */
function go(next, { replace = false } = {}) {
  query = next;
  const state = { chosen: null };
  if (replace) history.replaceState(state, "", address(query)); else history.pushState(state, "", address(query));
  search();
}

async function search() {
  searching?.abort();
  const mine = searching = new AbortController();
  showQuery();
  $("list").setAttribute("aria-busy", "true");
  try {
    const { rows, title, more, note } = await answer(mine.signal);
    if (mine !== searching) return;
    failed = false;
    notice(note);
    list.show(rows);
    list.markPlaying(player.row);
    $("list-title").textContent = title;
    $("more").hidden = !more;
    document.title = `${title} – timbred`;
    say(title);
    if (!list.current) pane.show(null);
  } catch (error) {
    if (mine !== searching || error.name === "AbortError") return;
    failed = ["NoServer", "NoDaemon"].includes(error.name);
    notice(error.message);
    if (!failed) { list.show([]); $("list-title").textContent = "Nothing found"; $("more").hidden = true; }
  } finally {
    if (mine === searching) $("list").setAttribute("aria-busy", "false");
  }
}

/** A sound as the server is told of it. */
function bare({ name, ...rest }) { return rest; }

async function answer(signal) {
  const { find, like, not, seed, places, n } = query;
  const name = (sound) => shown(sound.name ?? sound.path?.slice(sound.path.lastIndexOf("/") + 1) ?? "a code");
  if (like.length) {
    const reply = await ask("similar", { like: like.map(bare), not: not.map(bare), places, count: n, filter: filter(find) }, signal);
    const rows = reply.results.map((item) => row(item, places));
    const likely = places && reply.likely_places !== undefined ? `, ${reply.likely_places.toLocaleString("en")} of them likely` : "";
    const what = count(rows.length, places ? "place" : "sound");
    const note = !rows.length ? "Nothing is found. The words in the box may leave out too much."
      : !reply.near ? "Nothing in the library is near. These are the nearest all the same." : !reply.complete ? "Some files have not been read yet." : null;
    return { rows, title: `${what} like ${like.map(name).join(" and ")}${likely}`, more: rows.length === n && n < 2000, note };
  }
  if (seed !== undefined) {
    const reply = await ask("random", { count: n, seed, filter: filter(find) }, signal);
    const rows = reply.files.map((item) => row(item));
    return { rows, title: count(rows.length, "sound") + " at random", more: false };
  }
  const { words, not: unwanted, folders, filter: limits } = parse(find);
  const reply = await ask("find", { words, not: unwanted, folders, filter: limits, count: n }, signal);
  const rows = reply.files.map((item) => row(item));
  if (!reply.ready) {
    setTimeout(() => { if (!signal.aborted) search(); }, 500);
    return { rows, title: "The names are being read…" };
  }
  const note = reply.total ? null : find ? "No name has all of these words." : "No sounds are known yet.";
  return { rows, title: count(reply.total, "sound") + (find ? ` for “${shown(find)}”` : ""), more: reply.total > rows.length && n < 2000, note };
}

/** The search itself, as it can be changed: a chip for each sound, and the box. */
function showQuery() {
  if ($("words").value !== query.find) $("words").value = query.find;
  $("places").hidden = !query.like.length;
  $("places").setAttribute("aria-pressed", query.places);
  $("compare").hidden = query.like.length !== 1;
  pane.beside = query.like.length === 1 ? bare(query.like[0]) : null;
  const chip = (sound, kind) => {
    const name = shown(sound.name ?? sound.path?.slice(sound.path.lastIndexOf("/") + 1) ?? "a code");
    const button = element("button", { type: "button", title: shown(sound.path ?? name), "aria-label": `${kind} ${name}: remove` },
      `${kind} ${name} ✕`);
    button.addEventListener("click", () => {
      const rest = { ...query, like: query.like.filter((s) => s !== sound), not: query.not.filter((s) => s !== sound) };
      go(rest.like.length ? rest : { ...rest, not: [], places: false });
      $("list").focus();
    });
    return element("li", {}, button);
  };
  $("chips").replaceChildren(...query.like.map((s) => chip(s, "like")), ...query.not.map((s) => chip(s, "unlike")));
}

// What can be done with the sound that is chosen

const asSound = ({ path, path_bytes }) => (path_bytes ? { path, path_bytes } : { path });

const acts = {
  play() {
    if (!list.current) list.move(1);
    else if (player.row) player.stop();
    else player.play(list.current);
  },
  again() { if (list.current) player.play(list.current); },
  stop() { player.stop(); },
  similar() {
    if (list.current) go({ ...empty, places: query.places, like: [asSound(list.current)] });
  },
  unlike() {
    if (!list.current) return;
    if (query.like.length) go({ ...query, not: [...query.not, asSound(list.current)] });
    else notice("Search for what is similar first. Then this leads away from a sound.");
  },
  random() { go({ ...empty, find: query.like.length ? "" : query.find, seed: Math.floor(Math.random() * 2 ** 31) }); },
  back() { history.back(); },
  places() { if (query.like.length) go({ ...query, places: !query.places }); },
  compare() {
    if ($("compare").hidden) return;
    toggle("compare", !pane.compares);
    pane.compare(!pane.compares);
  },
  loop() { toggle("loop", player.loops = !player.loops); player.setLoop(player.loops); },
  level() { toggle("level", !player.levels); player.setLevels(!player.levels); },
  async copy() {
    if (!list.current) return;
    try {
      await navigator.clipboard.writeText(list.current.path);
      say("The path is copied."); flash("Copied");
    } catch { flash("The browser does not allow it"); }
  },
  open() { $("file").click(); },
  keys() { $("help").showModal(); },
  more() { go({ ...query, n: Math.min(2000, query.n * 5) }, { replace: true }); },
  words() { $("words").focus(); $("words").select(); },
  list() { $("list").focus(); if (!list.current) list.move(1); },
  sound() { $("sound-pane").focus(); },
};

function toggle(id, on) { $(id).setAttribute("aria-pressed", on); }

function flash(text) {
  const button = $("copy");
  button.textContent = text;
  setTimeout(() => { button.textContent = "Copy path"; }, 1500);
}

for (const id of ["play", "similar", "unlike", "copy", "compare", "loop", "level", "random", "open", "keys", "places", "more"]) {
  $(id).addEventListener("click", acts[id]);
}

// Keys

const keys = {
  " ": "play", ArrowLeft: "again", Escape: "stop", Enter: "similar", s: "similar", x: "unlike", r: "random", b: "back",
  p: "places", v: "compare", l: "loop", g: "level", c: "copy", o: "open", "/": "words", "?": "keys", 1: "list", 2: "sound",
};
const moves = {
  ArrowDown: () => 1, ArrowUp: () => -1, j: () => 1, k: () => -1, PageDown: () => list.page, PageUp: () => -list.page,
  Home: () => -list.rows.length, End: () => list.rows.length,
};

document.addEventListener("keydown", (event) => {
  // The browser's own keys stay the browser's.
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || $("help").open) return;
  const isTyping = event.target === $("words");
  if (isTyping) {
    if (event.key === "Enter") acts.list();
    else if (event.key === "Escape") { if (!$("words").value) acts.list(); return; }
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") list.move(moves[event.key]());
    else return;
    event.preventDefault();
    return;
  }
  const isControl = event.target.closest("button, a, input, summary");
  if (isControl && [" ", "Enter"].includes(event.key)) return;
  if (moves[event.key]) {
    $("list").focus({ preventScroll: true });
    list.move(moves[event.key]());
  } else if (keys[event.key]) acts[keys[event.key]]();
  else return;
  event.preventDefault();
});

let typing = 0;
$("words").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    const find = $("words").value;
    if (find === query.find) return;
    // Letters of one word are one search; what is drawn at random is drawn anew from what the box allows.
    const next = { ...query, find, n: empty.n };
    go(next, { replace: Boolean(query.find) });
  }, 80);
});

// Choosing and hearing

list.addEventListener("choose", () => {
  const { current } = list;
  history.replaceState({ chosen: list.chosen }, "");
  pane.show(current);
  player.play(current);
  for (const next of list.rows.slice(list.chosen + 1, list.chosen + 3)) player.load(next).catch(() => {});
});
list.addEventListener("enter", acts.similar);

player.addEventListener("change", () => {
  list.markPlaying(player.row);
  $("play").textContent = player.row ? "Stop" : "Play";
  if (player.row) say("playing " + shown(player.row.name));
});
player.addEventListener("trouble", ({ detail: { row, error } }) => {
  notice(`${shown(row.name)} cannot be played: ${error.message}`);
});

// Sounds from elsewhere

async function listen(file) {
  $("list-title").textContent = `Listening to ${shown(file.name)}…`;
  try {
    const { heard } = await hear(file);
    go({ ...empty, places: query.places, like: [{ heard, name: file.name }] });
    $("list").focus();
  } catch (error) {
    notice(`${shown(file.name)}: ${error.message}`);
    $("list-title").textContent = "Nothing found";
  }
}

$("file").addEventListener("change", () => { if ($("file").files[0]) listen($("file").files[0]); $("file").value = ""; });
const isFile = (event) => event.dataTransfer?.types.includes("Files");
document.addEventListener("dragover", (event) => { if (isFile(event)) { event.preventDefault(); $("drop").hidden = false; } });
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) $("drop").hidden = true; });
document.addEventListener("drop", (event) => {
  if (!isFile(event)) return;
  event.preventDefault();
  $("drop").hidden = true;
  if (event.dataTransfer.files[0]) listen(event.dataTransfer.files[0]);
});

// The daemon's state

let known = null;

/** Looks for names again when there are others: now, and when the server of a large library has asked for them. */
function lookAgain(indexed) {
  const isFirst = known === null;
  if (indexed === known) return;
  known = indexed;
  if (isFirst) return;
  for (const wait of [0, 1000, 7000]) {
    setTimeout(() => { if (!query.like.length && query.seed === undefined && known === indexed) search(); }, wait);
  }
}

async function watch() {
  let pause = 2500;
  try {
    const status = await ask("status");
    const { indexed, pending } = status.files;
    const left = status.progress?.seconds_left;
    $("status").textContent = count(indexed, "sound")
      + (pending ? `, ${pending.toLocaleString("en")} to be read${left ? `, some ${Math.ceil(left / 60)} min left` : ""}` : "")
      + (status.state === "paused" ? ", reading is paused" : "");
    if (failed) search();
    lookAgain(indexed);
  } catch (error) {
    pause = 1000;
    $("status").textContent = error.message;
    if (error.name === "NoKey") { notice(error.message); return; }
  }
  setTimeout(watch, document.hidden ? 30_000 : pause);
}

window.addEventListener("popstate", async (event) => {
  query = read(location.search);
  await search();
  const chosen = event.state?.chosen;
  if (Number.isInteger(chosen) && list.rows[chosen]) { list.chosen = -1; list.choose(chosen); }
});

try {
  await enter();
  await search();
  watch();
} catch (error) {
  notice(error.message);
  $("list-title").textContent = "No way in";
}
