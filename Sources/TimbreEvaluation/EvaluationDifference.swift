/// How much better or worse the same queries are answered by something else, such as a new model.
///
/// The queries are compared one by one, so that what is hard for both does not blur the difference: the interval is that
/// of the mean difference, over draws of pairs.
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
