// A query's answer: rows for the list, and what is said about them.
import { row } from "./list.js";
import { MOST_PICKED, filter, parse } from "./query.js";
import { ask } from "./server.js";
import { count, shown } from "./words.js";

/** A sound as the server is told of it. */
export function bare({ name, ...rest }) { return rest; }

/** A sound's name, as people read it. */
export const nameOf = (sound) => shown(sound.name ?? sound.path?.slice(sound.path.lastIndexOf("/") + 1) ?? "a code");

/**
 * @param {import("./query.js").Query} query
 * @param {import("./favourites.js").Favourites} favourites
 * @returns {Promise<{rows: object[], title: string, more: boolean, note?: string, again?: boolean}>} `again` if all of it has
 *   not come yet.
 */
export function answer(query, favourites, signal) {
  if (query.way.length) return way(query, signal);
  if (query.like.length) return similar(query, signal);
  if (query.picked.length) return picked(query, signal);
  if (query.favourites) return marked(query, favourites, signal);
  return query.seed !== undefined ? random(query, signal) : named(query, signal);
}

async function way({ way: [from, to], find }, signal) {
  const reply = await ask("path", { from: bare(from), to: bare(to), filter: filter(find) }, signal);
  const rows = await numbered(reply.steps.map((step, index) => ({ ...row({ path: nameOf(index ? to : from), ...step }), duration: step.duration,
    score: index ? step.score : undefined })), signal);
  return { rows, title: `${count(rows.length, "sound")} from ${nameOf(from)} to ${nameOf(to)}`, more: false,
    note: rows.length > 2 ? null : "There is no sound between these two." };
}

async function similar({ find, like, not, places, n }, signal) {
  const reply = await ask("similar", { like: like.map(bare), not: not.map(bare), places, count: n, filter: filter(find) }, signal);
  const rows = await numbered(reply.results.map((item) => row(item, places)), signal);
  const likely = places && reply.likely_places !== undefined ? `, ${reply.likely_places.toLocaleString("en")} of them likely` : "";
  const what = count(rows.length, places ? "place" : "sound");
  const note = !rows.length ? "Nothing is found. The words in the box may leave out too much."
    : !reply.near ? "Nothing in the library is near. These are the nearest all the same." : !reply.complete ? "Some files have not been read yet." : null;
  return { rows, title: `${what} like ${like.map(nameOf).join(" and ")}${likely}`, more: rows.length === n && n < 2000, note };
}

async function random({ find, seed, n }, signal) {
  const reply = await ask("random", { count: n, seed, filter: filter(find) }, signal);
  const rows = reply.files.map((item) => row(item));
  return { rows, title: count(rows.length, "sound") + " at random", more: false };
}

/** Rows that have all words of the search box in their paths. */
function having(find, rows) {
  const words = parse(find).words.map((word) => word.toLowerCase());
  return rows.filter((row) => words.every((word) => row.path.toLowerCase().includes(word)));
}

async function picked({ picked, find }, signal) {
  const { files } = await ask("numbered", { numbers: picked }, signal);
  const rows = having(find, files.filter(Boolean).map((item) => row(item)));
  return { rows, title: count(rows.length, "sound") + " from the map", more: false,
    note: picked.length === MOST_PICKED ? `No more than ${MOST_PICKED.toLocaleString("en")} are taken at a time.` : null };
}

async function marked({ find }, favourites, signal) {
  await favourites.refresh();
  const { files } = await ask("files", { paths: favourites.paths }, signal);
  const rows = having(find, favourites.paths.map((path, index) => row({ ...path, ...files[index] })));
  const away = files.filter((file) => !file).length;
  const note = !favourites.paths.length ? "No sound is marked yet: f marks the one that is chosen."
    : away ? `${count(away, "favourite")} cannot be played: the library does not have ${away === 1 ? "it" : "them"} now.` : null;
  return { rows, title: count(rows.length, "favourite"), more: false, note };
}

async function named({ find, n }, signal) {
  const { words, not, folders, filter: limits } = parse(find);
  const reply = await ask("find", { words, not, folders, filter: limits, count: n }, signal);
  const rows = reply.files.map((item) => row(item));
  if (!reply.ready) return { rows, title: "The names are being read…", more: false, again: true };
  const note = reply.complete === false ? "The tags of some files have not been read yet." : reply.total ? null
    : reply.complete !== undefined ? "No sound has this in its name and its tags." : find ? "No name has all of these words." : "No sounds are known yet.";
  return { rows, title: count(reply.total, "sound") + (find ? ` for “${shown(find)}”` : ""), more: reply.total > rows.length && n < 2000, note };
}

/** Rows with the numbers of their files, by which the map knows them. */
async function numbered(rows, signal) {
  const { files } = await ask("files", { paths: rows.map(({ path, path_bytes }) => ({ path, path_bytes })) }, signal);
  rows.forEach((row, index) => { row.number = files[index]?.number; });
  return rows;
}
