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
    init?(_ rows: [Float]) {
        let width = DuplicateDefinition.bands
        var histogram = [Int](repeating: 0, count: Int(2 * Self.reach * Self.steps) + 1)
        for difference in rows where !difference.isNaN {
            histogram[Int(((min(max(difference, -Self.reach), Self.reach) + Self.reach) * Self.steps).rounded())] += 1
        }
        bands = histogram.reduce(0, +)
        guard bands > 0 else { return nil }
        frames = rows.count / width
        var (below, step) = (0, 0)
        while below + histogram[step] <= bands / 2 {
            below += histogram[step]
            step += 1
        }
        let median = Float(step) / Self.steps - Self.reach
        level = -Double(median)

        var (single, lasting) = (0.0, 0.0)
        var sums = [Float](repeating: 0, count: width)
        for frame in 0..<frames {
            for band in 0..<width {
                let difference = rows[frame * width + band] - median
                guard !difference.isNaN else { continue }
                single += Double(abs(difference))
                sums[band] += difference
            }
            guard (frame + 1) % DuplicateDefinition.lasting == 0 || frame + 1 == frames else { continue }
            for band in 0..<width {
                lasting += Double(abs(sums[band]))
                sums[band] = 0
            }
        }
        mean = single / Double(bands)
        self.lasting = lasting / Double(bands)
    }
}
