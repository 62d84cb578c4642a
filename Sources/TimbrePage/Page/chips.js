// The sounds that are searched by, each a button that takes it away.
import { nameOf } from "./answers.js";
import { empty } from "./query.js";
import { element, shown } from "./words.js";

/**
 * @param {import("./query.js").Query} query
 * @param {import("./query.js").Sound?} wayFrom Where a way is to begin, once that is said.
 * @param {{go: (query: object) => void, forget: () => void}} take What is done when one is pressed: something else is searched
 *   for, or no way begins there any more.
 */
export function showChips(query, wayFrom, { go, forget }) {
  const chip = (sound, kind, remove) => {
    const name = nameOf(sound);
    const button = element("button", { type: "button", title: shown(sound.path ?? name), "aria-label": `${kind} ${name}: remove` },
      `${kind} ${name} ✕`);
    button.addEventListener("click", remove);
    return element("li", {}, button);
  };
  const without = (sound) => () => {
    const rest = { ...query, like: query.like.filter((s) => s !== sound), not: query.not.filter((s) => s !== sound) };
    go(rest.like.length ? rest : { ...rest, not: [], places: false });
  };
  // Of a way with one end what is left is a search by the other.
  const otherEnd = (sound) => () => go({ ...empty, find: query.find, like: query.way.filter((end) => end !== sound) });
  document.getElementById("chips").replaceChildren(
    ...query.like.map((sound) => chip(sound, "like", without(sound))), ...query.not.map((sound) => chip(sound, "unlike", without(sound))),
    ...query.way.map((sound, index) => chip(sound, index ? "to" : "from", otherEnd(sound))),
    ...(wayFrom ? [chip(wayFrom, "way from", forget)] : []));
}
