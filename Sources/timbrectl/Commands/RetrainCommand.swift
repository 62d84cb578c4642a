import ArgumentParser
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

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard seed ?? 0 >= 0 else { throw ValidationError("--seed cannot be less than 0.") }
    }

    func run() throws {
        let parameters = Retrain.Parameters(dryRun: dryRun, seed: seed, wait: wait || dryRun)
        let line = ProgressLine()
        let reply = try connection.call(Retrain.self, parameters, what: "retrain") { news in
            line.show(stage: news.stage ?? "working", news.progress)
        }
        line.clear()
        try output.show(reply) {
            reply.outcome.map(Self.text) ?? "started; see `timbrectl status`\n"
        }
    }

    private static func text(_ outcome: RetrainOutcome) -> String {
        let generation = outcome.generation.map { ", generation \($0)" } ?? ", not kept"
        func change(_ old: String, _ new: String) -> String { "\(old) → \(new)" }
        return Shown.members([
            ("model", change(Shown.hash(outcome.oldModel), Shown.hash(outcome.newModel)) + generation),
            ("seed", "\(outcome.seed)"),
            ("trained on", "\(outcome.frames) frames of \(outcome.contents) sounds"),
            (
                "error",
                change(Shown.number(outcome.oldError, digits: 4), Shown.number(outcome.newError, digits: 4))
            ),
            ("centroids heard", change("\(outcome.oldUsed)", "\(outcome.newUsed)")),
            ("top 10 changed", "\(outcome.listsChanged) of \(outcome.listsCompared)"),
            ("took", Shown.duration(outcome.seconds)),
        ])
    }
}
