// What is searched for: a value that is the page's address.

/**
 * @typedef {{path?: string, path_bytes?: string, code?: string, heard?: string, name?: string}} Sound
 * @typedef {{find: string, like: Sound[], not: Sound[], way: Sound[], seed?: number, favourites: boolean, places: boolean,
 *   picked: number[], n: number}} Query
 *   `find` is what the search box says; with sounds in `like` it narrows the answer down. `seed` draws at random, `way` has the
 *   two ends of a way, `favourites` wants those that are marked, `picked` has the numbers of files that were picked on the map.
 */

/** Sounds that can be picked on the map at a time. */
export const MOST_PICKED = 1000;

export const empty = { find: "", like: [], not: [], way: [], picked: [], favourites: false, places: false, n: 100 };

/** The query of an address; anything that makes no sense is taken for nothing. */
export function read(search) {
  try {
    const text = new URLSearchParams(search).get("q");
    if (!text) return { ...empty };
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    const { find, like, not, way, picked, favourites, seed, places, n } = JSON.parse(new TextDecoder().decode(bytes));
    const sounds = (list) => (Array.isArray(list) ? list.filter((s) => s && typeof s === "object").slice(0, 100) : []);
    return {
      find: typeof find === "string" ? find : "", like: sounds(like), not: sounds(not),
      way: sounds(way).length === 2 ? sounds(way) : [], favourites: favourites === true, places: places === true,
      picked: typeof picked === "string" ? digits(picked) : [],
      seed: Number.isSafeInteger(seed) ? seed : undefined, n: Number.isInteger(n) ? Math.min(Math.max(n, 1), 2000) : empty.n,
    };
  } catch {
    return { ...empty };
  }
}

/** Numbers as the address has them: a thousand have to fit into the head of a request. */
const spelt = (numbers) => numbers.map((number) => number.toString(36)).join(".");
const digits = (text) => text.split(".").map((word) => parseInt(word, 36)).filter((number) => number >= 0).slice(0, MOST_PICKED);

/** The address of a query; no secret is in it. */
export function address(query) {
  const said = {};
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && JSON.stringify(value) !== JSON.stringify(empty[name])) said[name] = name === "picked" ? spelt(value) : value;
  }
  if (!Object.keys(said).length) return location.pathname;
  const bytes = new TextEncoder().encode(JSON.stringify(said));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return location.pathname + "?q=" + text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Seconds of the units in which it is said how long ago something was. */
const AGO = { min: 60, h: 3600, d: 86400, w: 604800 };

/** Texts of tags. */
const TEXTS = ["title", "artist", "album", "comment", "key"];

/** What `<2`, `>2`, `1-3` or `2` leaves: the least and the greatest number, `near` from a single one. */
function range(text, near = 0) {
  const parts = /^([<>]?)(\d*\.?\d+)(?:-(\d*\.?\d+))?$/.exec(text);
  if (!parts || parts[1] && parts[3]) return null;
  const [first, second] = [Number(parts[2]), Number(parts[3])];
  return parts[1] === "<" ? [undefined, first] : parts[1] ? [first] : parts[3] ? [first, second] : [Math.max(0, first - near), first + near];
}

/** Adds limits to those that there are: `len:>1 len:<3` is from 1 to 3. */
function limit(filter, name, [least, most]) {
  if (least !== undefined) filter["min_" + name] = least;
  if (most !== undefined) filter["max_" + name] = most;
}

/** What the search box says, in parts: `kick -loop dir:drums len:<2 len:1-3 ch:1 since:1d tag:tape bpm:118-124 key:C#m`. */
export function parse(text) {
  const parts = { words: [], not: [], folders: [], filter: {} };
  for (const word of text.match(/\S+/g) ?? []) {
    const [, kind, value] = /^(\w+):(.*)$/.exec(word) ?? [];
    const length = kind === "len" && range(value), tempos = kind === "bpm" && range(value, 0.5);
    const since = /^since:(\d+)(min|h|d|w)$/.exec(word);
    const channels = /^ch:(\d+)$/.exec(word);
    if (length) limit(parts.filter, "duration", length);
    else if (tempos) limit(parts.filter, "bpm", tempos);
    else if (kind === "key") { if (value) parts.filter.key = value; }
    else if (kind === "tag") {
      const [field, ...rest] = value.split("="), isOfText = rest.length && TEXTS.includes(field);
      const tag = isOfText ? { field, word: rest.join("=") } : { word: value };
      if (tag.word) parts.filter.tags = [...(parts.filter.tags ?? []), tag];
    } else if (since) parts.filter.since = Math.floor(Date.now() / 1000) - Number(since[1]) * AGO[since[2]];
    else if (channels) parts.filter.channels = Number(channels[1]);
    else if (word.startsWith("dir:")) { if (word.length > 4) parts.folders.push(word.slice(4)); }
    else if (word.startsWith("-")) { if (word.length > 1) parts.not.push(word.slice(1)); }
    else parts.words.push(word);
  }
  return parts;
}

/** The same as a filter of the library's, which knows one shell pattern for the path; nothing can be left out by it. */
export function filter(text) {
  const { words, folders, filter } = parse(text);
  if (!words.length && !folders.length) return filter;
  const inside = (list) => list.map((word) => "*" + [...word].map(either).join("")).join("") + "*";
  return { ...filter, glob: folders.length ? inside(folders) + "/" + inside(words) : inside(words) };
}

/** A letter in either case; what a pattern would read otherwise is quoted. */
function either(letter) {
  const [small, large] = [letter.toLowerCase(), letter.toUpperCase()];
  if (small !== large && small.length === 1 && large.length === 1) return `[${small}${large}]`;
  return /[*?[\]\\]/.test(letter) ? "\\" + letter : letter;
}
