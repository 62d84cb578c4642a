import CTimbreKernels

/// The means and moments of a part's frames, taken from their sums.
struct PartSums {
    /// The mean of each value, shape `[88]`, its standard deviation, and its mean in the attack, shape `[48]`.
    let means: [Double]
    let deviations: [Double]
    let attack: [Double]
    /// The mean size of the values' changes over one frame, shape `[30]`, then over 2, 4, 8 and 16 frames, 12 each.
    let changes: [Double]
    /// The third central moment of the first values, over the cube of their deviation plus 1, shape `[12]`.
    let skewness: [Double]
    /// The means of the first values over equal parts of the time, shape `[24, 12]`.
    let courses: [Double]

    init(_ sums: timbre_part_sums) {
        let weight = sums.weight
        let totals = Self.array(sums.values, Int(TIMBRE_FRAME_VALUES))
        let means = totals.map { $0 / weight }
        let squares = Self.array(sums.squares, Int(TIMBRE_FRAME_VALUES)).map { $0 / weight }
        let deviations = zip(squares, means).map { square, mean in max(0, square - mean * mean).squareRoot() }
        skewness = Self.array(sums.cubes, Int(TIMBRE_SKEWED)).enumerated().map { place, cube in
            let (mean, deviation) = (means[place], deviations[place])
            let third = cube / weight - 3 * mean * squares[place] + 2 * mean * mean * mean
            return third / (deviation * deviation * deviation + 1)
        }
        (self.means, self.deviations) = (means, deviations)
        let attackWeight = max(sums.attack_weight, 1e-12)
        attack = Self.array(sums.attack, Int(TIMBRE_CEPSTRA + TIMBRE_SHAPES)).map { $0 / attackWeight }

        let pairs = Self.array(sums.pair_weights, Int(TIMBRE_LAGS))
        let perPair = { (sum: Double, lag: Int) in pairs[lag] > 0 ? sum / pairs[lag] : 0 }
        let slow = Int(TIMBRE_SLOW_CHANGES)
        changes =
            Self.array(sums.quick_changes, Int(TIMBRE_QUICK_CHANGES)).map { perPair($0, 0) }
            + Self.array(sums.slow_changes, slow * Int(TIMBRE_LAGS - 1)).enumerated().map { place, sum in
                perPair(sum, 1 + place / slow)
            }

        let (parts, width) = (Int(TIMBRE_COURSE_PARTS), Int(TIMBRE_COURSES))
        let ends = Self.array(sums.courses, parts * width)
        let perFrame = Double(parts) / Double(sums.length)
        courses = (0..<parts * width).map { (ends[$0] - ($0 < width ? 0 : ends[$0 - width])) * perFrame }
    }

    /// The elements of a C array, which Swift takes for a tuple.
    private static func array<Tuple>(_ tuple: Tuple, _ count: Int) -> [Double] {
        precondition(MemoryLayout<Tuple>.size == count * MemoryLayout<Double>.stride)
        return unsafe withUnsafeBytes(of: tuple) { unsafe Array($0.bindMemory(to: Double.self)) }
    }
}
