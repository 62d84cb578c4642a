// How loud a sound is, and what makes it as loud as the others.

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

/** The gain for a part of a clip, in seconds of its sound. */
export function gainOf({ buffer, start }, from, to) {
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, channel) => buffer.getChannelData(channel));
  const sample = (second) => Math.min(buffer.length, Math.max(0, Math.round((second - start) * buffer.sampleRate)));
  return levelGain(channels, buffer.sampleRate, sample(from), sample(to));
}
