import EarlierMetric
import TimbreCodes

/// How far apart random sounds of a library are, which gives distances a meaning.
package struct Calibration: Hashable, Sendable {
    /// How many spans of a query are measured.
    private static let spanLimit = 64

    /// Distances from one file to another: ``CodeDistance/mean(from:to:)``.
    package var files: Quantiles
    /// Distances from one span to a span of another file, in bits.
    package var spans: Quantiles
    /// Distances from one file to another by timbre, in the unit of ``EarlierTransform/distance(fromSquared:)``; nil if
    /// the model has no transform, or they were not measured.
    package var timbreFiles: Quantiles?
    /// Distances from one span to a span of another file by timbre, in the same unit.
    package var timbreSpans: Quantiles?

    package init(
        files: Quantiles, spans: Quantiles, timbreFiles: Quantiles? = nil, timbreSpans: Quantiles? = nil
    ) {
        self.files = files
        self.spans = spans
        self.timbreFiles = timbreFiles
        self.timbreSpans = timbreSpans
    }

    /// Measures random pairs of different files.
    ///
    /// - Parameters:
    ///   - files: The codes of each file's spans. The result depends on their order, so sort them by content.
    ///   - seed: What the random choices start from.
    ///   - pairs: How many pairs to measure; of a long query no more than 64 spans, drawn at random.
    /// - Returns: Nil if fewer than two files have a span with a bit.
    package init?(of files: [[TimbreCode]], seed: UInt64, pairs: Int = 20_000) {
        let sounding = files.map { $0.filter { !$0.isEmpty } }.filter { !$0.isEmpty }
        self.init(ofFiles: sounding.count, seed: seed, pairs: pairs) { sounding[$0] }
    }

    /// Measures random pairs of different files, whose codes are made when they are asked for.
    ///
    /// - Parameters:
    ///   - count: How many files there are that have a span with a bit.
    ///   - codes: The codes of the spans of a file that have one, by its place among these files.
    /// - Returns: Nil if that is fewer than two files.
    /// - Throws: What `codes` throws.
    package init?(
        ofFiles count: Int, seed: UInt64, pairs: Int = 20_000, codes: (Int) throws -> [TimbreCode]
    ) rethrows {
        guard count >= 2 else { return nil }
        var generator = SeededGenerator(seed: seed, salt: Array("calibration".utf8))
        var fileDistances: [Float] = []
        var spanDistances: [Float] = []
        for _ in 0..<pairs {
            let first = generator.index(below: count)
            let second = (first + 1 + generator.index(below: count - 1)) % count
            var query = try codes(first)
            let file = try codes(second)
            if query.count > Self.spanLimit {
                let all = query
                query = (0..<Self.spanLimit).map { _ in all[generator.index(below: all.count)] }
            }
            guard let distance = CodeDistance.mean(from: query, to: file) else { continue }
            fileDistances.append(Float(distance))
            let span = query[generator.index(below: query.count)]
            spanDistances.append(Float(span.distance(to: file[generator.index(below: file.count)])))
        }
        guard let ofFiles = Quantiles(of: fileDistances), let ofSpans = Quantiles(of: spanDistances) else { return nil }
        self.init(files: ofFiles, spans: ofSpans)
    }

    /// The share of random pairs of files that are farther apart than this, 0 to 1. Never rises with the distance.
    package func score(fileDistance distance: Double) -> Double { files.share(above: distance) }

    /// The share of random pairs of spans that are farther apart than this, 0 to 1. Never rises with the distance.
    package func score(spanDistance distance: Int) -> Double { spans.share(above: Double(distance)) }

    /// The timbre vectors of a file.
    package struct Vectors: Sendable {
        /// That of the whole sound.
        package var whole: TimbreVector
        /// Those of the spans in which something sounds.
        package var spans: [TimbreVector]

        package init(whole: TimbreVector, spans: [TimbreVector]) {
            self.whole = whole
            self.spans = spans
        }
    }

    /// Measures random pairs of different files by timbre.
    ///
    /// - Parameters:
    ///   - files: The vectors of each file. The result depends on their order, so sort them by content. With fewer than
    ///     two nothing is measured.
    ///   - transform: The transform that made them.
    ///   - seed: What the random choices start from.
    ///   - pairs: How many pairs to measure.
    package mutating func measureTimbre(
        of files: [Vectors], transform: EarlierTransform, seed: UInt64, pairs: Int = 20_000
    ) {
        guard files.count >= 2 else { return }
        var generator = SeededGenerator(seed: seed, salt: Array("timbre calibration".utf8))
        var fileDistances: [Float] = []
        var spanDistances: [Float] = []
        for _ in 0..<pairs {
            let first = generator.index(below: files.count)
            let second = (first + 1 + generator.index(below: files.count - 1)) % files.count
            let (query, file) = (files[first], files[second])
            fileDistances.append(
                Float(transform.distance(fromSquared: query.whole.squaredDistance(to: file.whole))))
            guard !query.spans.isEmpty, !file.spans.isEmpty else { continue }
            let span = query.spans[generator.index(below: query.spans.count)]
            let other = file.spans[generator.index(below: file.spans.count)]
            spanDistances.append(Float(transform.distance(fromSquared: span.squaredDistance(to: other))))
        }
        timbreFiles = Quantiles(of: fileDistances)
        timbreSpans = Quantiles(of: spanDistances)
    }

    /// The share of random pairs of files that are farther apart by timbre than this, 0 to 1; nil if not measured. Never
    /// rises with the distance.
    package func score(timbreFileDistance distance: Double) -> Double? { timbreFiles?.share(above: distance) }

    /// The share of random pairs of spans that are farther apart by timbre than this, 0 to 1; nil if not measured. Never
    /// rises with the distance.
    package func score(timbreSpanDistance distance: Double) -> Double? { timbreSpans?.share(above: distance) }

    /// Adds what is known of distances by timbre, each part by its name.
    func appendTimbre(to bytes: inout CanonicalBytes) {
        for case (let name, let quantiles?) in [("timbre files", timbreFiles), ("timbre spans", timbreSpans)] {
            bytes.append(name)
            bytes.append(quantiles.values)
        }
    }
}

