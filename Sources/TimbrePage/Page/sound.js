// The sound that is chosen: its name, its waveform, its facts, and what the library has heard in it.
import { draw } from "./server.js";
import { duration, element, position, shown, size } from "./words.js";

const HINT = document.getElementById("sound-folder").textContent;

export class SoundPane {
  row = null;
  /** What was searched by, if that is one sound. */
  beside = null;
  compares = false;
  #player;
  #frame = 0;
  #clip = null;
  #turn = 0;
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #painted = 0;
  #pictured = null;
  #painting = null;

  /** @param {import("./player.js").Player} player */
  constructor(player) {
    this.#player = player;
    player.addEventListener("change", () => this.#follow());
    this.canvas = document.getElementById("wave");
    this.canvas.addEventListener("click", (event) => {
      if (!this.row) return;
      const [from, to] = this.#span;
      this.#player.play(this.row, from + event.offsetX / this.canvas.clientWidth * (to - from));
    });
    new ResizeObserver(() => this.#draw()).observe(this.canvas);
    this.picture = document.getElementById("picture");
    this.#dark.addEventListener("change", () => { this.#draw(); this.#paint(); });
    new ResizeObserver(() => { if (this.#painted && this.#painted !== this.#width) this.#paint(); }).observe(this.picture.parentElement);
  }

  /** What the waveform spans, in seconds: the sound, or the place in it. */
  get #span() { return this.row?.place ? [this.row.place.start, this.row.place.end] : [0, this.row?.duration ?? 0]; }

  /** Shows a row; nothing if null. */
  async show(row) {
    const turn = ++this.#turn;
    this.row = row;
    this.#clip = null;
    document.getElementById("sound").hidden = row === null;
    document.getElementById("sound-title").textContent = row ? shown(row.name) : "No sound is chosen";
    document.getElementById("sound-folder").textContent = row ? shown(row.folder) : HINT;
    document.getElementById("facts").replaceChildren();
    this.#draw();
    this.#paint();
    this.#follow();
    if (!row) return;
    const sound = await this.#player.load(row).catch(() => null);
    if (turn !== this.#turn || !sound) return;
    this.#clip = sound.clip;
    this.#facts(sound.file);
    this.#draw();
  }

  #facts(file) {
    const tags = file.tags ?? {};
    const facts = [["Length", duration(file.duration)], ["Format", file.format],
      ["Rate", file.sample_rate && (file.sample_rate / 1000).toLocaleString("en") + " kHz"],
      ["Channels", file.channels === 1 ? "mono" : file.channels === 2 ? "stereo" : file.channels],
      ["Size", file.size !== undefined && size(file.size)], ["Note", file.note],
      ["Title", tags.title], ["Artist", tags.artist], ["Album", tags.album], ["Key", tags.key],
      ["Tempo", tags.bpm && tags.bpm.toLocaleString("en", { maximumFractionDigits: 2 }) + " BPM"], ["Comment", tags.comment]];
    if (this.row.place) facts.unshift(["Place", `${position(this.row.place.start)} to ${position(this.row.place.end)}`]);
    document.getElementById("facts").replaceChildren(...facts.filter(([, value]) => value).map(([name, value]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, shown(String(value))))));
  }

  get #width() { return Math.min(1600, Math.max(320, Math.round(this.picture.parentElement.clientWidth))); }

  /** Whether the picture shows the sound that was searched by as well. */
  compare(compares) {
    this.compares = compares;
    this.#paint();
  }

  /** Has the server draw what is stored of the sound; whoever goes through a list quickly is not kept waiting by pictures. */
  async #paint() {
    this.#painting?.abort();
    const mine = this.#painting = new AbortController();
    const { row, picture } = this;
    if (!row) { picture.hidden = true; return; }
    picture.classList.toggle("other", this.#pictured !== row);
    await new Promise((go) => setTimeout(go, 120));
    if (mine.signal.aborted) return;
    const width = this.#width;
    // Of a sound that is streamed there are no samples here to draw.
    const lanes = ["bands", "bfcc", "codes", "pooled"];
    if (row.duration > 30 && !row.place) lanes.unshift("wave");
    const beside = this.compares && this.beside ? this.beside : undefined;
    try {
      const blob = await draw({ sound: { path: row.path, path_bytes: row.path_bytes }, beside, at: row.place ?? undefined, width,
        lanes, theme: this.#dark.matches ? "dark" : "light" }, mine.signal);
      URL.revokeObjectURL(picture.src);
      picture.src = URL.createObjectURL(blob);
      picture.alt = `Bark bands, cepstra, codes and pooled codes of ${shown(row.name)}`;
      [picture.hidden, this.#pictured, this.#painted] = [false, row, width];
      picture.classList.remove("other");
    } catch (error) {
      // Without a picture the sound is heard all the same, and what is wrong is said when it is played.
      if (error.name !== "AbortError") picture.hidden = true;
    }
  }

  /** One column: the least and the greatest of the samples that fall into it. */
  #draw() {
    const { canvas } = this;
    const scale = devicePixelRatio || 1;
    const [width, height] = [Math.round(canvas.clientWidth * scale), Math.round(canvas.clientHeight * scale)];
    if (!width || !height) return;
    [canvas.width, canvas.height] = [width, height];
    const context = canvas.getContext("2d");
    const style = getComputedStyle(document.documentElement);
    const clip = this.#clip, [start, end] = this.#span;
    // Of a long sound there may be the first seconds alone, which would look as if silence followed.
    if (!clip || end <= start || !(clip.whole || this.row.place)) return;
    const { buffer } = clip;
    const sample = (x) => Math.round((start + x / width * (end - start) - clip.start) * buffer.sampleRate);
    const channels = Array.from({ length: buffer.numberOfChannels }, (_, channel) => buffer.getChannelData(channel));
    const lows = new Float32Array(width), highs = new Float32Array(width);
    let peak = 1e-4;
    for (let x = 0; x < width; x++) {
      const from = Math.max(0, sample(x)), to = Math.min(buffer.length, Math.max(from + 1, sample(x + 1)));
      let low = from < to ? 1 : 0, high = from < to ? -1 : 0;
      for (const samples of channels) {
        for (let i = from; i < to; i++) {
          if (samples[i] < low) low = samples[i];
          if (samples[i] > high) high = samples[i];
        }
      }
      [lows[x], highs[x]] = [low, high];
      peak = Math.max(peak, high, -low);
    }
    context.fillStyle = style.getPropertyValue("--wave");
    const middle = height / 2, unit = 0.46 * height / peak;
    for (let x = 0; x < width; x++) {
      const top = middle - highs[x] * unit;
      context.fillRect(x, top, 1, Math.max(scale, (highs[x] - lows[x]) * unit));
    }
  }

  /** Moves the line that shows what is heard, for as long as something is. */
  #follow() {
    cancelAnimationFrame(this.#frame);
    const head = document.getElementById("head");
    const step = () => {
      const at = this.#player.position;
      const [from, to] = this.#span;
      const isHere = at !== null && this.row && this.#player.row && to > from
        && (this.#player.row.path_bytes ?? this.#player.row.path) === (this.row.path_bytes ?? this.row.path);
      head.style.display = isHere ? "block" : "none";
      if (isHere) head.style.transform = `translateX(${Math.min(1, Math.max(0, (at - from) / (to - from))) * this.canvas.clientWidth}px)`;
      if (this.#player.row) this.#frame = requestAnimationFrame(step);
    };
    step();
  }
}
