// What is heard: one sound at a time, equally loud as the others.
import { ask } from "./server.js";
import { identity } from "./list.js";

/** Seconds up to which a sound is decoded whole; longer ones are streamed. */
const LONGEST_DECODED = 30;
const CACHED_SOUNDS = 64, CACHED_BYTES = 100e6;
const FADE = 0.005;

/** The gain that brings the loudest 400 ms to -18 dBFS, with peaks below -1 dBFS, within 24 dB. */
export function levelGain(channels, rate, from = 0, to = channels[0].length) {
  const window = Math.max(1, Math.min(Math.round(0.4 * rate), to - from));
  let peak = 0, sum = 0, most = 0;
  for (let i = from; i < to; i++) {
    let power = 0;
    for (const samples of channels) {
      const value = samples[i];
      power += value * value;
      if (value > peak) peak = value; else if (-value > peak) peak = -value;
    }
    sum += power;
    if (i - window >= from) for (const samples of channels) sum -= samples[i - window] ** 2;
    if (sum > most) most = sum;
  }
  if (peak === 0) return 1;
  const loudness = Math.sqrt(most / (window * channels.length));
  const wanted = Math.min(10 ** (-18 / 20) / loudness, 10 ** (-1 / 20) / peak);
  return Math.min(Math.max(wanted, 10 ** (-24 / 20)), 10 ** (24 / 20));
}

export class Player extends EventTarget {
  loops = false;
  levels = true;
  /** The row that is heard. */
  row = null;
  #context = null;
  #playing = null;
  #sounds = new Map();
  #turn = 0;

  /** For tests: what is heard goes through here. */
  get context() {
    this.#context ??= new AudioContext({ latencyHint: "interactive" });
    return this.#context;
  }

  /** What is known of a sound: its facts, and its samples if it is short. */
  load(row) {
    const name = row.path_bytes ?? row.path;
    const known = this.#sounds.get(name);
    this.#sounds.delete(name);
    const loading = known ?? this.#load(row);
    this.#sounds.set(name, loading);
    loading.catch(() => this.#sounds.delete(name));
    this.#forget();
    return loading;
  }

  async #load(row) {
    const { url, file } = await ask("sound", { path: row.path, path_bytes: row.path_bytes });
    const sound = { url, file, buffer: null };
    if (file.duration <= LONGEST_DECODED) {
      const response = await fetch(url);
      if (!response.ok) throw new Error((await response.json().catch(() => ({}))).reason ?? "it cannot be had");
      sound.buffer = await this.context.decodeAudioData(await response.arrayBuffer());
    }
    return sound;
  }

  async #forget() {
    let bytes = 0, count = 0;
    for (const [name, loading] of [...this.#sounds].reverse()) {
      const sound = await loading.catch(() => null);
      bytes += sound?.buffer ? sound.buffer.length * sound.buffer.numberOfChannels * 4 : 0;
      count += 1;
      if (count > CACHED_SOUNDS || bytes > CACHED_BYTES) this.#sounds.delete(name);
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
      sound = await this.load(row);
      if (turn !== this.#turn) return;
      this.#playing = sound.buffer ? this.#decoded(sound, row, from) : await this.#streamed(sound, row, from);
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

  #ended(turn) { if (turn === this.#turn) this.stop(); }

  #output(level) {
    const gain = this.context.createGain();
    const now = this.context.currentTime;
    gain.gain.setValueAtTime(0, now);
    gain.gain.linearRampToValueAtTime(level, now + FADE);
    gain.connect(this.context.destination);
    return gain;
  }

  #decoded({ buffer }, row, from) {
    const { context } = this;
    const [start, end] = row.place ? [row.place.start, Math.min(row.place.end, buffer.duration)] : [0, buffer.duration];
    const channels = Array.from({ length: buffer.numberOfChannels }, (_, channel) => buffer.getChannelData(channel));
    const sample = (second) => Math.min(buffer.length, Math.round(second * buffer.sampleRate));
    const gain = this.#output(this.levels ? levelGain(channels, buffer.sampleRate, sample(start), sample(end)) : 1);
    const source = context.createBufferSource();
    source.buffer = buffer;
    // What is shorter than that is no more than a click by itself.
    const mustLoop = end - start < 0.03;
    source.loop = this.loops || mustLoop;
    [source.loopStart, source.loopEnd] = [start, end];
    source.connect(gain);
    const turn = this.#turn;
    source.onended = () => this.#ended(turn);
    const begun = context.currentTime;
    source.start(begun, from);
    let ending = source.loop ? null : setTimeout(() => fade(), 1000 * Math.max(0, end - from - FADE));
    const fade = () => {
      const now = context.currentTime;
      gain.gain.cancelScheduledValues(now);
      gain.gain.setTargetAtTime(0, now, FADE / 3);
      source.stop(now + 2 * FADE);
    };
    return {
      stop() { clearTimeout(ending); source.onended = null; fade(); },
      setLoop(loops) {
        source.loop = loops || mustLoop;
        clearTimeout(ending);
        if (!source.loop) ending = setTimeout(fade, 1000 * Math.max(0, end - this.position() - FADE));
      },
      position() {
        const passed = context.currentTime - begun + from;
        return source.loop && passed > end ? start + ((passed - start) % (end - start)) : Math.min(passed, end);
      },
    };
  }

  async #streamed({ url }, row, from) {
    const audio = new Audio(url);
    const gain = this.#output(1);
    const source = this.context.createMediaElementSource(audio);
    source.connect(gain);
    const end = row.place?.end ?? Infinity, start = row.place?.start ?? 0;
    const turn = this.#turn;
    audio.loop = this.loops && !row.place;
    audio.currentTime = from;
    audio.addEventListener("ended", () => this.#ended(turn));
    audio.addEventListener("timeupdate", () => {
      if (audio.currentTime < end) return;
      if (this.loops) audio.currentTime = start; else this.#ended(turn);
    });
    await audio.play();
    const { context } = this;
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

export const sameRow = (a, b) => a !== null && b !== null && identity(a) === identity(b);
