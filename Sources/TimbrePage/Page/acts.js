// What can be done, by key or by button: with the sound that is chosen, with the list, and with the page.
import { empty } from "./query.js";
import { $, count, shown } from "./words.js";

/** Whether a button is pressed. */
export function toggle(id, isOn) { $(id).setAttribute("aria-pressed", isOn); }

/** Tells what only a screen reader would not see. */
export function say(text) { $("said").textContent = text; }

/** Shows a line above the list; none if there is nothing to be said. */
export function notice(text) {
  $("notice").hidden = !text;
  $("notice").textContent = text ?? "";
}

/** Whether the map takes the place of the list. */
export function showMap(isLarge) {
  document.body.classList.toggle("mapped", isLarge);
  toggle("large", isLarge);
  toggle("to-map", isLarge);
}

function flash(text) {
  const button = $("copy"), before = "Copy path";
  button.textContent = text;
  setTimeout(() => { button.textContent = before; }, 1500);
}

const asSound = ({ path, path_bytes }) => (path_bytes ? { path, path_bytes } : { path });

/**
 * @param {{here: object?, wayFrom: object?, playsOn: boolean}} now The row that is chosen, in the list or on the map; where a way
 *   is to begin, once that is said; whether the list is played from one row to the next.
 */
export function makeActs(now, { search, list, player, pane, atlas, favourites, showQuery }) {
  const go = (query, how) => search.go(query, how);
  const playOn = (isOn) => toggle("through", now.playsOn = isOn);
  return {
    play() {
      if (!now.here) list.move(1);
      else if (player.row) this.stop();
      else player.play(now.here);
    },
    again() { if (now.here) player.play(now.here); },
    stop() {
      playOn(false);
      player.stop();
    },
    /** Plays the list from the chosen row on. */
    through() {
      if (!list.rows.length) return;
      playOn(!now.playsOn);
      if (now.playsOn) list.choose(Math.max(0, list.chosen)); else player.stop();
    },
    similar() { if (now.here) go({ ...empty, places: search.query.places, like: [asSound(now.here)] }); },
    unlike() {
      const { query } = search;
      if (!now.here) return;
      if (query.like.length) go({ ...query, not: [...query.not, asSound(now.here)] });
      else notice("Search for what is similar first. Then this leads away from a sound.");
    },
    /** First where the way begins, then where it ends; then it is played. */
    async way() {
      if (!now.here) return;
      const from = now.wayFrom, to = asSound(now.here);
      now.wayFrom = from ? null : to;
      if (from) {
        await go({ ...empty, way: [from, to] });
        if (search.query.way.length) list.choose(0);
      } else {
        showQuery();
        say(`The way begins at ${shown(now.here.name)}. Choose another sound, and press w again.`);
      }
    },
    async favourite() {
      if (!now.here) return;
      try {
        const { name } = now.here, marked = await favourites.toggle([now.here]);
        say(marked ? `${shown(name)} is a favourite.` : `${shown(name)} is no favourite any more.`);
      } catch (error) { notice(error.message); }
    },
    async markAll() {
      if ($("mark-all").hidden) return;
      try {
        const { rows } = list, marked = await favourites.toggle(rows);
        say(count(rows.length, "sound") + (marked ? " marked as favourites." : " unmarked."));
      } catch (error) { notice(error.message); }
    },
    favourites() { go(search.query.favourites ? empty : { ...empty, favourites: true }); },
    random() {
      const { query } = search;
      go({ ...empty, find: query.like.length ? "" : query.find, seed: Math.floor(Math.random() * 2 ** 31) });
    },
    back() { history.back(); },
    places() { if (search.query.like.length) go({ ...search.query, places: !search.query.places }); },
    compare() {
      if ($("compare").hidden) return;
      toggle("compare", !pane.compares);
      pane.compare(!pane.compares);
    },
    loop() { toggle("loop", player.loops = !player.loops); player.setLoop(player.loops); },
    level() { toggle("level", !player.levels); player.setLevels(!player.levels); },
    async copy() {
      if (!now.here) return;
      try {
        await navigator.clipboard.writeText(now.here.path);
        say("The path is copied."); flash("Copied");
      } catch { flash("The browser does not allow it"); }
    },
    open() { $("file").click(); },
    keys() { $("help").showModal(); },
    more() { go({ ...search.query, n: Math.min(2000, search.query.n * 5) }, { replace: true }); },
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
    shade() { atlas.shade(); },
  };
}
