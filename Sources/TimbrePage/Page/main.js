// The page: what is typed, pressed, clicked and dropped, and the search that comes of it.
import { answer, bare, nameOf } from "./answers.js";
import { Atlas } from "./atlas.js";
import { takeFiles } from "./drop.js";
import { Favourites } from "./favourites.js";
import { listenToKeys } from "./keys.js";
import { SoundList, identity } from "./list.js";
import { Live } from "./live.js";
import { Player } from "./player.js";
import { address, empty, read } from "./query.js";
import { enter, hear } from "./server.js";
import { SoundPane } from "./sound.js";
import { element, shown } from "./words.js";

const $ = (id) => document.getElementById(id);
const list = new SoundList($("list"));
const player = new Player();
const pane = new SoundPane(player);
const atlas = new Atlas(list);
const favourites = new Favourites();
let query = read(location.search);
let searching = null;
let failed = false;
/** The row that is chosen, in the list or on the map. */
let here = null;
/** Where a way is to begin, once that is said. */
let wayFrom = null;

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
  return search();
}

async function search() {
  searching?.abort();
  const mine = searching = new AbortController();
  showQuery();
  $("list").setAttribute("aria-busy", "true");
  try {
    const { rows, title, more, note, again } = await answer(query, favourites, mine.signal);
    if (mine !== searching) return;
    if (again) setTimeout(() => { if (mine === searching) search(); }, 500);
    failed = false;
    notice(note);
    list.show(rows);
    list.markPlaying(player.row);
    list.markFavourites(favourites.files);
    $("list-title").textContent = title;
    $("more").hidden = !more;
    document.title = `${title} – timbred`;
    say(title);
    const numbers = rows.map((row) => row.number);
    atlas.mark({ near: query.like.length ? numbers.slice(0, 10) : [], way: query.way.length ? numbers : [] });
    if (!list.current) choose(null);
  } catch (error) {
    if (mine !== searching || error.name === "AbortError") return;
    failed = ["NoServer", "NoDaemon"].includes(error.name);
    notice(error.message);
    if (!failed) { list.show([]); $("list-title").textContent = "Nothing found"; $("more").hidden = true; }
  } finally {
    if (mine === searching) $("list").setAttribute("aria-busy", "false");
  }
}

/** The search itself, as it can be changed: a chip for each sound, and the box. */
function showQuery() {
  if ($("words").value !== query.find) $("words").value = query.find;
  $("places").hidden = !query.like.length;
  $("places").setAttribute("aria-pressed", query.places);
  $("compare").hidden = query.like.length !== 1;
  pane.beside = query.like.length === 1 ? bare(query.like[0]) : null;
  $("favourites").setAttribute("aria-pressed", query.favourites);
  $("way").textContent = wayFrom ? "Way to here" : "Way from here";
  atlas.narrow(query.find);
  const chip = (sound, kind) => {
    const name = nameOf(sound);
    const button = element("button", { type: "button", title: shown(sound.path ?? name), "aria-label": `${kind} ${name}: remove` },
      `${kind} ${name} ✕`);
    button.addEventListener("click", () => {
      if (sound === wayFrom) { wayFrom = null; showQuery(); return; }
      const others = query.way.filter((end) => end !== sound);
      if (others.length === 1) { go({ ...empty, find: query.find, like: others }); return; }
      const rest = { ...query, like: query.like.filter((s) => s !== sound), not: query.not.filter((s) => s !== sound) };
      go(rest.like.length ? rest : { ...rest, not: [], places: false });
      $("list").focus();
    });
    return element("li", {}, button);
  };
  $("chips").replaceChildren(...query.like.map((s) => chip(s, "like")), ...query.not.map((s) => chip(s, "unlike")),
    ...query.way.map((s, index) => chip(s, index ? "to" : "from")), ...(wayFrom ? [chip(wayFrom, "way from")] : []));
}

// What can be done with the sound that is chosen

const asSound = ({ path, path_bytes }) => (path_bytes ? { path, path_bytes } : { path });

