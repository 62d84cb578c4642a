#if canImport(Glibc)
    import Glibc
#endif

/// A measure of how well a ranked list agrees with what is relevant: 0 to 1, higher is better.
package enum RetrievalMeasure: Int, CaseIterable, Hashable, Sendable {
    /// The share of relevant files among the first one, five and ten; places beyond the end of the list count as wrong.
    case precisionAt1, precisionAt5, precisionAt10
    /// The sum of the precisions at the places of the relevant files, over the most of them that the list could hold.
    case averagePrecision
    /// One over the rank of the first relevant file; 0 if there is none.
    case reciprocalRank
    /// The discounted cumulative gain of the first ten over that of a perfect list; a relevant file gains 1.
    case discountedGainAt10
}

/// The value of each measure for one list, or the mean over several.
///
/// Sources: C. D. Manning, P. Raghavan and H. Schütze, *Introduction to Information Retrieval* (2008), chapter 8; for the
/// gain K. Järvelin and J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques", *ACM Trans. Inf. Syst.* 20
/// (2002), pp. 422-446, with log₂ (place + 1) as in C. Burges et al., "Learning to rank using gradient descent" (2005).
package struct RetrievalScores: Hashable, Sendable {
    /// The values by the measures' numbers; the last two lanes are 0.
    var lanes: SIMD8<Double>

    init(lanes: SIMD8<Double>) { self.lanes = lanes }

    package subscript(measure: RetrievalMeasure) -> Double { lanes[measure.rawValue] }

    /// Scores a ranked list.
    ///
    /// - Parameters:
    ///   - relevance: Whether each file of the list is relevant, best first. May be empty: everything is 0 then.
    ///   - relevantCount: How many relevant files there are, in the list or not; at least those in the list, and one.
    /// - Complexity: O(*n*) in the length of the list.
    package init(relevance: [Bool], relevantCount: Int) {
        precondition(relevantCount > 0)
        var (hits, precisions, first, gain) = (0, 0.0, 0, 0.0)
        var hitsWithin = (one: 0, five: 0, ten: 0)
        for (index, isRelevant) in relevance.enumerated() where isRelevant {
            hits += 1
            precisions += Double(hits) / Double(index + 1)
            if first == 0 { first = index + 1 }
            if index < 1 { hitsWithin.one += 1 }
            if index < 5 { hitsWithin.five += 1 }
            if index < 10 {
                hitsWithin.ten += 1
                gain += Self.discounts[index]
            }
        }
        let most = max(1, min(relevantCount, relevance.count))
        let ideal = Self.discounts.prefix(relevantCount).reduce(0, +)
        lanes = SIMD8(
            Double(hitsWithin.one), Double(hitsWithin.five) / 5, Double(hitsWithin.ten) / 10,
            precisions / Double(most), first == 0 ? 0 : 1 / Double(first), gain / ideal, 0, 0)
    }

    /// What a relevant file gains at each of the first ten places.
    private static let discounts = (1...10).map { 1 / log2(Double($0 + 1)) }
}
