import Glibc
import SoundFeatures

/// Estimates by its level alone whether a sound is a loop, which goes on from its end to its beginning, or a one-shot, which
/// begins once and dies away.
///
/// A loop is as loud in its second half and at its end as it is on average, and something begins in it more than once. The
/// weights are those of a logistic regression over 43 loops, 400 made of drum sounds, 843 drum sounds and 1,300 notes, which
/// count as much as each other.
enum LoopEstimate {
    /// What is heard for longer, in frames, is neither: 30 s.
    private static let longest = 30 * FeatureFrames.sampleRate / FeatureFrames.hop
    private static let weights = (end: 0.063, half: 0.064, beginnings: 2.0, offset: -3.09)
    /// Levels below the mean that are told apart, in decibels.
    private static let deepest = -40.0

    /// How likely a sound is a loop, 0 to 1; nil if it is too long to be either.
    ///
    /// - Parameter levels: Those of the frames that are heard, in decibels, that of the loudest being 0. There is at least
    ///   one.
    static func likelihood(of levels: [Double]) -> Double? {
        guard levels.count <= longest else { return nil }
        let powers = levels.map { exp($0 * (log(10) / 10)) }
        let (middle, tail) = (max(1, levels.count / 2), max(2, levels.count / 8))
        let end = ratio(powers.suffix(tail), to: powers[...])
        let half = ratio(powers[(levels.count / 2)...], to: powers[..<middle])
        let sum =
            weights.end * end + weights.half * half
            + weights.beginnings * log2(1 + Double(min(beginnings(levels), mostBeginnings))) + weights.offset
        return 1 / (1 + exp(-sum))
    }

    /// How much louder one part is than another, in decibels.
    private static func ratio(_ part: ArraySlice<Double>, to other: ArraySlice<Double>) -> Double {
        let mean = { (powers: ArraySlice<Double>) in powers.reduce(0, +) / Double(max(1, powers.count)) }
        return max(10 * log10(max(mean(part), 1e-12) / max(mean(other), 1e-12)), deepest)
    }

    /// By how much the level rises where something begins, over how many frames, and up to which level at least, in decibels.
    private static let rise = 6.0
    private static let reach = 2
    private static let loud = -25.0
    /// Frames from one beginning to the next, at the least: 93 ms.
    private static let apart = 4
    /// More make no difference.
    private static let mostBeginnings = 15

    /// How often something begins.
    private static func beginnings(_ levels: [Double]) -> Int {
        var (count, last) = (0, -apart)
        for (frame, level) in levels.enumerated() where level > loud && frame - last >= apart {
            let before = (1...reach).map { $0 > frame ? DescriptorDefinition.floor : levels[frame - $0] }.min() ?? 0
            if level - before >= rise { (count, last) = (count + 1, frame) }
        }
        return count
    }
}
