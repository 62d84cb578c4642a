// What is heard: one sound at a time, equally loud as the others.
import { gainOf } from "./loudness.js";
import { ask } from "./server.js";

/** Seconds up to which a sound, or a place in one, is decoded whole; longer ones are streamed. */
const LONGEST_DECODED = 30;
/** Seconds of a streamed sound by which its loudness is judged. */
const JUDGED = 10;
const CACHED_CLIPS = 64, CACHED_BYTES = 100e6;
const FADE = 0.005;

export class Player extends EventTarget {
  loops = false;
  levels = true;
  /** The row that is heard. */
  row = null;
  #context = null;
  #playing = null;
  #offers = new Map();
  #clips = new Map();
  #turn = 0;

  /** Made when something is heard for the first time: browsers allow no sound before somebody has done something. */
  get context() {
    this.#context ??= new AudioContext({ latencyHint: "interactive" });
    return this.#context;
  }

  /** Where a sound is to be had, and its facts. */
  #offer(row) {
    const name = row.path_bytes ?? row.path;
    const known = this.#offers.get(name);
    // Tickets are good for ten minutes.
    if (known && performance.now() - known.since < 480_000) return known.offer;
    const offer = ask("sound", { path: row.path, path_bytes: row.path_bytes });
    this.#offers.set(name, { offer, since: performance.now() });
    offer.catch(() => this.#offers.delete(name));
    if (this.#offers.size > 500) this.#offers.delete(this.#offers.keys().next().value);
    return offer;
  }

  /**
   * The facts of a row's sound, and the samples of it, or of the row's place in it, if they are short; or those from a
   * second on, if the sound is long and browsers do not stream it.
   */
  async load(row, from = 0) {
    const offer = await this.#offer(row);
    const { duration } = offer.file;
    let clip = null;
    if (duration <= LONGEST_DECODED) clip = await this.#clip(offer, row, 0, duration);
    else if (row.place && row.place.end - row.place.start <= LONGEST_DECODED) {
      clip = await this.#clip(offer, row, row.place.start, row.place.end);
    } else if (!offer.decodable) clip = await this.#clip(offer, row, from, Math.min(duration, from + LONGEST_DECODED));
    return { url: offer.url, file: offer.file, clip };
  }

  /** Samples from one second to another: `{buffer, start, end, whole}`. */
  #clip(offer, row, start, end) {
    const name = `${row.path_bytes ?? row.path}\n${start}\n${end}`;
    const loading = this.#clips.get(name) ?? this.#decode(offer, start, end);
    this.#clips.delete(name);
    this.#clips.set(name, loading);
    loading.catch(() => this.#clips.delete(name));
    this.#forget();
    return loading;
  }

  async #decode(offer, start, end) {
    const whole = start === 0 && end >= offer.file.duration;
    const part = `${offer.url}?from=${start}&to=${end}`;
    const decode = async (url) => {
      const response = await fetch(url);
      if (!response.ok) throw new Error((await response.json().catch(() => ({}))).reason ?? "it cannot be had");
      return this.context.decodeAudioData(await response.arrayBuffer());
    };
    let buffer;
    if (whole && offer.decodable) buffer = await decode(offer.url).catch(() => decode(part));
    else buffer = await decode(part);
    return { buffer, start, end: start + buffer.duration, whole };
  }

  async #forget() {
    let bytes = 0, count = 0;
    for (const [name, loading] of [...this.#clips].reverse()) {
      const clip = await loading.catch(() => null);
      bytes += clip ? clip.buffer.length * clip.buffer.numberOfChannels * 4 : 0;
      count += 1;
      if (count > CACHED_CLIPS || bytes > CACHED_BYTES) this.#clips.delete(name);
    }
  }

