// Who draws the points of the map: the graphics card, or this program, where there is none.
import { Card } from "./card.js";
import { Picture } from "./picture.js";

/** @typedef {{scale: number, x: number, y: number, size: number}} View Pixels a unit, what is in the middle, a point's width. */

/** Programs that imitate a graphics card: they are slower than a picture that is drawn by hand. */
const IMITATIONS = /swiftshader|llvmpipe|software|basic render/i;

function hasCard() {
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2", { failIfMajorPerformanceCaveat: true });
  const info = gl?.getExtension("WEBGL_debug_renderer_info");
  const name = info ? gl.getParameter(info.UNMASKED_RENDERER_WEBGL) : "";
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(gl) && !IMITATIONS.test(name);
}

/** A painter for a canvas. */
export function painter(canvas) {
  const gl = hasCard() ? canvas.getContext("webgl2", { antialias: false, powerPreference: "low-power" }) : null;
  return gl ? new Card(gl, canvas) : new Picture(canvas);
}
