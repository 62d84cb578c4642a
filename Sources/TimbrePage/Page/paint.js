// Draws the points of the map: on the graphics card by WebGL 2, or, where there is none, into a picture of its own.
import { HUES } from "./points.js";

const VERTEX = `#version 300 es
in vec2 place; in vec2 look;
uniform vec2 scale, shift; uniform float size; uniform vec3 hues[${HUES}]; uniform vec3 dull;
out vec4 colour; out float width;
void main() {
  gl_Position = vec4(place * scale + shift, 0, 1);
  // A pixel more, in which the edge fades.
  gl_PointSize = width = (look.y > 0.5 ? size * 0.75 : size) + 1.0;
  colour = look.y > 0.5 ? vec4(dull, 0.45) : vec4(hues[int(look.x)], 0.9);
}`;
const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 colour; in float width; out vec4 shown;
void main() {
  float alpha = colour.a * clamp((0.5 - length(gl_PointCoord - 0.5)) * width, 0.0, 1.0);
  shown = vec4(colour.rgb * alpha, alpha);
}`;

/** Points that are drawn without a graphics card while the map moves. */
const MOST_MOVING = 12_500;

/** The points in an order without order, so that the first of them are a fair sample. */
function shuffled(count) {
  const order = new Uint32Array(count);
  let seed = 1;
  for (let i = 0; i < count; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    const other = seed % (i + 1);
    order[i] = order[other];
    order[other] = i;
  }
  return order;
}

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

/** @typedef {{scale: number, x: number, y: number, size: number}} View Pixels a unit, what is in the middle, a point's width. */

class Card {
  #gl;
  #canvas;
  #uniforms = {};
  #count = 0;
  #order = new Uint32Array(0);
  isLost = false;

  constructor(gl, canvas) {
    [this.#gl, this.#canvas] = [gl, canvas];
    canvas.addEventListener("webglcontextlost", (event) => { event.preventDefault(); this.isLost = true; });
    canvas.addEventListener("webglcontextrestored", () => { this.isLost = false; this.#prepare(); this.onrestore?.(); });
    this.#prepare();
  }

  #prepare() {
    const gl = this.#gl;
    const program = gl.createProgram();
    for (const [kind, text] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, text);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.bindAttribLocation(program, 0, "place");
    gl.bindAttribLocation(program, 1, "look");
    gl.linkProgram(program);
    gl.useProgram(program);
    for (const name of ["scale", "shift", "size", "hues", "dull"]) this.#uniforms[name] = gl.getUniformLocation(program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.enableVertexAttribArray(0);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribPointer(0, 2, gl.SHORT, false, 8, 0);
    gl.vertexAttribPointer(1, 2, gl.UNSIGNED_BYTE, false, 8, 4);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** Takes the points over; `dimmed` says which are not looked for. */
  load(points, dimmed) {
    if (this.#order.length !== points.count) this.#order = shuffled(points.count);
    const shorts = new Int16Array(points.count * 4), bytes = new Uint8Array(shorts.buffer);
    for (let at = 0; at < points.count; at++) {
      const i = this.#order[at];
      [shorts[4 * at], shorts[4 * at + 1]] = [points.x[i], points.y[i]];
      [bytes[8 * at + 4], bytes[8 * at + 5]] = [points.hues[i], dimmed?.[i] ? 1 : 0];
    }
    this.#count = points.count;
    this.#gl.bufferData(this.#gl.ARRAY_BUFFER, shorts, this.#gl.STATIC_DRAW);
  }

  colours(hues, dull) {
    this.#gl.uniform3fv(this.#uniforms.hues, hues.flat().map((value) => value / 255));
    this.#gl.uniform3fv(this.#uniforms.dull, dull.map((value) => value / 255));
  }

  /** Draws every `step`-th point. */
  draw({ scale, x, y, size }, step) {
    const gl = this.#gl, { width, height } = this.#canvas;
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const [sx, sy] = [2 * scale / width, 2 * scale / height];
    gl.uniform2f(this.#uniforms.scale, sx, sy);
    gl.uniform2f(this.#uniforms.shift, -x * sx, -y * sy);
    gl.uniform1f(this.#uniforms.size, size);
    gl.drawArrays(gl.POINTS, 0, Math.ceil(this.#count / step));
  }
}

class Picture {
  #context;
  #canvas;
  #image = null;
  #pixels = null;
  #order = new Uint32Array(0);
  #x = new Int16Array(0);
  #y = new Int16Array(0);
  #look = new Uint8Array(0);
  #words = new Uint32Array(HUES + 1);
  isLost = false;

  constructor(canvas) { [this.#context, this.#canvas] = [canvas.getContext("2d"), canvas]; }

  load(points, dimmed) {
    const { count } = points;
    if (this.#order.length !== count) this.#order = shuffled(count);
    [this.#x, this.#y, this.#look] = [new Int16Array(count), new Int16Array(count), new Uint8Array(count)];
    // Those that are not looked for come first, and so lie below the others.
    let at = 0;
    for (const wanted of dimmed ? [1, 0] : [0]) {
      for (const i of this.#order) {
        if (dimmed && dimmed[i] !== wanted) continue;
        [this.#x[at], this.#y[at], this.#look[at]] = [points.x[i], points.y[i], wanted ? HUES : points.hues[i]];
        at++;
      }
    }
  }

  colours(hues, dull) {
    const word = ([red, green, blue], alpha) => (alpha << 24 | blue << 16 | green << 8 | red) >>> 0;
    [...hues.map((hue) => word(hue, 230)), word(dull, 110)].forEach((word, index) => { this.#words[index] = word; });
  }

  /** While the map moves, of many points only some are drawn: here it is this program that has to draw each. */
  draw({ scale, x, y, size }, step, isMoving) {
    const { width, height } = this.#canvas;
    if (!width || !height) return;
    if (this.#image?.width !== width || this.#image.height !== height) {
      this.#image = this.#context.createImageData(width, height);
      this.#pixels = new Uint32Array(this.#image.data.buffer);
    }
    const pixels = this.#pixels, xs = this.#x, ys = this.#y, look = this.#look, words = this.#words;
    pixels.fill(0);
    const side = Math.max(1, Math.round(size * 0.9)), every = isMoving ? Math.max(step, Math.ceil(xs.length / MOST_MOVING)) : 1;
    const right = width - side, low = height - side;
    const dx = width / 2 - side / 2 - x * scale, dy = height / 2 - side / 2 + y * scale;
    for (let i = 0; i < xs.length; i += every) {
      const left = Math.round(xs[i] * scale + dx), top = Math.round(dy - ys[i] * scale);
      if (left < 0 || top < 0 || left > right || top > low) continue;
      const word = words[look[i]];
      for (let row = top * width + left, end = row + side * width; row < end; row += width) {
        for (let at = row; at < row + side; at++) pixels[at] = word;
      }
    }
    this.#context.putImageData(this.#image, 0, 0);
  }
}
