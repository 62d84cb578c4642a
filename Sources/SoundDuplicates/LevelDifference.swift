import CTimbreKernels

/// How far the levels of two sounds differ, band by band and frame by frame, once their difference in level is removed.
struct LevelDifference {
    /// By how much the second sound is louder: the median difference, in decibels.
    var level: Double
    /// The mean size of what is left, in decibels.
    var mean: Double
    /// The mean size of what is left on average over ``DuplicateDefinition/lasting`` frames, in decibels.
    var lasting: Double
    /// Bands that count, all frames together.
    var bands: Int
    /// Frames that were compared.
    var frames: Int

    /// Steps of a decibel in which the median is found, and the greatest one that it can be.
    private static let steps: Float = 20
    private static let reach: Float = 40

    /// Measures differences.
    ///
    /// - Parameter rows: Those of each frame, 100 a frame; one that does not count is no number.
    /// - Returns: Nil if none counts.
    /// - Complexity: O(*n*) in the frames.
    init?(_ rows: [Float]) {
        frames = rows.count / DuplicateDefinition.bands
        var histogram = [UInt32](repeating: 0, count: Int(2 * Self.reach * Self.steps) + 2)
        unsafe timbre_count_differences(rows, frames, Self.reach, Self.steps, &histogram)
        // The last place has what is no number.
        bands = rows.count - Int(histogram[histogram.count - 1])
        guard bands > 0 else { return nil }
        var (below, step) = (0, 0)
        while below + Int(histogram[step]) <= bands / 2 {
            below += Int(histogram[step])
            step += 1
        }
        let median = Float(step) / Self.steps - Self.reach
        level = -Double(median)
        let sizes = unsafe timbre_measure_differences(rows, frames, median, DuplicateDefinition.lasting)
        mean = sizes.single / Double(bands)
        lasting = sizes.lasting / Double(bands)
    }
}
