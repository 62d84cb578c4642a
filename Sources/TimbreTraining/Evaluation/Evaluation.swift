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

    /// The queries that have a relevant candidate, in their original order.
    package let queries: [QueryResult]
    /// How many queries were skipped because no candidate has their label.
    package let skippedCount: Int
    /// The labels that were searched by: lowest precision at ten first, then by average precision, then by name.
    package let perLabel: [LabelMeans]
    /// The precision, at any place, that a random order of the candidates would have.
    package let chance: Double
    /// The precisions that a perfect order would have: a label with few files cannot fill all places.
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
    ///   - rounds: How many bootstrap draws the intervals are based on.
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
    /// The precision by chance, and the best possible ones at 5 and 10.
    fileprivate var limits: SIMD8<Double> {
        SIMD8(
            Double(relevantCount) / Double(candidateCount), Double(min(relevantCount, 5)) / 5,
            Double(min(relevantCount, 10)) / 10, 0, 0, 0, 0, 0)
    }
}

/// How much better or worse the same queries are answered by something else, such as a new model.
///
/// The queries are compared one by one, so that hard queries do not blur the difference: the interval is that of the
/// mean paired difference.
package struct EvaluationDifference: Sendable {
    private let estimates: [Estimate]

    /// - Precondition: Both evaluations are of the same queries, in the same order, and of the same labels.
    package init(from old: Evaluation, to new: Evaluation, rounds: Int = 1000, seed: UInt64 = 1) {
        precondition(old.queries.map(\.file) == new.queries.map(\.file))
        precondition(old.queries.map(\.label) == new.queries.map(\.label))
        let differences = zip(old.queries, new.queries).map { $1.scores.lanes - $0.scores.lanes }
        estimates = MacroAverage(differences, strata: old.queries.map(\.label)).estimates(rounds: rounds, seed: seed)
    }

    /// By how much the mean of a measure is greater than before.
    package subscript(measure: RetrievalMeasure) -> Estimate { estimates[measure.rawValue] }

    /// Whether a measure has become worse beyond what the choice of queries explains.
    package func isWorse(_ measure: RetrievalMeasure) -> Bool { self[measure].high < 0 }

    /// Whether a measure has become better beyond what the choice of queries explains.
    package func isBetter(_ measure: RetrievalMeasure) -> Bool { self[measure].low > 0 }
}
