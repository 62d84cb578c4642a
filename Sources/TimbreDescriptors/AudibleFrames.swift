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

/// Tells steady, quiet frames at the end of a sound, which are hum, hiss or DC and no part of it.
///
/// A recording does not end in digital silence. Its last frames are one level, far below the sound, that neither rises
/// nor falls: what rings on falls.
enum SteadyEnd {
    /// The end is quiet if its median is not above this, in decibels below the loudest frame.
    private static let quiet = -12.0
    /// Frames whose level is no farther from the median belong to it, in decibels.
    private static let near = 3.0
    /// How many frames there must be, and how many are looked at for the median.
    private static let least = 20
    private static let looked = 12
    /// The last frames are padded with zeros, or cut by an edit: this many may be off.
    private static let edge = 3
    /// What rises or falls by more, in decibels a frame, is not steady.
    private static let slope = 0.1
    /// Frames at the beginning and the end of the run, between which its slope is measured.
    private static let ends = 8

    /// How many frames at the end are no part of the sound.
    ///
    /// - Parameter levels: In decibels, that of the loudest frame of the whole sound being 0.
    /// - Complexity: O(*n*).
    static func count(in levels: ArraySlice<Double>) -> Int {
        guard levels.count >= least + 4 else { return 0 }
        let last = levels.suffix(looked).sorted()
        let median = (last[looked / 2 - 1] + last[looked / 2]) / 2
        guard median <= quiet else { return 0 }
        var end = levels.endIndex
        while levels.endIndex - end < edge, abs(levels[end - 1] - median) > near { end -= 1 }
        var start = end
        while start > levels.startIndex, abs(levels[start - 1] - median) <= near { start -= 1 }
        let run = levels[start..<end]
        guard run.count >= least else { return 0 }
        let rise = mean(run.suffix(ends)) - mean(run.prefix(ends))
        guard abs(rise / Double(max(run.count - ends, 1))) < slope else { return 0 }
        return levels.endIndex - start + step(before: start, in: levels)
    }

    /// How many frames just before the run are the step with which it began: one or two, louder than those before them.
    private static func step(before start: Int, in levels: ArraySlice<Double>) -> Int {
        let rest = levels[..<start]
        for count in [2, 1] where rest.count > count + 2 {
            let step = rest.suffix(count)
            let before = rest.dropLast(count).suffix(2)
            if step.allSatisfy({ $0 < quiet }), (step.min() ?? 0) > (before.max() ?? 0) + near { return count }
        }
        return 0
    }

    private static func mean(_ levels: ArraySlice<Double>) -> Double { levels.reduce(0, +) / Double(levels.count) }
}
