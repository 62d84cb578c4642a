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
}