/// How some numbers are distributed: values below which equal shares of them lie.
package struct Quantiles: Hashable, Sendable {
    /// The smallest number, those at equal steps through the sorted numbers, and the greatest. Ascending.
    package let values: [Float]

    /// Takes quantiles as they were stored; nil if there are fewer than two, or they do not ascend.
    package init?(values: [Float]) {
        guard values.count >= 2, zip(values, values.dropFirst()).allSatisfy({ $0 <= $1 }) else { return nil }
        self.values = values
    }

    /// Takes the quantiles of some numbers; nil if there are none.
    ///
    /// - Parameter steps: Into how many equal shares to divide the numbers.
    package init?(of numbers: [Float], steps: Int = 1000) {
        guard !numbers.isEmpty else { return nil }
        let sorted = numbers.sorted()
        values = (0...steps).map { sorted[$0 * (sorted.count - 1) / steps] }
    }

    /// The share of the numbers that are greater than this one, 0 to 1, interpolated between quantiles.
    ///
    /// Never rises with the number.
    ///
    /// - Complexity: O(log *n*).
    package func share(above number: Double) -> Double {
        var (low, high) = (0, values.count)
        while low < high {
            let middle = (low + high) / 2
            if Double(values[middle]) <= number { low = middle + 1 } else { high = middle }
        }
        if low == 0 { return 1 }
        if low == values.count { return 0 }
        let (below, above) = (Double(values[low - 1]), Double(values[low]))
        let place = Double(low - 1) + (number - below) / (above - below)
        return 1 - place / Double(values.count - 1)
    }
}
