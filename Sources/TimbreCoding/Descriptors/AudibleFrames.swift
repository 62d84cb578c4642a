import Glibc

/// The frames of a part of a sound that are heard: those between what is before the sound and what is behind it.
struct AudibleFrames {
    /// Which frames of the sound they are; there is at least one.
    let range: Range<Int>
    /// Their levels in decibels, that of the part's loudest frame being 0, and none below the floor.
    let levels: [Double]
    /// How much they weigh.
    let weights: [Double]

    /// Finds the frames that are heard; nil if there is none.
    ///
    /// - Parameters:
    ///   - frames: The part.
    ///   - energies: Those of all frames of the sound; 0 for a silent one.
    init?(_ frames: Range<Int>, energies: [Double]) {
        let top = energies[frames].max() ?? 0
        guard top > 0 else { return nil }
        let levels = energies[frames].map { 10 * log10(max($0 / top, 1e-12)) }
        guard let audible = Self.range(of: levels) else { return nil }
        range = frames.lowerBound + audible.lowerBound..<frames.lowerBound + audible.upperBound
        self.levels = levels[audible].map { max($0, DescriptorDefinition.floor) }
        let exponent = DescriptorDefinition.loudnessExponent / 20 * log(10)
        weights = self.levels.map { exp($0 * exponent) }
    }

    private static func range(of levels: [Double]) -> Range<Int>? {
        let isHeard = { (level: Double) in level > DescriptorDefinition.floor }
        guard var start = levels.firstIndex(where: isHeard), let last = levels.lastIndex(where: isHeard) else {
            return nil
        }
        var end = last + 1
        // Of a sound that is nothing but steady there is no part that is not.
        let behind = SteadyEnd.count(in: levels[start..<end])
        if behind > 0, let last = levels[..<(end - behind)].lastIndex(where: isHeard) { end = last + 1 }
        let before = SteadyEnd.count(in: Array(levels[start..<end].reversed())[...])
        if before > 0, let first = levels[(start + before)..<end].firstIndex(where: isHeard) { start = first }
        for _ in 0..<DescriptorDefinition.onsetFrames where start + 1 < end {
            if levels[start + 1] - levels[start] > DescriptorDefinition.onsetRise { start += 1 }
        }
        return start..<end
    }

    /// The frame with which the attack begins, counted from the first that is heard.
    var attackStart: Int { levels.firstIndex { $0 > DescriptorDefinition.attackLevel } ?? 0 }

    /// The means of the level over equal parts of the time, which need not begin where a frame does.
    func means(ofParts count: Int) -> [Double] {
        var means = [Double](repeating: 0, count: count)
        let perFrame = Double(count) / Double(levels.count)
        var (frame, total, before) = (0, 0.0, 0.0)
        for part in 0..<count {
            let end = Double((part + 1) * levels.count) / Double(count)
            let whole = min(Int(end), levels.count - 1)
            while frame < whole {
                total += levels[frame]
                frame += 1
            }
            let upToEnd = total + (end - Double(whole)) * levels[whole]
            means[part] = (upToEnd - before) * perFrame
            before = upToEnd
        }
        return means
    }

    /// For how long the sound is loud, when it is loudest, where its centre is, how long it is, where in it the centre
    /// is, and how far its loudness is spread: all but the last but one as logarithms of frames. Shape `[10]`.
    var times: [Double] {
        let durations = DescriptorDefinition.durationLevels.map { limit in levels.count { $0 > limit } }
        var (loudest, sum, moment) = (0, 0.0, 0.0)
        for (frame, weight) in weights.enumerated() {
            if levels[frame] > levels[loudest] { loudest = frame }
            sum += weight
            moment += weight * Double(frame)
        }
        let centre = moment / sum
        var variance = 0.0
        for (frame, weight) in weights.enumerated() {
            variance += weight * (Double(frame) - centre) * (Double(frame) - centre)
        }
        let count = Double(levels.count)
        return durations.map { log(1 + Double($0)) } + [
            log(1 + Double(loudest)), log(1 + centre), log(count), centre / count,
            log(1 + (variance / sum).squareRoot()),
        ]
    }
}
