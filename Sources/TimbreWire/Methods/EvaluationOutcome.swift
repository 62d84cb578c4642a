/// How well the library's answers agree with labels.
package struct EvaluationOutcome: Codable, Hashable, Sendable {
    package var metric: Metric
    /// `sha256:…`: the model of the answers.
    package var model: String
    /// How many searches were scored, and how many labels they are of.
    package var queries: Int
    package var labels: Int
    /// How many files could be found.
    package var files: Int
    /// Queries that were left out: no file that could be found has their label.
    package var skipped: Int
    /// Queries with nothing to search by, such as silence: all their figures are 0.
    package var silent: Int
    /// Labelled files that cannot be found, and the first of them, at most 10.
    package var unknown: Int
    package var unknownExamples: [WirePath]
    /// Means over the queries of a label, then over the labels.
    package var metrics: EvaluationFigures
    /// The precision of answers in random order, at any place.
    package var chance: Double
    /// The precision of perfect answers: a label with few files cannot fill the places.
    package var bestP5: Double
    package var bestP10: Double
    /// The labels, worst first.
    package var perLabel: [LabelFigures]
    /// How long it took.
    package var seconds: Double

    package init(
        metric: Metric, model: String, queries: Int, labels: Int, files: Int, skipped: Int, silent: Int, unknown: Int,
        unknownExamples: [WirePath], metrics: EvaluationFigures, chance: Double, bestP5: Double, bestP10: Double,
        perLabel: [LabelFigures], seconds: Double
    ) {
        self.metric = metric
        self.model = model
        self.queries = queries
        self.labels = labels
        self.files = files
        self.skipped = skipped
        self.silent = silent
        self.unknown = unknown
        self.unknownExamples = unknownExamples
        self.metrics = metrics
        self.chance = chance
        self.bestP5 = bestP5
        self.bestP10 = bestP10
        self.perLabel = perLabel
        self.seconds = seconds
    }

    private enum CodingKeys: String, CodingKey {
        case metric, model, queries, labels, files, skipped, silent, unknown
        case unknownExamples = "unknown_examples"
        case metrics, chance
        case bestP5 = "best_p5"
        case bestP10 = "best_p10"
        case perLabel = "per_label"
        case seconds
    }
}

/// A mean, and the interval in which 95 % of the means lie that other queries would give.
package struct EvaluationFigure: Codable, Hashable, Sendable {
    package var value: Double
    package var low: Double
    package var high: Double

    package init(value: Double, low: Double, high: Double) {
        self.value = value
        self.low = low
        self.high = high
    }
}

/// The figures of an evaluation, each from 0 to 1: precision at 1, 5 and 10, mean average precision, mean reciprocal rank,
/// and normalised discounted cumulative gain at 10.
package struct EvaluationFigures: Codable, Hashable, Sendable {
    package var p1: EvaluationFigure
    package var p5: EvaluationFigure
    package var p10: EvaluationFigure
    package var map: EvaluationFigure
    package var mrr: EvaluationFigure
    package var ndcg10: EvaluationFigure

    package init(
        p1: EvaluationFigure, p5: EvaluationFigure, p10: EvaluationFigure, map: EvaluationFigure,
        mrr: EvaluationFigure, ndcg10: EvaluationFigure
    ) {
        self.p1 = p1
        self.p5 = p5
        self.p10 = p10
        self.map = map
        self.mrr = mrr
        self.ndcg10 = ndcg10
    }
}

/// The figures of one label: means over its queries.
package struct LabelFigures: Codable, Hashable, Sendable {
    package var label: String
    package var queries: Int
    package var p1: Double
    package var p5: Double
    package var p10: Double
    package var map: Double
    package var mrr: Double
    package var ndcg10: Double

    package init(
        label: String, queries: Int, p1: Double, p5: Double, p10: Double, map: Double, mrr: Double, ndcg10: Double
    ) {
        self.label = label
        self.queries = queries
        self.p1 = p1
        self.p5 = p5
        self.p10 = p10
        self.map = map
        self.mrr = mrr
        self.ndcg10 = ndcg10
    }
}
