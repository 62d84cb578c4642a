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

/** What there is to be said of a search for names. */
function remark({ total, complete }, find) {
  if (complete === false) return "The tags of some files have not been read yet.";
  if (total) return null;
  return complete !== undefined ? "No sound has this in its name and its tags." : find ? "No name has all of these words." : "No sounds are known yet.";
}

/** Of some rows those that the search box leaves, in their order. A sound that the library does not have now has a path alone. */
async function narrowed(find, rows, signal) {
  if (!find.trim()) return { rows, note: null };
  const parts = parse(find), among = rows.map(({ number }) => number).filter((number) => number !== undefined);
  const reply = await ask("find", { ...parts, among, count: among.length }, signal);
  const fitting = new Set(reply.files.map(({ number }) => number));
  const left = rows.filter((row) => (row.number === undefined ? isNamed(row, parts) : fitting.has(row.number)));
  return { rows: left, note: remark({ ...reply, total: left.length }, find), again: !reply.ready };
}

/** Whether a path is all that is asked about, and fits. */
function isNamed({ path, folder }, { words, not, folders, filter }) {
  const isIn = (text) => (word) => text.toLowerCase().includes(word.toLowerCase());
  return words.every(isIn(path)) && !not.some(isIn(path)) && folders.every(isIn(folder)) && !Object.keys(filter).length;
}

/** What the search box says, behind a title. */
const narrowedBy = (find) => (find.trim() ? ` for “${shown(find)}”` : "");

async function picked({ picked, find }, signal) {
  const { files } = await ask("numbered", { numbers: picked }, signal);
  const { rows, note, again } = await narrowed(find, files.filter(Boolean).map((item) => row(item)), signal);
  const most = picked.length === MOST_PICKED ? `No more than ${MOST_PICKED.toLocaleString("en")} are taken at a time.` : null;
  return { rows, title: count(rows.length, "sound") + " from the map" + narrowedBy(find), more: false, again,
    note: note ?? most };
}

async function marked({ find }, favourites, signal) {
  await favourites.refresh();
  const { files } = await ask("files", { paths: favourites.paths }, signal);
  const all = favourites.paths.map((path, index) => row({ ...path, ...files[index] }));
  const { rows, note, again } = await narrowed(find, all, signal);
  const away = files.filter((file) => !file).length;
  const lacks = away ? `${count(away, "favourite")} cannot be played: the library does not have ${away === 1 ? "it" : "them"} now.` : null;
  return { rows, title: count(rows.length, "favourite") + narrowedBy(find), more: false, again,
    note: all.length ? note ?? lacks : "No sound is marked yet: f marks the one that is chosen." };
}

async function named({ find, n }, signal) {
  const { words, not, folders, filter: limits } = parse(find);
  const reply = await ask("find", { words, not, folders, filter: limits, count: n }, signal);
  const rows = reply.files.map((item) => row(item));
  if (!reply.ready) return { rows, title: "The names are being read…", more: false, again: true };
  return { rows, title: count(reply.total, "sound") + narrowedBy(find), more: reply.total > rows.length && n < 2000,
    note: remark(reply, find) };
}

/** Rows with the numbers of their files, by which the map knows them. */
async function numbered(rows, signal) {
  const { files } = await ask("files", { paths: rows.map(({ path, path_bytes }) => ({ path, path_bytes })) }, signal);
  rows.forEach((row, index) => { row.number = files[index]?.number; });
  return rows;
}
