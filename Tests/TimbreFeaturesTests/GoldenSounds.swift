import TestSounds

/// A synthetic sound of which the reference implementation's features are on file, in `Golden`.
struct GoldenSound: CustomStringConvertible {
    var name: String
    var wave: WaveFile
    /// Samples at 22 050 Hz, frames, and which of these are silent, as the reference implementation counts.
    var sampleCount: Int
    var frameCount: Int
    var silent: [Int] = []

    var description: String { name }

    private init(_ name: String, _ wave: WaveFile, samples: Int, frames: Int, silent: [Int] = []) {
        self.name = name
        self.wave = wave
        sampleCount = samples
        frameCount = frames
        self.silent = silent
    }

    static let all: [GoldenSound] = [
        GoldenSound("sine440_44100", WaveFile(Signal.sine440, rate: 44_100), samples: 22_050, frames: 43),
        GoldenSound(
            "noise_48000_stereo", WaveFile(Signal.stereo, rate: 48_000, channels: 2, encoding: .pcm24),
            samples: 28_665, frames: 55),
        GoldenSound("sweep_96000", WaveFile(Signal.sweep, rate: 96_000), samples: 44_100, frames: 86),
        GoldenSound("pluck_22050", WaveFile(Signal.pluck, rate: 22_050), samples: 22_050, frames: 43),
        GoldenSound("short_44100", WaveFile(Signal.short, rate: 44_100), samples: 440, frames: 1),
        GoldenSound("one_sample_44100", WaveFile([0.5], rate: 44_100), samples: 1, frames: 1),
        GoldenSound(
            "silence_44100", WaveFile(Array(repeating: 0, count: 22_050), rate: 44_100), samples: 11_025, frames: 21,
            silent: Array(0..<21)),
        GoldenSound(
            "six_channels_48000", WaveFile(Signal.sixChannels, rate: 48_000, channels: 6), samples: 13_230,
            frames: 25),
        GoldenSound("low_8000", WaveFile(Signal.low, rate: 8000), samples: 33_075, frames: 64),
        GoldenSound(
            "burst_and_gap_44100", WaveFile(Signal.burstAndGap, rate: 44_100), samples: 44_100, frames: 86,
            silent: Array(0...2) + Array(5...45) + Array(73...85)),
        GoldenSound(
            "nonfinite_44100", WaveFile(Signal.nonfinite, rate: 44_100, encoding: .float), samples: 15_000, frames: 29),
        GoldenSound("noise_192000", WaveFile(Signal.fastNoise, rate: 192_000), samples: 6615, frames: 12),
        GoldenSound("sixty_frames_22050", WaveFile(Signal.swells, rate: 22_050), samples: 31_232, frames: 60),
        GoldenSound("odd_rate_44101", WaveFile(Signal.oddNoise, rate: 44_101), samples: 11_025, frames: 21),
        GoldenSound("fm_44100", WaveFile(Signal.fm, rate: 44_100), samples: 66_150, frames: 129),
        // What lies outside the bands leaves only leakage inside, fainter than the noise of single precision.
        GoldenSound("above_the_bands_22050", WaveFile(Signal.high, rate: 22_050), samples: 22_050, frames: 43),
        GoldenSound(
            "offset_44100", WaveFile(Signal.offset(44_100), rate: 44_100, encoding: .pcm24), samples: 22_050,
            frames: 43),
        GoldenSound(
            "offset_48000", WaveFile(Signal.offset(48_000), rate: 48_000, encoding: .pcm24), samples: 22_050,
            frames: 43),
    ]
}
