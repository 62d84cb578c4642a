import CTimbreKernels

/// Weighted means of the values of heard frames, and how far they stray from them.
struct EarlierMoments {
    private let sound: EarlierFrames
    private let heard: EarlierHeardFrames
    /// The row of the first frame: it has no frame before it from which it could have changed.
    private let first: [Float]
    /// The mean of each value, shape `[EarlierFrameValues.rowLength]`.
    private(set) var means = [Double](repeating: 0, count: EarlierFrameValues.rowLength)

    init(of heard: EarlierHeardFrames, in sound: EarlierFrames) {
        self.sound = sound
        self.heard = heard
        let start = heard.range.lowerBound * EarlierFrameValues.rowLength
        var first = Array(sound.rows[start..<start + EarlierFrameValues.rowLength])
        first[EarlierFrameValues.Shape.flux.column] = 0
        self.first = first
        means = sums(over: 0..<heard.range.count)
    }

    /// The standard deviation of each value.
    var deviations: [Double] {
        var sums = [Double](repeating: 0, count: EarlierFrameValues.rowLength)
        unsafe timbre_add_deviations(first, 1, heard.weights, means, &sums)
        unsafe withRows(1..<heard.range.count) { rows, weights, count in
            unsafe timbre_add_deviations(rows, count, weights, means, &sums)
        }
        return sums.map { $0.squareRoot() }
    }

    /// The mean absolute change of each value from a frame to the next; 0 if there is only one frame.
    var changes: [Double] {
        var sums = [Double](repeating: 0, count: EarlierFrameValues.rowLength)
        unsafe withRows(0..<heard.range.count) { rows, weights, count in
            unsafe timbre_add_changes(rows, count, weights, &sums)
        }
        // Each frame but the first and the last has two neighbours.
        let weight = 2 - heard.weights[0] - heard.weights[heard.weights.count - 1]
        return sums.map { weight > 0 ? $0 / weight : 0 }
    }

    /// The mean of each value over some of the frames, counted from the first that is heard.
    func means(over frames: Range<Int>) -> [Double] {
        let weight = heard.weights[frames].reduce(0, +)
        return sums(over: frames).map { $0 / weight }
    }

    private func sums(over frames: Range<Int>) -> [Double] {
        var sums = [Double](repeating: 0, count: EarlierFrameValues.rowLength)
        if frames.contains(0) { unsafe timbre_add_weighted(first, 1, heard.weights, &sums) }
        unsafe withRows(max(frames.lowerBound, 1)..<frames.upperBound) { rows, weights, count in
            unsafe timbre_add_weighted(rows, count, weights, &sums)
        }
        return sums
    }

    /// Hands over rows of the sound and their weights as they lie in memory.
    private func withRows(_ frames: Range<Int>, _ body: (UnsafePointer<Float>, UnsafePointer<Double>, Int) -> Void) {
        guard !frames.isEmpty else { return }
        let start = (heard.range.lowerBound + frames.lowerBound) * EarlierFrameValues.rowLength
        let rows = sound.rows[start..<start + frames.count * EarlierFrameValues.rowLength]
        unsafe rows.withUnsafeBufferPointer { rows in
            unsafe heard.weights[frames].withUnsafeBufferPointer { weights in
                guard let rows = rows.baseAddress, let weights = weights.baseAddress else { return }
                unsafe body(rows, weights, frames.count)
            }
        }
    }
}
