/// How well the answers to many queries agree with labels.
///
/// All means are macro averages: over the queries of a label, then over the labels, so that a label with many files
/// counts no more than one with few.
package struct Evaluation: Sendable {
    /// The means over the queries of one label.
    package struct LabelMeans: Hashable, Sendable {
        package let label: String
        package let queryCount: Int
        package let scores: RetrievalScores
    }

    /// The queries that some candidate is relevant to, as they came.
    package let queries: [QueryResult]
    /// How many queries were skipped because no candidate has their label.
    package let skippedCount: Int
    /// The labels that were searched by: those with the fewest right among the first ten come first, equal ones by the
    /// average precision, then by name.
    package let perLabel: [LabelMeans]
    /// The precision, at any place, that a random order of the candidates would have.
    package let chance: Double
    /// The precisions that a perfect order would have: a label of few files cannot fill the places.
    package let bestPrecisionAt5: Double
    package let bestPrecisionAt10: Double
    private let estimates: [Estimate]

    /// The mean of a measure over all queries.
    package subscript(measure: RetrievalMeasure) -> Estimate { estimates[measure.rawValue] }

    /// Sums up the answers to some queries; nil if all of them were skipped, or there are none.
    ///
    /// - Parameters:
    ///   - files: The files that the results come from.
    ///   - results: What ``LabelledFiles/result(of:ranking:)`` said of each query.
    ///   - rounds: How often queries are drawn anew for the intervals.
    ///   - seed: The same seed gives the same intervals.
    package init?(of files: LabelledFiles, results: [QueryResult?], rounds: Int = 1000, seed: UInt64 = 1) {
        queries = results.compactMap(\.self)
        guard !queries.isEmpty else { return nil }
        skippedCount = results.count - queries.count
        let labels = queries.map(\.label)
        estimates = MacroAverage(queries.map(\.scores.lanes), strata: labels).estimates(rounds: rounds, seed: seed)
        let limits = MacroAverage(queries.map(\.limits), strata: labels).mean
        (chance, bestPrecisionAt5, bestPrecisionAt10) = (limits[0], limits[1], limits[2])
        perLabel = Dictionary(grouping: queries, by: \.label).map { label, queries in
            (label, queries.count, RetrievalScores(lanes: queries.map(\.scores.lanes).mean))
        }.sorted {
            ($0.2[.precisionAt10], $0.2[.averagePrecision], $0.0)
                < ($1.2[.precisionAt10], $1.2[.averagePrecision], $1.0)
        }.map { LabelMeans(label: files.labels[$0.0], queryCount: $0.1, scores: $0.2) }
    }
}

extension QueryResult {
    /// The precision by chance, and the best ones at 5 and at 10.
    fileprivate var limits: SIMD8<Double> {
        SIMD8(
            Double(relevantCount) / Double(candidateCount), Double(min(relevantCount, 5)) / 5,
            Double(min(relevantCount, 10)) / 10, 0, 0, 0, 0, 0)
    }
}
