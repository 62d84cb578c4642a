import Glibc

extension BandVariant {
    /// Makes the variant of a sound.
    ///
    /// - Parameter bands: Frames in the form of ``FeatureFrames/bands``, whose bytes may be any. A frame whose strongest
    ///   band is no positive finite number is silent.
    /// - Returns: Frames in the same form. Transposing changes how many there are, though never to none; a shift adds one.
    /// - Precondition: The bytes are those of whole frames.
    /// - Complexity: O(*n*) in the number of frames.
    package func apply(to bands: [UInt8]) -> [UInt8] {
        let sound = BandReader(bands)
        guard sound.count > 0 else { return [] }
        switch self {
        case .transposed(let numerator, let denominator):
            return Self.transpose(sound, numerator: numerator, denominator: denominator)
        case .lowPassed(let hertz, let slope):
            return Self.filter(sound) { -slope * max(0, log2($0 / hertz)) }
        case .highPassed(let hertz, let slope):
            return Self.filter(sound) { -slope * max(0, log2(hertz / $0)) }
        case .noisy(let decibels):
            return Self.addNoise(to: sound, power: pow(10, decibels / 10))
        case .shifted(let share, let onset):
            return Self.shift(sound, share: share, onset: onset)
        }
    }

    /// Transposes each frame, and stretches time so that the first and the last frame stay what they are.
    private static func transpose(_ sound: BandReader, numerator: Int, denominator: Int) -> [UInt8] {
        let transposition = BandTransposition(ratio: Double(numerator) / Double(denominator))
        let stretched = Double(sound.count * denominator) / Double(numerator)
        let count = max(1, Int(stretched.rounded(.toNearestOrEven)))
        var writer = BandWriter(capacity: count)
        for frame in 0..<count {
            let place = count == 1 ? 0 : Double(frame * (sound.count - 1)) / Double(count - 1)
            let before = max(0, min(Int(place), sound.count - 2))
            let share = place - Double(before)
            var levels = transposition(sound.levels(of: before))
            if share > 0 {
                let next = transposition(sound.levels(of: before + 1))
                for band in levels.indices { levels[band] = levels[band] * (1 - share) + next[band] * share }
            }
            writer.append(levels: levels)
        }
        return writer.bands
    }

    /// Changes the level of each band by a gain in decibels, which depends on the band's centre in hertz.
    private static func filter(_ sound: BandReader, gain: (Double) -> Double) -> [UInt8] {
        let gains = BandScale.centres.map(gain)
        var writer = BandWriter(capacity: sound.count)
        for frame in 0..<sound.count {
            writer.append(levels: zip(sound.levels(of: frame), gains).map { $0 + $1 })
        }
        return writer.bands
    }

    /// Adds noise of the same power in every hertz; that in the widest band is given, the sound's strongest band being 1.
    private static func addNoise(to sound: BandReader, power: Double) -> [UInt8] {
        let top = (0..<sound.count).reduce(0) { top, frame in sound.powers(of: frame).reduce(top) { max($0, $1) } }
        let widest = BandScale.bandwidths[BandScale.count - 1]
        let noise = BandScale.bandwidths.map { top * power * $0 / widest }
        var writer = BandWriter(capacity: sound.count)
        for frame in 0..<sound.count {
            writer.append(powers: zip(sound.powers(of: frame), noise).map { $0 + $1 })
        }
        return writer.bands
    }

    private static func shift(_ sound: BandReader, share: Double, onset: Double) -> [UInt8] {
        var writer = BandWriter(capacity: sound.count + 1)
        var before = sound.powers(of: 0)
        writer.append(powers: before.map { $0 * onset })
        for frame in 1..<sound.count + 1 {
            let next = frame < sound.count ? sound.powers(of: frame) : Array(repeating: 0, count: BandScale.count)
            writer.append(powers: zip(before, next).map { $0 * share + $1 * (1 - share) })
            before = next
        }
        return writer.bands
    }
}
