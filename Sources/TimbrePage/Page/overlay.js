// The marks on the map: what is chosen, heard, near, and the way through several sounds.

const PULSE = 1200;

export class Overlay {
  #canvas;
  #context;
  #map;
  #sheet;
  #colours = [];
  #marks = { near: [], way: [], playing: null };
  #still = matchMedia("(prefers-reduced-motion: reduce)");

  /**
   * @param {import("./map.js").SoundMap} map Knows where points are.
   * @param {import("./sheet.js").Sheet} sheet Knows how large they are.
   */
  constructor(canvas, map, sheet) {
    [this.#canvas, this.#map, this.#sheet, this.#context] = [canvas, map, sheet, canvas.getContext("2d")];
  }

  /** Takes the colours over that the page has now: to ask for them in each frame would take most of its time. */
  takeColours() {
    const style = getComputedStyle(this.#canvas);
    this.#colours = ["--ink", "--strong", "--card"].map((name) => style.getPropertyValue(name));
  }

  /** Takes some of `near`, `way` (numbers of sounds) and `playing` (one) over; the others stay. */
  mark(marks) { Object.assign(this.#marks, marks); }

  /** Whether the next frame is another one though nothing has changed. */
  get isMoving() { return !this.#still.matches && this.#spot(this.#marks.playing) !== null; }

  #spot(number) {
    const place = this.#map.points.place(number ?? -1);
    return place < 0 ? null : this.#map.spot(place);
  }

  draw(now) {
    const context = this.#context, map = this.#map, { ratio, pointSize } = this.#sheet;
    const [ink, strong, card] = this.#colours;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    const radius = Math.max(3, pointSize / ratio / 2);
    const ring = ([x, y], size, width, colour) => {
      for (const [more, tint] of [[2, card], [0, colour]]) {
        context.beginPath();
        context.arc(x, y, size, 0, 2 * Math.PI);
        [context.lineWidth, context.strokeStyle] = [width + more, tint];
        context.stroke();
      }
    };
    const { near, way, playing } = this.#marks;
    const line = (spots) => {
      for (const [width, colour] of [[5, card], [2, strong]]) {
        context.beginPath();
        for (const [x, y] of spots) context.lineTo(x, y);
        [context.lineWidth, context.strokeStyle, context.lineJoin] = [width, colour, "round"];
        context.stroke();
      }
    };
    if (map.lasso) {
      const { corners } = map.lasso;
      line([...corners, corners[0]].map(([x, y]) => map.view.spot(x, y)));
    }
    const steps = way.map((number) => this.#spot(number)).filter(Boolean);
    if (steps.length > 1) line(steps);
    for (const spot of steps) ring(spot, radius + 1.5, 2, strong);
    for (const number of near) {
      const spot = this.#spot(number);
      if (spot) ring(spot, radius + 2, 1.5, strong);
    }
    if (map.hovered >= 0) ring(map.spot(map.hovered), radius + 3, 1.5, ink);
    const heard = this.#spot(playing);
    if (heard) {
      const share = this.#still.matches ? 0.4 : (now % PULSE) / PULSE;
      context.globalAlpha = 1 - share;
      ring(heard, radius + 4 + 14 * share, 3, strong);
      context.globalAlpha = 1;
    }
    const chosen = this.#spot(map.selected);
    if (chosen) {
      ring(chosen, radius + 5, 3, ink);
      context.fillStyle = strong;
      context.beginPath();
      context.arc(...chosen, radius, 0, 2 * Math.PI);
      context.fill();
    }
  }
}
