import Glibc

/// Finds the fundamental whose harmonics explain the peaks of a spectrum best, and that has most of them.
///
/// Each low peak is taken for each of the first eight harmonics of some fundamental. The score of a fundamental weighs the
/// share of the peaks that are its harmonics against the share of its low harmonics that are there, the two directions of
/// R. Maher and J. Beauchamp, "Fundamental frequency estimation of musical signals using a two-way mismatch procedure",
/// *J. Acoust. Soc. Am.* 95 (1994), pp. 2254-2263. The constants were chosen on 1,460 sounds of known pitch, and change
/// little if they are changed.
struct PitchEstimate {
    /// In hertz.
    let fundamental: Double
    /// 0 to 1.
    let score: Double

    /// Fundamentals that are looked for, in hertz.
    private static let range = 30.0...4500.0
    /// Peaks above this frequency, with less prominence, or so far below the strongest one do not count.
    private static let highest = 5000.0
    private static let leastProminence = 1.5
    private static let reach = 40.0
    /// A peak of so many decibels counts in full.
    private static let fullProminence = 8.0
    /// Peaks weigh as much as their amplitude to this power.
    private static let compression = 0.6
    /// Peaks that are taken for a harmonic, and for which ones.
    private static let leadingPeaks = 10
    private static let mostDivided = 8
    /// Harmonics that should be there, at the most, if they can be told apart.
    private static let mostHarmonics = 12
    /// How far a harmonic may be off, relative to its frequency and to the fundamental.
    private static let tolerance = 0.025
    private static let deviation = 0.2
    /// How much it counts that peaks are explained, and not that harmonics are there.
    private static let explainedShare = 0.6

    /// A peak as it counts here.
    private struct Partial {
        var frequency: Double
        var weight: Double
        var clearness: Double
    }

    /// Nil if there is no peak, or none of a pitch.
    init?(_ profile: BandProfile) {
        let peaks = profile.peaks
        let top = peaks.map(\.level).max() ?? 0
        let partials = peaks.filter {
            $0.level > top - Self.reach && $0.prominence > Self.leastProminence && $0.frequency < Self.highest
        }.map { peak in
            let clearness = min(peak.prominence / Self.fullProminence, 1)
            let amplitude = pow(10, (peak.level - top) * Self.compression / 20)
            return Partial(frequency: peak.frequency, weight: amplitude * clearness, clearness: clearness)
        }
        var best: (fundamental: Double, score: Double)?
        for partial in partials.prefix(Self.leadingPeaks) {
            for number in 1...Self.mostDivided {
                let candidate = partial.frequency / Double(number)
                guard Self.range.contains(candidate), let fundamental = Self.refine(candidate, partials) else {
                    continue
                }
                let score = Self.score(fundamental, partials)
                if score > best?.score ?? 0 { best = (fundamental, score) }
            }
        }
        guard let best, Self.range.contains(best.fundamental) else { return nil }
        (fundamental, score) = best
    }

    /// How well a peak agrees with the nearest harmonic, 0 to 1, and which one that is.
    private static func agreement(of frequency: Double, with fundamental: Double) -> (number: Double, value: Double) {
        let number = max((frequency / fundamental).rounded(), 1)
        let off = frequency - number * fundamental
        let relative = off / (number * fundamental * tolerance)
        let deviation = off / (fundamental * deviation)
        let square = relative * relative + deviation * deviation
        return (number, square > 24 ? 0 : exp(-square / 2))
    }

    /// The fundamental that follows from all peaks that agree with another one.
    private static func refine(_ fundamental: Double, _ partials: [Partial]) -> Double? {
        var (sum, total) = (0.0, 0.0)
        for partial in partials {
            let (number, value) = agreement(of: partial.frequency, with: fundamental)
            sum += partial.weight * value * partial.frequency
            total += partial.weight * value * number
        }
        return total > 0 ? sum / total : nil
    }

    private static func score(_ fundamental: Double, _ partials: [Partial]) -> Double {
        // Harmonics are told apart where their distance is more than a band and the window are wide; above the last peak
        // there are none.
        let resolved = max((fundamental - 25) / 0.054 / fundamental, 1)
        let heard = max(((partials.last?.frequency ?? 0) / fundamental).rounded(), 1)
        let count = min(Int(min(resolved, heard)), mostHarmonics)
        var found = [Double](repeating: 0, count: count + 1)
        var (explained, total) = (0.0, 0.0)
        for partial in partials {
            let (number, value) = agreement(of: partial.frequency, with: fundamental)
            explained += partial.weight * value
            total += partial.weight
            let place = Int(number)
            if place <= count { found[place] = max(found[place], value * partial.clearness) }
        }
        var (present, expected) = (0.0, 0.0)
        for number in 1...count {
            let weight = 1 / Double(number).squareRoot()
            present += weight * found[number]
            expected += weight
        }
        return explainedShare * explained / total + (1 - explainedShare) * present / expected
    }
}

extension Pitch {
    /// Reads the pitch of loud frames; nil if nothing is sure enough.
    ///
    /// It is sure where the score is high and both halves of the sound say the same. The constants are those of a logistic
    /// regression on 4,000 sounds, pitched ones and cymbals, snares and noises.
    ///
    /// - Parameter frames: Frames and how much each weighs, one after the other.
    /// - Complexity: O(*n*) in the number of frames, and some 50 µs.
    init?(of bands: [UInt8], _ frames: [(frame: Int, weight: Double)]) {
        guard !frames.isEmpty, let whole = PitchEstimate(BandProfile(of: bands, frames[...])) else { return nil }
        let half = frames.reduce(0) { $0 + $1.weight } / 2
        var (middle, sum) = (0, 0.0)
        while middle < frames.count, sum < half {
            sum += frames[middle].weight
            middle += 1
        }
        let halves = [frames[..<middle], frames[middle...]].filter { !$0.isEmpty }
        let agreeing = halves.count { half in
            guard let part = PitchEstimate(BandProfile(of: bands, half)) else { return false }
            return abs(12 * log2(part.fundamental / whole.fundamental)) < 0.6
        }
        let agreement = Double(agreeing) / Double(halves.count)
        let confidence = 1 / (1 + exp(9.7 - 9.5 * whole.score - 4 * agreement))
        guard confidence >= Self.leastConfidence else { return nil }
        self.init(hertz: whole.fundamental, confidence: confidence)
    }
}
