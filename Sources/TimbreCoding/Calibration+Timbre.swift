extension Calibration {
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
