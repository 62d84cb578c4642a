import Glibc
import SoundFeatures

/// Stored Bark bands of sounds that are made up: hiss over all bands with a tilt, and bursts in it.
package struct MadeUpBands {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// A number from 0 to below 1.
    package mutating func draw() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) / Float(1 << 24)
    }

    /// Levels in decibels, shape `[count, 100]`, of hiss around −60 dB.
    package mutating func hiss(_ count: Int) -> [[Float]] {
        (0..<count).map { _ in (0..<100).map { band in -60 - 0.1 * Float(band) + 8 * (draw() + draw() - 1) } }
    }

    /// Levels in decibels of a burst: a band of the spectrum that dies away.
    package mutating func burst(_ count: Int, from band: Int, level: Float) -> [[Float]] {
        (0..<count).map { frame in
            (0..<100).map { level - 0.9 * Float(frame) - 1.5 * abs(Float($0 - band)) + 2 * draw() }
        }
    }

    /// Adds the power of one sound to that of another from a frame on.
    package static func mix(_ sound: [[Float]], into levels: inout [[Float]], at frame: Int) {
        for (row, values) in sound.enumerated() where levels.indices.contains(frame + row) {
            for (band, value) in values.enumerated() {
                let (a, b) = (levels[frame + row][band], value)
                levels[frame + row][band] = max(a, b) + log(1 + exp(-abs(a - b) * ln10 / 10)) * 10 / ln10
            }
        }
    }

    /// What is stored of levels, in the form of `FeatureFrames.bands`.
    package static func stored(_ levels: [[Float]]) -> [UInt8] {
        levels.flatMap { frame in
            let peak = frame.max() ?? -200
            let amplitude: Float = peak > -119 ? exp(peak * ln10 / 20) : 0
            let bits = amplitude.bitPattern
            let head = (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt32($0))) }
            return head + frame.map { UInt8(min(max(255 + ($0 - peak) * 255 / 80, 0), 255).rounded()) }
        }
    }
}

private let ln10 = log(Float(10))
