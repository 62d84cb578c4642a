import Testing

@testable import TimbreTraining

// The expected numbers come from a plain implementation of the definitions in Python and NumPy, which made the same
// files and answers with the same generator.
struct EvaluationTests {
    struct Expected {
        /// Which traits keep candidates out.
        var traits: [Int]
        var queries: Int
        var skipped: Int
        var means: [Double]
        /// By chance, and the best at 5 and 10.
        var limits: [Double]
        /// The labels, worst first.
        var worst: String
        var worstMeans: [Double]
    }

    static let few = [
        Expected(
            traits: [], queries: 7, skipped: 1,
            means: [0.291666666667, 0.275, 0.1375, 0.3875, 0.388888888889, 0.456938057241],
            limits: [0.357142857143, 0.5, 0.25], worst: "drum bell", worstMeans: [0.25, 0.15, 0.075, 0.25, 0.25, 0.25]),
        Expected(
            traits: [0], queries: 7, skipped: 1,
            means: [0.291666666667, 0.183333333333, 0.091666666667, 0.444444444444, 0.430555555556, 0.491928578754],
            limits: [0.361904761905, 0.383333333333, 0.191666666667], worst: "drum bell",
            worstMeans: [0.25, 0.1, 0.05, 0.25, 0.25, 0.25]),
        Expected(
            traits: [1], queries: 7, skipped: 1,
            means: [0.291666666667, 0.208333333333, 0.104166666667, 0.416666666667, 0.402777777778, 0.470106953159],
            limits: [0.35, 0.433333333333, 0.216666666667], worst: "drum bell",
            worstMeans: [0.25, 0.15, 0.075, 0.25, 0.25, 0.25]),
        Expected(
            traits: [0, 1], queries: 6, skipped: 2,
            means: [0.125, 0.15, 0.075, 0.333333333333, 0.333333333333, 0.407732438393],
            limits: [0.353571428571, 0.35, 0.175], worst: "drum bell", worstMeans: [0.25, 0.1, 0.05, 0.25, 0.25, 0.25]),
    ]

    static let many = [
        Expected(
            traits: [], queries: 240, skipped: 0,
            means: [0.755992066408, 0.426235329931, 0.255580805798, 0.211165508292, 0.775000653993, 0.372302552679],
            limits: [0.079497907950, 0.933333333333, 0.866666666667],
            worst: "10 11 09 07 08 06 03 02 01 05 04 00",
            worstMeans: [0.25, 0.05, 0.025, 0.115309774672, 0.284461779511, 0.117319681506]),
        Expected(
            traits: [0], queries: 240, skipped: 0,
            means: [0.718187947634, 0.390449638276, 0.239127387433, 0.208451761283, 0.740478604964, 0.350056829786],
            limits: [0.078775166903, 0.908333333333, 0.848611111111],
            worst: "11 10 09 07 08 06 03 02 01 05 04 00",
            worstMeans: [0, 0, 0.025, 0.041832420618, 0.053723270635, 0.051095599397]),
        Expected(
            traits: [0, 1], queries: 240, skipped: 0,
            means: [0.718187947634, 0.377631014150, 0.231771988889, 0.209250742973, 0.741402952762, 0.343156362619],
            limits: [0.078363432188, 0.908333333333, 0.846759259259],
            worst: "11 10 09 07 08 06 03 02 01 05 04 00",
            worstMeans: [0, 0, 0.025, 0.045711622466, 0.060409902597, 0.054601859205]),
    ]

    @Test("Agrees with the definitions on a few files", arguments: few)
    func agreesOnFew(expected: Expected) throws { try check(.few, expected) }

    @Test("Agrees with the definitions on many files", arguments: many)
    func agreesOnMany(expected: Expected) throws { try check(.many, expected) }

    private func check(_ answers: Answers, _ expected: Expected) throws {
        let evaluation = try #require(answers.evaluation(expected.traits))
        #expect((evaluation.queries.count, evaluation.skippedCount) == (expected.queries, expected.skipped))
        let worst = try #require(evaluation.perLabel.first)
        for measure in RetrievalMeasure.allCases {
            #expect(abs(evaluation[measure].value - expected.means[measure.rawValue]) < 1e-11, "\(measure)")
            #expect(abs(worst.scores[measure] - expected.worstMeans[measure.rawValue]) < 1e-11, "\(measure)")
        }
        let limits = [evaluation.chance, evaluation.bestPrecisionAt5, evaluation.bestPrecisionAt10]
        #expect(zip(limits, expected.limits).allSatisfy { abs($0 - $1) < 1e-11 }, "\(limits)")
        #expect(evaluation.perLabel.map(\.label).joined(separator: " ") == expected.worst)
        #expect(evaluation.perLabel.map(\.queryCount).reduce(0, +) == expected.queries)
    }

    @Test func whatHasNoLabelCountsForNothing() throws {
        var answers = Answers.few
        let plain = try #require(answers.evaluation([0]))
        for (query, ranking) in answers.rankings { answers.rankings[query] = [100, query] + ranking + [101] }
        let found = try #require(answers.evaluation([0]))
        #expect(found.queries.map(\.scores) == plain.queries.map(\.scores))
    }

    @Test func whatFoundNothingScoresNothing() throws {
        let evaluation = try #require(Answers.few.evaluation())
        let unanswered = evaluation.queries.filter { !$0.isAnswered }
        #expect(unanswered.map(\.file) == [5, 7])
        #expect(RetrievalMeasure.allCases.allSatisfy { measure in unanswered.allSatisfy { $0.scores[measure] == 0 } })
    }

    @Test func nothingToSearchByIsNoEvaluation() {
        let files = LabelledFiles((0..<3).map { LabelledFile(id: $0, label: "\($0)") })
        #expect(Evaluation(of: files, results: files.ids.map { files.result(of: $0, ranking: []) }) == nil)
        #expect(Evaluation(of: files, results: []) == nil)
        #expect(files.labelCount(ofFiles: 1) == 3 && files.labelCount(ofFiles: 2) == 0)
    }

    @Test func labelsAreTheSameIfTheirBytesAre() {
        let files = LabelledFiles([
            LabelledFile(id: 1, label: "caf\u{E9}"), LabelledFile(id: 2, label: "cafe\u{301}"),
            LabelledFile(id: 3, label: "cafe\u{301}"),
        ])
        #expect(files.labelCount(ofFiles: 1) == 2 && files.labelCount(ofFiles: 2) == 1)
    }

    @Test func drawsSoManyOfEachLabelAndTheSameAgain() {
        let (files, _) = Answers.many.results([])
        #expect(files.drawQueries(perLabel: nil, seed: 1) == files.ids)
        let drawn = files.drawQueries(perLabel: 5, seed: 1)
        let labels = Dictionary(uniqueKeysWithValues: Answers.many.labelled.map { ($0.id, $0.label) })
        let counts = Dictionary(grouping: drawn) { labels[$0] ?? "" }.mapValues(\.count)
        let all = Dictionary(grouping: Answers.many.labelled, by: \.label).mapValues(\.count)
        #expect(counts == all.mapValues { min($0, 5) })
        #expect(Set(drawn).count == drawn.count && drawn == drawn.sorted())
        #expect(files.drawQueries(perLabel: 5, seed: 1) == drawn && files.drawQueries(perLabel: 5, seed: 2) != drawn)
    }
}
