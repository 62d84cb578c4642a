import Glibc
import SoundFeatures

/// Sounds in the form of ``FeatureFrames/bands``: those in ``all`` as `Tests/Quality/timbre_descriptors.py` makes them,
/// bit for bit.
package enum MadeUpSounds {
    /// The sounds whose descriptors are in ``goldenDescriptors``, by name; all but those of ``ends`` are in
    /// ``earlierGoldenDescriptors``, too.
    package static let all: [String: [UInt8]] = [
        "one frame": noise(1, seed: 1),
        "two frames": tone(2, decay: 0.5, seed: 2),
        "a tone that decays": tone(75, decay: 0.875, seed: 3),
        "noise": noise(150, seed: 4),
        "tones with silence around and between": [
            flat(5, peak: 0, level: 0), tone(20, decay: 0.75, seed: 5), flat(7, peak: 0, level: 0),
            tone(9, decay: 1, seed: 6), flat(3, peak: 0, level: 77),
        ].flatMap(\.self),
        "a sound that begins within a frame": [
            flat(2, peak: 0x1p-14, level: 9), slope(peak: 0x1p-6, step: 2), slope(peak: 0x1p-4, step: 1),
            tone(12, decay: 0.9375, seed: 7),
        ].flatMap(\.self),
        "odd peaks": oddPeaks(),
        "flat frames": flat(4, peak: 0.5, level: 200) + flat(40, peak: 0.125, level: 0),
    ]

    /// Sounds that end otherwise than a recording in a studio does, as `Tests/Training/golden_descriptors.py` makes them.
    package static let ends: [String: [UInt8]] = [
        "a tone with hum around it": [
            flat(30, peak: 0x1p-8, level: 190), tone(40, decay: 0.875, seed: 9), flat(40, peak: 0x1p-7, level: 200),
        ].flatMap(\.self),
        "hum alone": flat(40, peak: 0x1p-7, level: 200),
        "a tone without treble": withoutTreble(tone(30, decay: 0.9375, seed: 10), bandCount: 55),
    ]

    /// Partials that fade, the higher the sooner, over a little noise; each frame is `decay` times the one before.
    package static func tone(_ count: Int, decay: Float, seed: UInt64) -> [UInt8] {
        var noise = RandomBytes(state: seed)
        var peak: Float = 0.5
        return (0..<count).flatMap { time in
            defer { peak *= decay }
            return frame(
                peak: peak,
                levels: (0..<100).map { band in
                    let partial = 255 - 40 * ((band + 50) % 12) - band * (time + 8) / 16
                    return UInt8(max(partial, Int(noise.next()) / 8))
                })
        }
    }

    /// Levels of which all are as likely, in frames whose peaks differ as much as 16-fold.
    package static func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var source = RandomBytes(state: seed)
        return (0..<count).flatMap { _ in
            let peak = Float(source.next() % 16 + 1) / 32
            return frame(peak: peak, levels: (0..<100).map { _ in source.next() })
        }
    }

    package static func slope(peak: Float, step: Int) -> [UInt8] {
        frame(peak: peak, levels: (0..<100).map { UInt8(255 - step * $0) })
    }

    package static func flat(_ count: Int, peak: Float, level: UInt8) -> [UInt8] {
        (0..<count).flatMap { _ in frame(peak: peak, levels: Array(repeating: level, count: 100)) }
    }

    /// Spectra so smooth that almost nothing is left of them after the first cepstra.
    package static func waves(_ count: Int) -> [UInt8] {
        (0..<count).flatMap { time in
            let levels = (0..<100).map { band in
                let angle = Double.pi * Double((time % 5 + 1) * (2 * band + 1)) / 200
                return UInt8((128 + 127 * cos(angle)).rounded())
            }
            return frame(peak: 1 / Float(time + 1), levels: levels)
        }
    }

    /// Any bytes at all: most peaks lie far apart, and some are no numbers.
    package static func anyBytes(_ count: Int, seed: UInt64) -> [UInt8] {
        var source = RandomBytes(state: seed)
        let frames = (0..<count * FeatureFrames.bandStride).map { _ in source.next() }
        return frames + frame(peak: 1, levels: frames.prefix(100))
    }

    /// Frames as no extractor sends them.
    package static func oddPeaks() -> [UInt8] {
        let peaks: [Float] = [0.25, .nan, 0.125, -1, .infinity, -0.0, 0.5, .leastNonzeroMagnitude]
        return mapPeaks(of: noise(peaks.count, seed: 8)) { frame, _ in peaks[frame] }
    }

    /// Only the first bands: what a low sampling rate leaves of a sound.
    package static func withoutTreble(_ bands: [UInt8], bandCount: Int) -> [UInt8] {
        bands.indices.map { $0 % FeatureFrames.bandStride < 4 + bandCount ? bands[$0] : 0 }
    }

    /// A sound that begins later within its frames: each has a share of the power of the one before, and the rest of its
    /// own.
    package static func shifted(_ bands: [UInt8], share: Double, onset: Double) -> [UInt8] {
        let sound = levels(of: bands).map { $0.map { pow(10, $0 / 10) } }
        let silent = [Double](repeating: 0, count: 100)
        let before = [sound[0].map { $0 * onset / share }] + sound
        return zip(before, sound + [silent]).flatMap { before, next in
            frame(levels: zip(before, next).map { 10 * log10(max($0 * share + $1 * (1 - share), 1e-24)) })
        }
    }

    /// A sound whose frequencies are multiplied: bands lie on the scale 6 asinh(f / 600).
    package static func transposed(_ bands: [UInt8], ratio: Double) -> [UInt8] {
        let (low, high) = (6 * asinh(50.0 / 600), 6 * asinh(9000.0 / 600))
        let places = (0..<100).map { band in
            let hertz = 600 * sinh((low + (high - low) * Double(band) / 99) / 6) / ratio
            return min(max((6 * asinh(hertz / 600) - low) / (high - low) * 99, 0), 98.999)
        }
        return levels(of: bands).flatMap { levels in
            frame(
                levels: places.map { place in
                    let (band, share) = (Int(place), place - place.rounded(.down))
                    return levels[band] * (1 - share) + levels[band + 1] * share
                })
        }
    }

    /// The levels of each frame's bands in decibels.
    private static func levels(of bands: [UInt8]) -> [[Double]] {
        stride(from: 0, to: bands.count, by: FeatureFrames.bandStride).map { start in
            let bits = (0..<4).reduce(0) { $0 | UInt32(bands[start + $1]) << UInt32(8 * $1) }
            let top = 20 * log10(max(Double(Float(bitPattern: bits)), 1e-12))
            return bands[start + 4..<start + FeatureFrames.bandStride].map { top + (Double($0) - 255) * 80 / 255 }
        }
    }

    /// A frame of levels in decibels.
    private static func frame(levels: [Double]) -> [UInt8] {
        let top = levels.max() ?? 0
        return frame(
            peak: Float(pow(10, top / 20)), levels: levels.map { UInt8(max(0, 255 + ($0 - top) * 255 / 80).rounded()) })
    }

    /// A sound with other peaks, told the number and the peak of each frame.
    package static func mapPeaks(of bands: [UInt8], _ transform: (Int, Float) -> Float) -> [UInt8] {
        stride(from: 0, to: bands.count, by: FeatureFrames.bandStride).flatMap { start in
            let bits = (0..<4).reduce(0) { $0 | UInt32(bands[start + $1]) << UInt32(8 * $1) }
            let peak = transform(start / FeatureFrames.bandStride, Float(bitPattern: bits))
            return frame(peak: peak, levels: bands[start + 4..<start + FeatureFrames.bandStride])
        }
    }

    private static func frame(peak: Float, levels: some Collection<UInt8>) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: peak.bitPattern >> UInt32(8 * $0)) } + levels
    }
}

/// The upper bytes of a linear congruential generator's states. Source: D. Knuth's MMIX.
private struct RandomBytes {
    var state: UInt64

    mutating func next() -> UInt8 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(state >> 56)
    }
}
