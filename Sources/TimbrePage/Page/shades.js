// What the colours of the map say: the folder of a sound, or how long, how bright or how old it is.
import { stream } from "./server.js";

/** Colours of each kind. */
export const SHADES = 12;
/** The shade of what is not known, after the others. */
export const UNKNOWN = SHADES;

/** Of folders, far apart for those that come one after the other; then of figures, from little to much. */
const HUES = {
  light: [[195, 78, 84], [190, 90, 10], [168, 109, 0], [129, 128, 0], [67, 143, 49], [0, 149, 108], [0, 146, 157],
    [0, 136, 193], [66, 120, 210], [123, 103, 204], [160, 89, 177], [185, 79, 135]],
  dark: [[249, 142, 143], [243, 151, 98], [220, 167, 68], [182, 184, 77], [131, 197, 117], [67, 203, 164], [0, 201, 209],
    [67, 192, 243], [128, 177, 255], [176, 162, 254], [214, 149, 228], [238, 141, 189]],
};
/** Corners between which the others lie, in which the lightness goes one way: away from the paper. */
const RAMPS = {
  light: [[214, 160, 40], [205, 92, 70], [140, 50, 120], [45, 30, 95]],
  dark: [[92, 84, 190], [190, 80, 150], [240, 130, 90], [252, 236, 150]],
};
const DULL = { light: [150, 150, 145], dark: [120, 128, 136] };

/** Each figure's scale: where it begins and ends, in proportion, and what is said there. */
const FIGURES = {
  length: { low: 0.1, high: 60, words: ["0.1 s", "1 min"] },
  brightness: { low: 150, high: 9600, words: ["dull", "bright"] },
  age: { low: 3600, high: 730 * 86400, words: ["new", "2 years"] },
};
export const KINDS = ["folder", ...Object.keys(FIGURES)];

/** The shade of a figure; `UNKNOWN` if it is none. */
export function shade(kind, value) {
  const { low, high } = FIGURES[kind];
  if (!(value >= 0)) return UNKNOWN;
  const share = Math.log(Math.max(value, low) / low) / Math.log(high / low);
  return Math.min(SHADES - 1, Math.floor(share * SHADES));
}

/** The colours of a kind, and last that of what is not known. */
export function colours(kind, isDark) {
  const theme = isDark ? "dark" : "light";
  return [...(kind === "folder" ? HUES[theme] : ramp(RAMPS[theme])), DULL[theme]];
}

function ramp(corners) {
  return Array.from({ length: SHADES }, (_, index) => {
    const at = index / (SHADES - 1) * (corners.length - 1), from = Math.min(Math.floor(at), corners.length - 2);
    return corners[from].map((value, channel) => Math.round(value + (at - from) * (corners[from + 1][channel] - value)));
  });
}

/** What stands at the ends of a kind's scale; null if it has none. */
export const ends = (kind) => FIGURES[kind]?.words ?? null;

/** Asks for the figures of all sounds: the shade of each file's number. */
export async function figures(kind) {
  const response = await stream("figures", { of: kind });
  const view = new DataView(await response.arrayBuffer());
  const shades = new Map();
  for (let at = 0; at + 8 <= view.byteLength; at += 8) {
    shades.set(view.getUint32(at, true), shade(kind, view.getFloat32(at + 4, true)));
  }
  return shades;
}
