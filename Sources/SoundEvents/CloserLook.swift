import CTimbreKernels

/// Compares a sound with the place of an event frame by frame, in all bands, over the background that is there.
package struct CloserLook: Sendable {
    /// How well they agree: the centred cosine of what is above the background and of what would be, −1 to 1.
    package let cosine: Float
    /// The frame with which the sound begins.
    package let frame: Int

    /// Frames by which the sound may begin earlier or later than the event.
    package static let reach = 3
    /// What is tried beside the gain that the strongest bands suggest, in quarters of a decibel.
    private static let gainSteps = [-24, 0, 24]

    /// The frames of a recording that have to be known.
    ///
    /// - Parameters:
    ///   - frame: That of the event.
    ///   - count: How many frames the recording has.
    package static func framesNeeded(by query: EventQuery, at frame: Int, of count: Int) -> Range<Int> {
        let compared = compared(by: query, at: frame).clamped(to: 0..<count)
        return Background.framesNeeded(for: compared, of: count)
    }

    private static func compared(by query: EventQuery, at frame: Int) -> Range<Int> {
        frame - 1 - reach..<frame - 1 + reach + query.rows
    }

    /// - Parameters:
    ///   - bands: The frames from `first` on that are needed, in the form of `FeatureFrames.bands`.
    ///   - count: How many frames the recording has.
    ///   - frame: That of the event; the recording has such a frame.
    package init(_ query: EventQuery, in bands: [UInt8], from first: Int, of count: Int, at frame: Int) {
        let levels = QuarterLevels(bands: bands, from: first, of: count)
        let wanted = Self.compared(by: query, at: frame)
        let known = wanted.clamped(to: 0..<count)
        let background = Background(of: levels, at: known)
        let silence = { (rows: Int) in [Int16](repeating: 0, count: rows * QuarterLevels.bandCount) }
        let excess =
            silence(known.lowerBound - wanted.lowerBound)
            + background.excess(of: levels.levels(of: known), at: known).map { min($0, Int16(TIMBRE_MOST_EXCESS)) }
            + silence(wanted.upperBound - known.upperBound)

        let local = background.levels(at: frame)
        let gain = Self.gain(of: query, over: local, in: excess)
        let templates = query.phases.indices.flatMap { phase in
            Self.gainSteps.map { query.over(local, gain: gain + $0, phase: phase, rows: query.rows)[...] }
        }.map(Moments.init)
        var best: (cosine: Float, shift: Int) = (-1, 0)
        for shift in 0...2 * Self.reach {
            let start = shift * QuarterLevels.bandCount
            let part = Moments(excess[start..<start + query.rows * QuarterLevels.bandCount])
            for template in templates {
                let cosine = part.cosine(with: template)
                if cosine > best.cosine { best = (cosine, shift) }
            }
        }
        cosine = best.cosine
        self.frame = max(0, frame + best.shift - Self.reach)
    }

    /// By how much the sound is louder here than in itself: the median over a tenth of the bands and frames, those in
    /// which it would stand out most.
    private static func gain(of query: EventQuery, over background: [Int16], in excess: [Int16]) -> Int {
        let bands = QuarterLevels.bandCount
        let heights = query.phases[0].indices.map { Int(query.phases[0][$0]) - Int(background[$0 % bands]) }
        let top = heights.max() ?? 0
        let count = max(12, heights.count { $0 > top - 120 } / 10)
        let strongest = highest(count, of: heights, top: top)
        let gains = strongest.map { Int(excess[reach * bands + $0]) - heights[$0] }.sorted()
        let middle = gains.count / 2
        return gains.count % 2 == 1 ? gains[middle] : (gains[middle - 1] + gains[middle]) / 2
    }

    /// The places of the greatest values, of equal ones the first: O(*n*), as there are few different values.
    private static func highest(_ count: Int, of values: [Int], top: Int) -> [Int] {
        let depth = { (value: Int) in min(top - value, Int(TIMBRE_LEVEL_COUNT) - 1) }
        var numbers = [Int](repeating: 0, count: Int(TIMBRE_LEVEL_COUNT))
        for value in values { numbers[depth(value)] += 1 }
        var (limit, above) = (0, 0)
        while limit < numbers.count - 1, above + numbers[limit] < count {
            above += numbers[limit]
            limit += 1
        }
        var left = count - above
        return values.indices.filter { place in
            let depth = depth(values[place])
            if depth == limit { left -= 1 }
            return depth < limit || depth == limit && left >= 0
        }
    }
}

/// Levels, with what their correlation with others needs.
private struct Moments {
    private let levels: ArraySlice<Int16>
    private let sum: Double
    /// The sum of the squared differences from the mean.
    private let spread: Double

    init(_ levels: ArraySlice<Int16>) {
        self.levels = levels
        let rows = levels.count / QuarterLevels.bandCount
        let (sum, square) = unsafe levels.withUnsafeBufferPointer { levels in
            unsafe (
                Double(timbre_sum_levels(levels.baseAddress, rows)),
                Double(timbre_multiply_levels(levels.baseAddress, levels.baseAddress, rows))
            )
        }
        self.sum = sum
        spread = square - sum * sum / Double(levels.count)
    }

    /// 0 if one of the two is the same everywhere.
    func cosine(with other: Moments) -> Float {
        guard spread > 0, other.spread > 0 else { return 0 }
        let rows = levels.count / QuarterLevels.bandCount
        let product = unsafe levels.withUnsafeBufferPointer { a in
            unsafe other.levels.withUnsafeBufferPointer { b in
                unsafe Double(timbre_multiply_levels(a.baseAddress, b.baseAddress, rows))
            }
        }
        return Float((product - sum * other.sum / Double(levels.count)) / (spread * other.spread).squareRoot())
    }
}
