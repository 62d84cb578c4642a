// Draws the points of the map on the graphics card, by WebGL 2.
import { shuffled } from "./points.js";
import { SHADES } from "./shades.js";

const VERTEX = `#version 300 es
in vec2 place; in vec2 look;
uniform vec2 scale, shift; uniform float size; uniform vec3 shades[${SHADES + 1}];
out vec4 colour; out float width;
void main() {
  gl_Position = vec4(place * scale + shift, 0, 1);
  // A pixel more, in which the edge fades.
  gl_PointSize = width = (look.y > 0.5 ? size * 0.75 : size) + 1.0;
  colour = look.y > 0.5 ? vec4(shades[${SHADES}], 0.45) : vec4(shades[int(look.x)], 0.9);
}`;
const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 colour; in float width; out vec4 shown;
void main() {
  float alpha = colour.a * clamp((0.5 - length(gl_PointCoord - 0.5)) * width, 0.0, 1.0);
  shown = vec4(colour.rgb * alpha, alpha);
}`;

export class Card {
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
    for (const name of ["scale", "shift", "size", "shades"]) this.#uniforms[name] = gl.getUniformLocation(program, name);
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
      [bytes[8 * at + 4], bytes[8 * at + 5]] = [points.shades[i], dimmed?.[i] ? 1 : 0];
    }
    this.#count = points.count;
    this.#gl.bufferData(this.#gl.ARRAY_BUFFER, shorts, this.#gl.STATIC_DRAW);
  }

  /** Takes over the colours of the shades, and of what is dimmed or not known. */
  colours(colours) { this.#gl.uniform3fv(this.#uniforms.shades, colours.flat().map((value) => value / 255)); }

  /** Draws every `step`-th point; returns whether the picture is as it is to stay. */
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
    return step === 1;
  }
}
