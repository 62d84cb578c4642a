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
    /// The last frames are padded with zeros, or cut by an edit: so many may be off.
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