  /** Plays a row from a second of its sound on, or from where its place begins; what is heard now ends. */
  async play(row, from = row.place?.start ?? 0) {
    const turn = ++this.#turn;
    this.#silence();
    this.row = row;
    this.#tell();
    if (this.context.state === "suspended") this.context.resume();
    let sound;
    try {
      sound = await this.load(row, from);
      if (turn !== this.#turn) return;
      this.#playing = sound.clip ? this.#decoded(sound, row, from) : await this.#streamed(sound, row, from);
      if (turn !== this.#turn) { this.#playing?.stop(); this.#playing = null; return; }
    } catch (error) {
      if (turn !== this.#turn) return;
      this.stop();
      this.dispatchEvent(new CustomEvent("trouble", { detail: { row, error } }));
      return;
    }
    this.#tell();
  }

  stop() {
    this.#turn++;
    this.#silence();
    this.row = null;
    this.#tell();
  }

  /** Where in its sound the player is, in seconds; null if nothing is heard. */
  get position() { return this.#playing?.position() ?? null; }

  setLoop(loops) {
    this.loops = loops;
    this.#playing?.setLoop(loops);
  }

  setLevels(levels) {
    this.levels = levels;
    if (this.row && this.position !== null) this.play(this.row, this.position);
  }

  #silence() {
    this.#playing?.stop();
    this.#playing = null;
  }

  #tell() { this.dispatchEvent(new Event("change")); }

  #ended(turn) {
    if (turn !== this.#turn) return;
    const { row } = this;
    this.stop();
    this.dispatchEvent(new CustomEvent("ended", { detail: row }));
  }

  #output(level) {
    const gain = this.context.createGain();
    const now = this.context.currentTime;
    gain.gain.setValueAtTime(0, now);
    gain.gain.linearRampToValueAtTime(level, now + FADE);
    gain.connect(this.context.destination);
    return gain;
  }

  #decoded({ clip, file }, row, from) {
    const { context } = this;
    const { buffer } = clip;
    const start = Math.max(clip.start, row.place?.start ?? clip.start), end = Math.min(clip.end, row.place?.end ?? clip.end);
    const gain = this.#output(this.levels ? gainOf(clip, start, end) : 1);
    const source = context.createBufferSource();
    source.buffer = buffer;
    // What is shorter than that is no more than a click by itself.
    const mustLoop = end - start < 0.03;
    source.loop = this.loops || mustLoop;
    [source.loopStart, source.loopEnd] = [start - clip.start, end - clip.start];
    source.connect(gain);
    const turn = this.#turn;
    source.onended = () => {
      // The next part of a long sound.
      if (turn === this.#turn && !row.place && end < file.duration - 0.05) this.play(row, end);
      else this.#ended(turn);
    };
    const begun = context.currentTime;
    source.start(begun, Math.max(0, from - clip.start));
    const fade = () => {
      const now = context.currentTime;
      gain.gain.cancelScheduledValues(now);
      gain.gain.setTargetAtTime(0, now, FADE / 3);
      source.stop(now + 2 * FADE);
    };
    const position = () => {
      const passed = context.currentTime - begun + from;
      return source.loop && passed > end ? start + ((passed - start) % (end - start)) : Math.min(passed, end);
    };
    let ending = 0;
    const setLoop = (loops) => {
      source.loop = loops || mustLoop;
      clearTimeout(ending);
      if (!source.loop) ending = setTimeout(fade, 1000 * Math.max(0, end - position() - FADE));
    };
    setLoop(this.loops);
    return { stop() { clearTimeout(ending); source.onended = null; fade(); }, setLoop, position };
  }

  async #streamed({ url, file }, row, from) {
    const { context } = this;
    const audio = new Audio(url);
    const source = context.createMediaElementSource(audio);
    const turn = this.#turn;
    let level = 1;
    if (this.levels) {
      const end = Math.min(file.duration, from + JUDGED);
      const clip = await this.#clip(await this.#offer(row), row, Math.max(0, end - JUDGED), end);
      level = gainOf(clip, clip.start, clip.end);
    }
    const gain = this.#output(level);
    source.connect(gain);
    const end = row.place?.end ?? Infinity, start = row.place?.start ?? 0;
    audio.loop = this.loops && !row.place;
    audio.currentTime = from;
    audio.addEventListener("ended", () => this.#ended(turn));
    audio.addEventListener("timeupdate", () => {
      if (audio.currentTime < end) return;
      if (this.loops) audio.currentTime = start; else this.#ended(turn);
    });
    await audio.play();
    return {
      stop() {
        gain.gain.setTargetAtTime(0, context.currentTime, FADE / 3);
        setTimeout(() => { audio.pause(); audio.removeAttribute("src"); audio.load(); gain.disconnect(); }, 3000 * FADE);
      },
      setLoop(loops) { audio.loop = loops && !row.place; },
      position: () => audio.currentTime,
    };
  }
}
