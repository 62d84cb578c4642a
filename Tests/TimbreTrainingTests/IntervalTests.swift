import Testing

@testable import TimbreTraining

struct IntervalTests {
    struct Interval {
        var measure: RetrievalMeasure
        var low: Double
        var high: Double
    }

    // From the same plain implementation as the means, by 20 000 multinomial draws of NumPy's.
    static let intervals = [
        Interval(measure: .precisionAt1, low: 0.6943, high: 0.8243),
        Interval(measure: .precisionAt5, low: 0.3962, high: 0.4562),
        Interval(measure: .precisionAt10, low: 0.2387, high: 0.2725),
        Interval(measure: .averagePrecision, low: 0.1914, high: 0.2334),
        Interval(measure: .reciprocalRank, low: 0.7172, high: 0.8389),
        Interval(measure: .discountedGainAt10, low: 0.3426, high: 0.4042),
    ]
    static let differences = [
        Interval(measure: .precisionAt1, low: -0.1557, high: 0.0001),
        Interval(measure: .precisionAt5, low: -0.1499, high: -0.0767),
        Interval(measure: .precisionAt10, low: -0.0758, high: -0.0328),
        Interval(measure: .averagePrecision, low: -0.0728, high: -0.0281),
        Interval(measure: .reciprocalRank, low: -0.1364, high: 0.0035),
        Interval(measure: .discountedGainAt10, low: -0.1201, high: -0.0506),
    ]
    static let meanDifferences = [
        -0.075361150832, -0.113620333274, -0.054548984903, -0.049327471306, -0.064039636440, -0.084597527560,
    ]

    @Test func intervalsAreThoseOfAnotherBootstrap() throws {
        let evaluation = try #require(Answers.many.evaluation(rounds: 2000))
        for interval in Self.intervals { check(evaluation[interval.measure], interval) }
    }

    @Test func differencesAreTakenQueryByQuery() throws {
        let old = try #require(Answers.many.evaluation())
        let new = try #require(Answers.worse.evaluation())
        let difference = EvaluationDifference(from: old, to: new, rounds: 2000)
        for interval in Self.differences {
            check(difference[interval.measure], interval)
            #expect(
                abs(difference[interval.measure].value - Self.meanDifferences[interval.measure.rawValue]) < 1e-11)
        }
        #expect(difference.isWorse(.precisionAt10) && !difference.isBetter(.precisionAt10))
        let reverse = EvaluationDifference(from: new, to: old)
        #expect(reverse.isBetter(.precisionAt10) && !reverse.isWorse(.precisionAt10))
        let none = EvaluationDifference(from: old, to: old)
        #expect(RetrievalMeasure.allCases.allSatisfy { !none.isWorse($0) && !none.isBetter($0) })
    }

    /// Ends of an interval scatter by a fiftieth of its width at 2000 rounds; a seventh is far out.
    private func check(_ found: Estimate, _ expected: Interval) {
        let allowed = (expected.high - expected.low) / 14
        #expect(abs(found.low - expected.low) < allowed && abs(found.high - expected.high) < allowed, "\(expected)")
        #expect(found.low <= found.value && found.value <= found.high)
    }

    @Test func theIntervalOfAShareIsThatOfTheBinomialDistribution() {
        // 50 of 100: 95 % of Binomial(100, 0.5) lies in 40...60.
        let values = (0..<100).map { SIMD8<Double>(repeating: Double($0 % 2)) }
        let share = MacroAverage(values, strata: values.map { _ in 0 }).estimates(rounds: 4000, seed: 3)[0]
        #expect(share == Estimate(value: 0.5, low: 0.4, high: 0.6))
    }

    @Test func aStratumCountsAsMuchAsAnyOther() {
        let values = [1, 1, 1, 0].map { SIMD8<Double>(repeating: $0) }
        let average = MacroAverage(values, strata: [0, 0, 0, 7])
        #expect(average.mean[0] == 0.5)
        #expect(average.estimates(rounds: 10, seed: 1)[0] == Estimate(value: 0.5, low: 0.5, high: 0.5))
    }

    @Test func theSameSeedGivesTheSameInterval() throws {
        let (files, results) = Answers.many.results([])
        let intervals = try [UInt64(1), 1, 2].map { seed in
            let evaluation = Evaluation(of: files, results: results, rounds: 50, seed: seed)
            return try #require(evaluation)[.averagePrecision]
        }
        #expect(intervals[0] == intervals[1] && intervals[0] != intervals[2])
    }

    // numpy.percentile([1, 2, 4, 8], [0, 2.5, 50, 97.5, 100])
    @Test func quantilesAreInterpolated() {
        let found = [0, 0.025, 0.5, 0.975, 1].map { [1.0, 2, 4, 8].quantile($0) }
        #expect(zip(found, [1, 1.075, 3, 7.7, 8]).allSatisfy { abs($0 - $1) < 1e-12 }, "\(found)")
        #expect([5.0].quantile(0.975) == 5)
    }
}