const acts = {
  play() {
    if (!here) list.move(1);
    else if (player.row) player.stop();
    else player.play(here);
  },
  again() { if (here) player.play(here); },
  stop() { player.stop(); },
  similar() { if (here) go({ ...empty, places: query.places, like: [asSound(here)] }); },
  unlike() {
    if (!here) return;
    if (query.like.length) go({ ...query, not: [...query.not, asSound(here)] });
    else notice("Search for what is similar first. Then this leads away from a sound.");
  },
  /** First where the way begins, then where it ends; then it is played. */
  async way() {
    if (!here) return;
    const from = wayFrom, to = asSound(here);
    wayFrom = from ? null : to;
    if (from) {
      await go({ ...empty, way: [from, to] });
      if (query.way.length) list.choose(0);
    } else {
      showQuery();
      say(`The way begins at ${shown(here.name)}. Choose another sound, and press w again.`);
    }
  },
  async favourite() {
    if (!here) return;
    try {
      const { name } = here, marked = await favourites.toggle(here);
      say(marked ? `${shown(name)} is a favourite.` : `${shown(name)} is no favourite any more.`);
    } catch (error) { notice(error.message); }
  },
  favourites() { go(query.favourites ? empty : { ...empty, favourites: true }); },
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
    if (!here) return;
    try {
      await navigator.clipboard.writeText(here.path);
      say("The path is copied."); flash("Copied");
    } catch { flash("The browser does not allow it"); }
  },
  open() { $("file").click(); },
  keys() { $("help").showModal(); },
  more() { go({ ...query, n: Math.min(2000, query.n * 5) }, { replace: true }); },
  words() { $("words").focus(); $("words").select(); },
  list() { showMap(false); $("list").focus(); if (!list.current) list.move(1); },
  sound() { $("sound-pane").focus(); },
  /** To the map; from there to a large one, and back. */
  map() {
    const isThere = document.activeElement === $("map");
    if (isThere || !$("map").checkVisibility()) showMap(!document.body.classList.contains("mapped"));
    if ($("map").checkVisibility()) $("map").focus(); else $("list").focus();
  },
  large() { showMap(!document.body.classList.contains("mapped")); },
  whole() { atlas.whole(); },
  hover() { toggle("hover", atlas.listens = !atlas.listens); },
};

/** Whether the map takes the place of the list. */
function showMap(isLarge) {
  document.body.classList.toggle("mapped", isLarge);
  toggle("large", isLarge);
  toggle("to-map", isLarge);
}

function toggle(id, on) { $(id).setAttribute("aria-pressed", on); }

function flash(text) {
  const button = $("copy");
  button.textContent = text;
  setTimeout(() => { button.textContent = "Copy path"; }, 1500);
}

const buttons = ["play", "similar", "unlike", "way", "favourite", "copy", "compare", "loop", "level", "favourites", "random", "open",
  "keys", "places", "more", "large", "whole", "hover"];
for (const id of buttons) $(id).addEventListener("click", acts[id]);
$("to-map").addEventListener("click", acts.large);

listenToKeys(list, acts);

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

/** Shows a row, and marks it on the map. */
function choose(row) {
  here = row;
  pane.show(row);
  showMark();
  atlas.select(row);
}

list.addEventListener("choose", () => {
  const { current } = list;
  history.replaceState({ chosen: list.chosen }, "");
  choose(current);
  player.play(current);
  for (const next of list.rows.slice(list.chosen + 1, list.chosen + 3)) player.load(next).catch(() => {});
});
list.addEventListener("enter", acts.similar);

atlas.addEventListener("choose", ({ detail: row }) => {
  const index = list.rows.indexOf(row);
  if (index >= 0) { list.choose(index); return; }
  list.leave();
  choose(row);
  player.play(row);
});
atlas.addEventListener("hear", ({ detail: row }) => { player.play(row); });
atlas.addEventListener("trouble", ({ detail: error }) => { notice(error.message); });

player.addEventListener("change", () => {
  list.markPlaying(player.row);
  atlas.mark({ playing: player.row?.number ?? null });
  $("play").textContent = player.row ? "Stop" : "Play";
  if (player.row) say("playing " + shown(player.row.name));
});
player.addEventListener("ended", ({ detail: row }) => {
  // A way is heard in order.
  if (query.way.length && list.current && identity(row) === identity(list.current) && list.chosen + 1 < list.rows.length) list.move(1);
});
player.addEventListener("trouble", ({ detail: { row, error } }) => {
  notice(`${shown(row.name)} cannot be played: ${error.message}`);
});

function showMark() {
  const marked = here !== null && favourites.has(here);
  toggle("favourite", marked);
  $("favourite").textContent = marked ? "★ Favourite" : "☆ Favourite";
}
favourites.addEventListener("change", () => {
  list.markFavourites(favourites.files);
  showMark();
});

takeFiles(async (file) => {
  $("list-title").textContent = `Listening to ${shown(file.name)}…`;
  try {
    const { heard } = await hear(file);
    go({ ...empty, places: query.places, like: [{ heard, name: file.name }] });
    $("list").focus();
  } catch (error) {
    notice(`${shown(file.name)}: ${error.message}`);
    $("list-title").textContent = "Nothing found";
  }
});

const live = new Live(atlas, favourites);
live.addEventListener("trouble", ({ detail: error }) => { notice(error.message); });
// A search that failed, or found nothing when there was nothing, is made again.
live.addEventListener("status", ({ detail: indexed }) => {
  if (failed || (indexed && !list.rows.length && !query.like.length && !query.find)) search();
});
live.addEventListener("marked", () => { if (query.favourites) search(); });
live.addEventListener("wanted", () => { go({ ...empty, find: "since:1h" }); $("list").focus(); });

window.addEventListener("popstate", async (event) => {
  query = read(location.search);
  await search();
  const chosen = event.state?.chosen;
  if (Number.isInteger(chosen) && list.rows[chosen]) { list.chosen = -1; list.choose(chosen); }
});

try {
  await enter();
  live.begin();
  await search();
  await atlas.open();
} catch (error) {
  notice(error.message);
  $("list-title").textContent = "No way in";
}
