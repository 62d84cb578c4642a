// Values as people read them, and elements made of text alone.

/** A name that may hold anything: what breaks a line or turns the direction of reading is shown by its number. */
export function shown(text) {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"));
}

/** Seconds, such as `0.42 s`, `1:05` or `1:02:03`. */
export function duration(seconds) {
  if (!(seconds >= 0)) return "";
  if (seconds < 59.995) return seconds.toFixed(2) + " s";
  const whole = Math.round(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const rest = two(Math.floor(whole / 60) % 60) + ":" + two(whole % 60);
  return whole < 3600 ? rest.replace(/^0/, "") : Math.floor(whole / 3600) + ":" + rest;
}

/** A place in a recording, such as `1:20.5`. */
export function position(seconds) {
  const minutes = Math.floor(seconds / 60);
  const rest = (seconds - 60 * minutes).toFixed(1).padStart(4, "0");
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}

/** Bytes, such as `4.2 kB`. */
export function size(bytes) {
  if (bytes < 1000) return bytes + " B";
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes / 1000;
  while (value >= 999.95 && units.length > 1) {
    value /= 1000;
    units.shift();
  }
  return value.toFixed(1) + " " + units[0];
}

/** `1 sound`, `2 sounds`. */
export const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;

/** The element of the page that has an id. */
export const $ = (id) => document.getElementById(id);

/** Makes an element; children are elements or texts, which are shown as they are. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "class") made.className = value;
    else if (value !== undefined && value !== null) made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}
