// The page: what is typed, pressed, clicked and dropped, and what comes of it.
import { makeActs, notice, say, showMap, toggle } from "./acts.js";
import { bare } from "./answers.js";
import { Atlas } from "./atlas.js";
import { showChips } from "./chips.js";
import { takeFiles } from "./drop.js";
import { Favourites } from "./favourites.js";
import { listenToKeys } from "./keys.js";
import { SoundList, identity } from "./list.js";
import { Live } from "./live.js";
import { Player } from "./player.js";
import { empty } from "./query.js";
import { Search } from "./search.js";
import { enter, hear } from "./server.js";
import { SoundPane } from "./sound.js";
import { $, shown } from "./words.js";

const list = new SoundList($("list"));
const player = new Player();
const pane = new SoundPane(player);
const atlas = new Atlas(list);
const favourites = new Favourites();
const search = new Search(favourites);
const now = { here: null, wayFrom: null, playsOn: false };
const acts = makeActs(now, { search, list, player, pane, atlas, favourites, showQuery });

// Searching

/** Shows the search itself, as it can be changed: a chip for each sound, and the box. */
function showQuery() {
  const { query } = search;
  if ($("words").value !== query.find) $("words").value = query.find;
  $("places").hidden = !query.like.length;
  toggle("places", query.places);
  $("compare").hidden = query.like.length !== 1;
  pane.beside = query.like.length === 1 ? bare(query.like[0]) : null;
  toggle("favourites", query.favourites);
  $("way").textContent = now.wayFrom ? "Way to here" : "Way from here";
  atlas.narrow(query.find);
  if (!query.picked.length) atlas.dropLasso();
  showChips(query, now.wayFrom, {
    go(next) { search.go(next); $("list").focus(); },
    forget() { now.wayFrom = null; showQuery(); },
  });
}

function showNothing(title) {
  list.show([]);
  $("list-title").textContent = title;
  for (const id of ["more", "mark-all", "through"]) $(id).hidden = true;
}

search.addEventListener("asked", () => {
  showQuery();
  $("list").setAttribute("aria-busy", "true");
});
search.addEventListener("answered", ({ detail: { rows, title, more, note } }) => {
  const { query } = search;
  notice(note);
  list.show(rows);
  list.markPlaying(player.row);
  list.markFavourites(favourites.files);
  $("list-title").textContent = title;
  $("more").hidden = !more;
  $("through").hidden = !rows.length;
  $("mark-all").hidden = !rows.length || !(query.picked.length || query.way.length || query.like.length);
  document.title = `${title} – timbred`;
  say(title);
  const numbers = rows.map((row) => row.number);
  atlas.mark({ near: query.like.length ? numbers.slice(0, 10) : [], way: query.way.length ? numbers : [] });
  if (!list.current) choose(null);
});
search.addEventListener("failed", ({ detail: error }) => {
  notice(error.message);
  if (!search.hasFailed) showNothing("Nothing found");
});
search.addEventListener("over", () => $("list").setAttribute("aria-busy", "false"));

let typing = 0;
$("words").addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    const { query } = search, find = $("words").value;
    if (find === query.find) return;
    // Letters of one word are one search; what is drawn at random is drawn anew from what the box allows.
    search.go({ ...query, find, n: empty.n }, { replace: Boolean(query.find) });
  }, 80);
});

window.addEventListener("popstate", async (event) => {
  await search.return();
  const chosen = event.state?.chosen;
  if (Number.isInteger(chosen) && list.rows[chosen]) { list.chosen = -1; list.choose(chosen); }
});

takeFiles(async (file) => {
  $("list-title").textContent = `Listening to ${shown(file.name)}…`;
  try {
    const { heard } = await hear(file);
    search.go({ ...empty, places: search.query.places, like: [{ heard, name: file.name }] });
    $("list").focus();
  } catch (error) {
    notice(`${shown(file.name)}: ${error.message}`);
    $("list-title").textContent = "Nothing found";
  }
});

// Choosing and hearing

/** Shows a row, and marks it on the map. */
function choose(row) {
  now.here = row;
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
list.addEventListener("enter", () => acts.similar());

atlas.addEventListener("choose", ({ detail: row }) => {
  const index = list.rows.indexOf(row);
  if (index >= 0) { list.choose(index); return; }
  list.leave();
  choose(row);
  player.play(row);
});
atlas.addEventListener("hear", ({ detail: row }) => { player.play(row); });
atlas.addEventListener("pick", async ({ detail: picked }) => {
  if (!picked.length) {
    atlas.dropLasso();
    notice("There is no sound inside the line.");
    return;
  }
  showMap(false);
  await search.go({ ...empty, picked });
  $("list").focus();
});
atlas.addEventListener("trouble", ({ detail: error }) => { notice(error.message); });

player.addEventListener("change", () => {
  list.markPlaying(player.row);
  atlas.mark({ playing: player.row?.number ?? null });
  $("play").textContent = player.row ? "Stop" : "Play";
  if (player.row) say("playing " + shown(player.row.name));
});
player.addEventListener("ended", ({ detail: row }) => {
  if (!search.query.way.length && !now.playsOn) return;
  const isHere = list.current && identity(row) === identity(list.current);
  if (isHere && list.chosen + 1 < list.rows.length) list.move(1); else acts.stop();
});
player.addEventListener("trouble", ({ detail: { row, error } }) => {
  if (now.playsOn) acts.stop();
  notice(`${shown(row.name)} cannot be played: ${error.message}`);
});

function showMark() {
  const marked = now.here !== null && favourites.has(now.here);
  toggle("favourite", marked);
  $("favourite").textContent = marked ? "★ Favourite" : "☆ Favourite";
  toggle("mark-all", list.rows.length > 0 && list.rows.every((row) => favourites.has(row)));
}
favourites.addEventListener("change", () => {
  list.markFavourites(favourites.files);
  showMark();
});

// What happens elsewhere

const live = new Live(atlas, favourites);
live.addEventListener("trouble", ({ detail: error }) => { notice(error.message); });
// A search that failed, or found nothing when there was nothing, is made again.
live.addEventListener("status", ({ detail: indexed }) => {
  const { query } = search;
  if (search.hasFailed || (indexed && !list.rows.length && !query.like.length && !query.find)) search.run();
});
live.addEventListener("marked", () => { if (search.query.favourites) search.run(); });
live.addEventListener("wanted", () => { search.go({ ...empty, find: "since:1h" }); $("list").focus(); });

const buttons = { "to-map": "large", "mark-all": "markAll" };
for (const id of ["play", "similar", "unlike", "way", "favourite", "copy", "compare", "loop", "level", "favourites", "random", "open",
  "keys", "places", "through", "more", "large", "whole", "hover"]) buttons[id] = id;
for (const [id, act] of Object.entries(buttons)) $(id).addEventListener("click", () => acts[act]());
listenToKeys(list, acts);

try {
  await enter();
  live.begin();
  await search.run();
  atlas.open();
} catch (error) {
  notice(error.message);
  $("list-title").textContent = "No way in";
}
