import ArgumentParser
import CommandOutput
import TimbreWire

/// Makes a new model.
struct RetrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrain", abstract: "Make a new model from the stored features, and put it to use.")

    @Flag(help: "Train and compare, and keep nothing.")
    var dryRun = false

    @Option(help: "What the training begins with; the configuration's if left out.")
    var seed: Int?

    @Flag(help: "Return when the new model is in use, and say what has changed.")
    var wait = false

    @Option(help: "Learn what sounds alike from folders that are kinds of sounds: folder.")
    var labels: Retrain.Parameters.Labels?

    @Flag(help: "Put the new model to use even where it finds worse than the old one.")
    var force = false

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard seed ?? 0 >= 0 else { throw ValidationError("--seed cannot be less than 0.") }
    }

    func run() throws {
        let parameters = Retrain.Parameters(
            dryRun: dryRun, seed: seed, wait: wait || dryRun, labels: labels, force: force)
        let line = ProgressLine(isShown: !output.json)
        defer { line.clear() }
        let reply = try connection.call(Retrain.self, parameters, what: "retrain") { news in
            line.show(stage: news.stage ?? "working", news.progress)
        }
        line.clear()
        try output.show(reply) {
            reply.outcome.map { Self.text($0, byFolder: labels == .folder) } ?? "started; see `timbrectl status`\n"
        }
    }

    private static func text(_ outcome: RetrainOutcome, byFolder: Bool) -> String {
        let generation = outcome.generation.map { ", generation \($0)" } ?? ", not kept"
        func change(_ old: String, _ new: String) -> String { "\(old) → \(new)" }
        let members = [
            ("model", change(Shown.hash(outcome.oldModel), Shown.hash(outcome.newModel)) + generation),
            ("seed", "\(outcome.seed)"),
            ("trained on", "\(Shown.count(outcome.frames, "frame")) of \(Shown.count(outcome.contents, "sound"))"),
            (
                "error",
                change(Shown.number(outcome.oldError, digits: 4), Shown.number(outcome.newError, digits: 4))
            ),
            ("centroids heard", change("\(outcome.oldUsed)", "\(outcome.newUsed)")),
            ("top 10 changed", "\(outcome.listsChanged) of \(outcome.listsCompared)"),
            ("timbre vectors", Self.transform(outcome, byFolder)),
        ]
        let retrieval = outcome.retrieval.map { found in
            let figures = change(Shown.number(found.old, digits: 3), Shown.number(found.new, digits: 3))
            let interval = "\(Shown.number(found.low, digits: 3)) to \(Shown.number(found.high, digits: 3))"
            return (
                "found by \(found.measure.rawValue)",
                "\(figures), difference \(interval), \(Shown.count(found.queries, "query", "queries"))"
            )
        }
        let refused = outcome.refused.map { [("not put to use", $0)] } ?? []
        return Shown.members(members + retrieval + refused + [("took", Shown.duration(outcome.seconds))])
    }
}

extension RetrainCommand {
    private static func transform(_ outcome: RetrainOutcome, _ byFolder: Bool) -> String {
        switch outcome.transform {
        case nil: return "none; the old model makes none"
        case "learnt": return "by what the folders teach, too"
        case let origin:
            let own = origin == "shipped" ? "by the network that comes with timbred" : "as they were"
            guard byFolder else { return own }
            return outcome.retrieval.contains { $0.measure != .codes }
                ? "\(own); what the folders teach, below, finds no better"
                : "\(own); there are too few folders, or too few sounds, to learn from"
        }
    }
}

extension Retrain.Parameters.Labels: ExpressibleByArgument {}
