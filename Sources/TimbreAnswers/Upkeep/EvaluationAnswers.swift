import ContentHash
import Platform
import SystemPackage
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreTraining
import TimbreWire
import Varlink

/// Scores the library's answers against labels.
struct EvaluationAnswers: Sendable {
    let catalog: Catalog
    let library: LiveLibrary
    let files: KnownFiles
    let stop: StopFlag

    /// Searches by labelled files in a snapshot of the library, and scores the answers.
    func evaluate(
        _ parameters: Evaluate.Parameters, for peer: Peer, _ send: (Evaluate.Reply) throws -> Void
    ) throws -> Evaluate.Reply {
        let start = ContinuousClock.now
        let snapshot = library.snapshot
        let labelling = try labelling(parameters, snapshot.index)
        let labelled = LabelledFiles(labelling.files)
        guard labelled.labelCount(ofFiles: 2) >= 2 else { throw Self.tooFewLabels(parameters, labelling) }
        let seed = UInt64(parameters.seed ?? 1)
        let queries = labelled.drawQueries(perLabel: parameters.queries, seed: seed)
        let metric = try Metric(asked: parameters.metric, for: [], in: snapshot)
        let ranking = LibraryRanking(snapshot: snapshot, metric: metric)
        var last = start
        let results = try Evaluator(files: labelled, rank: ranking.rank).results(of: queries) { done in
            try stop.goOn(for: peer)
            guard ContinuousClock.now - last > .milliseconds(100) else { return }
            last = .now
            let left = (last - start).inSeconds / Double(done) * Double(queries.count - done)
            try send(Evaluate.Reply(progress: Progress(done: done, total: queries.count, secondsLeft: left)))
        }
        guard let evaluation = Evaluation(of: labelled, results: results, seed: seed) else {
            let traits = Set(parameters.excludeSame ?? []).map(\.rawValue).sorted().joined(separator: " or ")
            throw LibraryError.nothingToEvaluate(
                reason: "nothing is left to be found: all files of a label have the same \(traits)")
        }
        return Evaluate.Reply(
            outcome: EvaluationOutcome(
                evaluation, of: ranking, fileCount: labelled.ids.count, unknown: labelling.unknown,
                seconds: (ContinuousClock.now - start).inSeconds))
    }

    private func labelling(_ parameters: Evaluate.Parameters, _ index: TimbreIndex) throws -> Labelling {
        let under = try files.watchedFolder(parameters.under)
        let shared = Set(parameters.excludeSame ?? [])
        guard let labels = parameters.labels else { return .byFolder(index, under: under, shared: shared) }
        return try catalog.read { try .by(labels, index, under: under, shared: shared, $0) }
    }

    private static func tooFewLabels(_ parameters: Evaluate.Parameters, _ labelling: Labelling) -> LibraryError {
        guard let labels = parameters.labels else {
            return .nothingToEvaluate(
                reason: "a file's label is the name of its folder, and there are not two such names that two files have"
                    + "; sort sounds into folders by what they are, or name a table with --labels")
        }
        let missing = labelling.unknown.first.map { first in
            ": \(labelling.unknown.count) of \(labels.count) labelled files are not in the library, such as "
                + "\(first.shown)"
        }
        return .nothingToEvaluate(
            reason: "there are not two labels that two files of the library have" + (missing ?? ""))
    }
}

extension EvaluationOutcome {
    fileprivate init(
        _ evaluation: Evaluation, of ranking: LibraryRanking, fileCount: Int, unknown: [WirePath], seconds: Double
    ) {
        func figure(_ measure: RetrievalMeasure) -> EvaluationFigure {
            let estimate = evaluation[measure]
            return EvaluationFigure(value: estimate.value, low: estimate.low, high: estimate.high)
        }
        self.init(
            metric: ranking.metric, model: ranking.snapshot.generation.model.identifier.description,
            queries: evaluation.queries.count, labels: evaluation.perLabel.count, files: fileCount,
            skipped: evaluation.skippedCount, silent: evaluation.queries.count { !$0.isAnswered },
            unknown: unknown.count, unknownExamples: Array(unknown.prefix(10)),
            metrics: EvaluationFigures(
                p1: figure(.precisionAt1), p5: figure(.precisionAt5), p10: figure(.precisionAt10),
                map: figure(.averagePrecision), mrr: figure(.reciprocalRank), ndcg10: figure(.discountedGainAt10)),
            chance: evaluation.chance, bestP5: evaluation.bestPrecisionAt5, bestP10: evaluation.bestPrecisionAt10,
            perLabel: evaluation.perLabel.map(LabelFigures.init), seconds: seconds)
    }
}

extension LabelFigures {
    fileprivate init(_ means: Evaluation.LabelMeans) {
        self.init(
            label: means.label, queries: means.queryCount, p1: means.scores[.precisionAt1],
            p5: means.scores[.precisionAt5], p10: means.scores[.precisionAt10], map: means.scores[.averagePrecision],
            mrr: means.scores[.reciprocalRank], ndcg10: means.scores[.discountedGainAt10])
    }
}
