import Glibc
import SoundFeatures
import TimbreFeatures

/// Sounds that are made sample by sample, and what is stored of them.
enum MadeTones {
    static let rate = Double(FeatureFrames.sampleRate)

    /// The stored bands of a sound, as an extractor makes them.
    static func bands(_ samples: [Float]) -> [UInt8] {
        var stream = FrameStream()
        var frames = FeatureFrames()
        stream.take(samples, from: ExactSource()) { frames.append($0) }
        stream.finish(from: ExactSource()) { frames.append($0) }
        return frames.bands
    }

    /// Samples that a function of the time in seconds gives.
    static func samples(_ seconds: Double, _ value: (Double) -> Double) -> [Float] {
        (0..<Int(seconds * rate)).map { Float(value(Double($0) / rate)) }
    }

    /// Some harmonics of a fundamental, each `slope` decibels an octave below the first.
    static func tone(_ hertz: Double, harmonics: ClosedRange<Int> = 1...1, slope: Double = 6) -> (Double) -> Double {
        { time in
            harmonics.reduce(0) { sum, number in
                let frequency = hertz * Double(number)
                guard frequency < 10_000 else { return sum }
                let level = pow(10, -slope * log2(Double(number)) / 20)
                return sum + 0.2 * level * sin(2 * .pi * frequency * time + Double(number * number))
            }
        }
    }

    /// White noise from -0.3 to 0.3.
    static func noise(_ seconds: Double, seed: UInt64 = 1) -> [Float] {
        var state = seed
        return (0..<Int(seconds * rate)).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Float(state >> 40) / Float(1 << 24) * 0.6 - 0.3
        }
    }
}
