import Glibc
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

    static let all = [
        GoldenSound(
            name: "sine440_44100",
            wave: WaveFile(sine(440, count: 44_100, rate: 44_100).map { 0.5 * $0 }, rate: 44_100),
            sampleCount: 22_050, frameCount: 43),
        GoldenSound(
            name: "noise_48000_stereo",
            wave: WaveFile(
                interleaved([noise(62_400, seed: 1), noise(62_400, seed: 2)]).map { 0.3 * $0 }, rate: 48_000,
                channels: 2, encoding: .pcm24),
            sampleCount: 28_665, frameCount: 55),
        GoldenSound(
            name: "sweep_96000",
            wave: WaveFile(
                sampled(192_000, rate: 96_000) { 0.6 * sin(2 * .pi * (50 * $0 + 2487.5 * $0 * $0)) }, rate: 96_000),
            sampleCount: 44_100, frameCount: 86),
        GoldenSound(
            name: "pluck_22050",
            wave: WaveFile(
                sampled(22_050, rate: 22_050) { time in
                    let partials = (1..<30).map { sin(2 * .pi * 196 * Double($0) * time) / Double($0) }
                    return 0.2 * exp(-4 * time) * partials.reduce(0, +)
                }, rate: 22_050),
            sampleCount: 22_050, frameCount: 43),
        GoldenSound(
            name: "short_44100", wave: WaveFile(sine(1000, count: 880, rate: 44_100).map { 0.4 * $0 }, rate: 44_100),
            sampleCount: 440, frameCount: 1),
        GoldenSound(name: "one_sample_44100", wave: WaveFile([0.5], rate: 44_100), sampleCount: 1, frameCount: 1),
        GoldenSound(
            name: "silence_44100", wave: WaveFile(Array(repeating: 0, count: 22_050), rate: 44_100),
            sampleCount: 11_025, frameCount: 21, silent: Array(0..<21)),
        GoldenSound(
            name: "six_channels_48000",
            wave: WaveFile(
                interleaved(
                    (0..<6).map { channel in
                        zip(
                            noise(28_800, seed: UInt32(10 + channel)),
                            sine(300 * Double(channel + 1), count: 28_800, rate: 48_000)
                        ).map { 0.2 * $0 + 0.1 * $1 }
                    }), rate: 48_000, channels: 6),
            sampleCount: 13_230, frameCount: 25),
        GoldenSound(
            name: "low_8000",
            wave: WaveFile(
                zip(noise(12_000, seed: 3), sampled(12_000, rate: 8000) { exp(-2 * $0) }).map { 0.3 * $0 * $1 },
                rate: 8000),
            sampleCount: 33_075, frameCount: 64),
        GoldenSound(
            name: "burst_and_gap_44100", wave: WaveFile(burstAndGap, rate: 44_100), sampleCount: 44_100,
            frameCount: 86, silent: Array(0...2) + Array(5...45) + Array(73...85)),
        GoldenSound(
            name: "nonfinite_44100", wave: WaveFile(nonfinite, rate: 44_100, encoding: .float), sampleCount: 15_000,
            frameCount: 29),
        GoldenSound(
            name: "noise_192000", wave: WaveFile(noise(57_600, seed: 6).map { 0.3 * $0 }, rate: 192_000),
            sampleCount: 6615, frameCount: 12),
        GoldenSound(
            name: "sixty_frames_22050",
            wave: WaveFile(
                zip(noise(31_232, seed: 7), sine(3, count: 31_232, rate: 22_050)).map { 0.3 * $0 * $1 * $1 },
                rate: 22_050),
            sampleCount: 31_232, frameCount: 60),
        GoldenSound(
            name: "odd_rate_44101", wave: WaveFile(noise(22_050, seed: 8).map { 0.3 * $0 }, rate: 44_101),
            sampleCount: 11_025, frameCount: 21),
        GoldenSound(
            name: "fm_44100",
            wave: WaveFile(
                sampled(132_300, rate: 44_100) {
                    0.4 * sin(2 * .pi * 220 * $0 + 6 * sin(2 * .pi * 331 * $0) * exp(-$0))
                }, rate: 44_100),
            sampleCount: 66_150, frameCount: 129),
        // What lies outside the bands leaves only leakage inside, fainter than the noise of single precision.
        GoldenSound(
            name: "above_the_bands_22050",
            wave: WaveFile(sine(10_600, count: 22_050, rate: 22_050).map { 0.5 * $0 }, rate: 22_050),
            sampleCount: 22_050, frameCount: 43),
        GoldenSound(
            name: "offset_44100",
            wave: WaveFile(
                sine(1000, count: 44_100, rate: 44_100).map { 0.5 + 0.001 * $0 }, rate: 44_100, encoding: .pcm24),
            sampleCount: 22_050, frameCount: 43),
        GoldenSound(
            name: "offset_48000",
            wave: WaveFile(
                sine(1000, count: 48_000, rate: 48_000).map { 0.5 + 0.001 * $0 }, rate: 48_000, encoding: .pcm24),
            sampleCount: 22_050, frameCount: 43),
    ]

    private static let burstAndGap: [Double] = {
        var sound = [Double](repeating: 0, count: 88_200)
        sound.replaceSubrange(4410..<4851, with: noise(441, seed: 4).map { 0.8 * $0 })
        let tone = sine(700, count: 25_000, rate: 44_100)
        sound.replaceSubrange(49_100..<74_100, with: tone.map { 0.2 * $0 })
        return sound
    }()

    private static let nonfinite: [Double] = {
        var sound = noise(30_000, seed: 5).map { 0.2 * $0 }
        sound.replaceSubrange(1000..<1003, with: [.nan, .infinity, -.infinity])
        return sound
    }()
}
