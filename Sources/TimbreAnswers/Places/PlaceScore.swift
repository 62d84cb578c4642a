import Glibc

/// How likely a sound is heard at a place, from how well both agree.
///
/// A logistic regression over places that 288 sounds gave in 48 recordings of six minutes, in which some of them were
/// planted at 0 to 40 dB above textures and noise, and most were not; docs/QUALITY.md has its figures. The same agreement
/// says more of a long sound than of a short one, and less where many other places agree as well: what the places from the
/// 31st to the 100th reach is what a library of this size gives by chance.
struct PlaceScore {
    /// The median and the spread of what places by chance reach.
    private let chance: (median: Double, spread: Double)
    private let length: Double

    /// - Parameters:
    ///   - cosines: Of all places that were looked at, best first.
    ///   - frameCount: Frames of the sound.
    init(cosines: [Double], frameCount: Int) {
        let rest = cosines.count > 40 ? cosines[30..<min(cosines.count, 100)] : cosines[...]
        let sorted = rest.sorted()
        let median = sorted.isEmpty ? 0.5 : sorted[sorted.count / 2]
        let square = rest.reduce(0) { $0 + ($1 - median) * ($1 - median) } / Double(max(rest.count, 1))
        chance = (median, square.squareRoot() + 0.01)
        length = log(Double(min(max(frameCount, 1), 64)))
    }

    /// - Parameters:
    ///   - cosine: How well they agree, −1 to 1.
    ///   - distance: Of their vectors, in the metric's own unit.
    func logit(cosine: Double, distance: Double) -> Double {
        let excess = (cosine - chance.median) / chance.spread
        return -19.398 + (26.856 - 3.315 * length) * cosine + 0.032 * excess + 3.083 * length - 6.403 * chance.median
            - 2.868 * distance
    }

    static func probability(ofLogit logit: Double) -> Double { 1 / (1 + exp(-logit)) }

    /// The probability if sounds that are in no recording were as many as those that are in some: among what the score was
    /// fitted on they were 4.5 times as many, so that few of them are said to be heard.
    static func evenProbability(_ probability: Double) -> Double {
        4.5 * probability / (1 + 3.5 * probability)
    }
}
