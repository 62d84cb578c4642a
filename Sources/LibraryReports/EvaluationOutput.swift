import CommandOutput
import TimbreWire

/// How well answers agree with labels, as people read it.
package struct EvaluationOutput {
    var outcome: EvaluationOutcome
    /// What files that count do not have in common with the query.
    var excluded: [SharedTrait]
    /// Whether to show every label, and not the worst ones alone.
    var isComplete: Bool

    package init(outcome: EvaluationOutcome, excluded: [SharedTrait] = [], isComplete: Bool) {
        (self.outcome, self.excluded, self.isComplete) = (outcome, excluded, isComplete)
    }

    /// Labels that are shown unless all are.
    private static let shown = 10
    private static let headings = ["P@1", "P@5", "P@10", "mAP", "MRR", "NDCG@10"]

    package func text(width: Int?) -> String {
        let count = isComplete ? outcome.perLabel.count : min(Self.shown, outcome.perLabel.count)
        let heading = count < outcome.perLabel.count ? "\nThe \(count) worst labels:\n" : "\nThe labels, worst first:\n"
        return meaning + notes.map { $0 + "\n" }.joined() + "\n" + overall.text(width: width) + heading
            + labels(count).text(width: width)
    }

    /// What the figure says that most people want.
    var meaning: String {
        let p10 = outcome.metrics.p10
        func percent(_ value: Double) -> String { Shown.number(100 * value, digits: 1) }
        return "Of the ten nearest files \(percent(p10.value)) % (95 %: \(percent(p10.low))–\(percent(p10.high)) %) "
            + "have the query's label; by chance \(percent(outcome.chance)) % would, "
            + "at best \(percent(outcome.bestP10)) %.\n"
    }

    /// What was searched by, and what could not be.
    var notes: [String] {
        let searches =
            "\(Shown.count(outcome.queries, "search", "searches")) by \(Shown.count(outcome.labels, "label")) among "
            + "\(Shown.count(outcome.files, "file")), "
            + "metric \(outcome.metric.rawValue)"
        var notes = [searches]
        if !excluded.isEmpty {
            let traits = SharedTrait.allCases.filter(excluded.contains).map(\.rawValue).joined(separator: " or ")
            notes.append("files of the query's own \(traits) do not count")
        }
        if outcome.skipped > 0 { notes.append("\(outcome.skipped) left out: no other file of their label counts") }
        if outcome.silent > 0 { notes.append("\(outcome.silent) of them silent, and scored 0") }
        if outcome.unknown > 0 {
            let example = outcome.unknownExamples.first.map { ", such as \(Shown.path($0))" } ?? ""
            notes.append("\(outcome.unknown) labelled files are not in the library\(example)")
        }
        return notes
    }

    /// The figures of all labels: means with their intervals, and the limits between which they can be.
    var overall: Table {
        let metrics = outcome.metrics
        let figures = [metrics.p1, metrics.p5, metrics.p10, metrics.map, metrics.mrr, metrics.ndcg10]
        var table = Table(
            [.init(heading: "")] + Self.headings.map { .init(heading: $0, alignment: .right) })
        func add(_ name: String, _ values: [Double]) {
            let texts = values.map { Shown.number($0, digits: 3) }
            table.add([name] + texts + Array(repeating: "–", count: Self.headings.count - texts.count))
        }
        add("mean", figures.map(\.value))
        add("95 % from", figures.map(\.low))
        add("to", figures.map(\.high))
        add("by chance", [outcome.chance, outcome.chance, outcome.chance])
        add("at best", [1, outcome.bestP5, outcome.bestP10])
        return table
    }

    /// The first so many labels.
    private func labels(_ count: Int) -> Table {
        var table = Table(
            Self.headings.map { .init(heading: $0, alignment: .right) }
                + [.init(heading: "searches", alignment: .right), .init(heading: "label")])
        for label in outcome.perLabel.prefix(count) {
            let figures = [label.p1, label.p5, label.p10, label.map, label.mrr, label.ndcg10]
            table.add(
                figures.map { Shown.number($0, digits: 3) } + ["\(label.queries)", Shown.escaped(label.label)])
        }
        return table
    }
}
