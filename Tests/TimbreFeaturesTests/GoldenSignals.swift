import Glibc
import TestSounds

/// The samples of the golden sounds, full scale being 1.
enum Signal {
    static var sine440: [Double] { scaled(sine(440, count: 44_100, rate: 44_100), 0.5) }

    static var stereo: [Double] { scaled(interleaved([noise(62_400, seed: 1), noise(62_400, seed: 2)]), 0.3) }

    static var sweep: [Double] {
        sampled(192_000, rate: 96_000) { (time: Double) -> Double in
            let cycles: Double = 50 * time + 2487.5 * time * time
            return 0.6 * sin(2 * Double.pi * cycles)
        }
    }

    static var pluck: [Double] {
        sampled(22_050, rate: 22_050) { (time: Double) -> Double in
            var sum = 0.0
            for partial in 1..<30 {
                let number = Double(partial)
                sum += sin(2 * Double.pi * 196 * number * time) / number
            }
            return 0.2 * exp(-4 * time) * sum
        }
    }

    static var short: [Double] { scaled(sine(1000, count: 880, rate: 44_100), 0.4) }

    static var sixChannels: [Double] {
        var channels: [[Double]] = []
        for channel in 0..<6 {
            let hiss = scaled(noise(28_800, seed: UInt32(10 + channel)), 0.2)
            let tone = scaled(sine(300 * Double(channel + 1), count: 28_800, rate: 48_000), 0.1)
            channels.append(hiss.indices.map { hiss[$0] + tone[$0] })
        }
        return interleaved(channels)
    }

    static var low: [Double] {
        let decay = sampled(12_000, rate: 8000) { (time: Double) -> Double in exp(-2 * time) }
        let hiss = scaled(noise(12_000, seed: 3), 0.3)
        return hiss.indices.map { hiss[$0] * decay[$0] }
    }

    static var burstAndGap: [Double] {
        var sound = [Double](repeating: 0, count: 88_200)
        sound.replaceSubrange(4410..<4851, with: scaled(noise(441, seed: 4), 0.8))
        sound.replaceSubrange(49_100..<74_100, with: scaled(sine(700, count: 25_000, rate: 44_100), 0.2))
        return sound
    }

    static var nonfinite: [Double] {
        var sound = scaled(noise(30_000, seed: 5), 0.2)
        sound.replaceSubrange(1000..<1003, with: [Double.nan, Double.infinity, -Double.infinity])
        return sound
    }

    static var fastNoise: [Double] { scaled(noise(57_600, seed: 6), 0.3) }

    static var swells: [Double] {
        let hiss = scaled(noise(31_232, seed: 7), 0.3)
        let swell = sine(3, count: 31_232, rate: 22_050)
        return hiss.indices.map { hiss[$0] * swell[$0] * swell[$0] }
    }

    static var oddNoise: [Double] { scaled(noise(22_050, seed: 8), 0.3) }

    static var fm: [Double] {
        sampled(132_300, rate: 44_100) { (time: Double) -> Double in
            let depth: Double = 6 * exp(-time)
            let phase: Double = 2 * Double.pi * 220 * time + depth * sin(2 * Double.pi * 331 * time)
            return 0.4 * sin(phase)
        }
    }

    static var high: [Double] { scaled(sine(10_600, count: 22_050, rate: 22_050), 0.5) }

    static func offset(_ rate: Int) -> [Double] { scaled(sine(1000, count: rate, rate: rate), 0.001).map { 0.5 + $0 } }

    private static func scaled(_ samples: [Double], _ factor: Double) -> [Double] { samples.map { $0 * factor } }
}
