import ArgumentParser
import CommandOutput
import LibraryReports
import LocalFiles
import Platform
import SystemPackage
import TimbreWire

/// Tells how well the library's answers agree with labels.
struct EvaluateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Tell how well the answers agree with labels.")

    /// Where labels come from.
    enum Source: Hashable {
        case folder
        case table(FilePath)
    }

    @Option(
        help: ArgumentHelp(
            "What the files are: the names of their folders, or a table (CSV) with the columns path and label.",
            valueName: "folder|csv"),
        completion: .file(), transform: { $0 == "folder" ? .folder : .table(CommandArguments.path($0)) })
    var labels = Source.folder

    @Option(help: ArgumentHelp("The column of the table that has the labels; label if left out.", valueName: "column"))
    var by: String?

    @Option(
        help: ArgumentHelp("Where the paths of the table begin; the table's folder if left out.", valueName: "dir"),
        completion: .directory, transform: { CommandArguments.path($0) })
    var root: FilePath?

    @Option(help: "How distance is measured; as by similar if left out.")
    var metric: Metric?

    @Option(
        help: ArgumentHelp(
            "Do not count files that have this in common with the query: "
                + SharedTrait.allCases.map(\.rawValue).joined(separator: ", ") + ".", valueName: "what"))
    var excludeSame: [SharedTrait] = []

    @Option(
        help: ArgumentHelp("Only files below this folder.", valueName: "dir"), completion: .directory,
        transform: { CommandArguments.path($0) })
    var under: FilePath?

    @Option(help: ArgumentHelp("Search by so many files of each label at most; by all if left out.", valueName: "n"))
    var perLabel: Int?

    @Option(help: "The same seed draws the same files of each label.")
    var seed: Int?

    @Flag(help: "Show all labels, not the ten worst alone.")
    var worst = false

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        if labels == .folder {
            guard by == nil, root == nil else {
                throw ValidationError("--by and --root are about a table of --labels.")
            }
            guard !excludeSame.contains(.pitch) else {
                throw ValidationError("--exclude-same pitch needs a table of --labels that has a column pitch.")
            }
        }
        try Self.check(count: perLabel, of: "--per-label")
        guard seed ?? 0 >= 0 else { throw ValidationError("--seed cannot be less than 0.") }
    }

    func run() throws {
        let parameters = Evaluate.Parameters(
            metric: metric, labels: try table()?.labels, excludeSame: excludeSame.isEmpty ? nil : excludeSame,
            under: try under.map(WirePath.init(resolving:)), queries: perLabel, seed: seed)
        let line = ProgressLine(isShown: !output.json)
        defer { line.clear() }
        let reply = try connection.call(Evaluate.self, parameters, what: "evaluate") { news in
            line.show(stage: "searching", news.progress)
        }
        line.clear()
        guard let outcome = reply.outcome else {
            throw Failure(.internalError, what: "evaluate", why: "the daemon's answer has no figures")
        }
        try output.show(outcome) {
            EvaluationOutput(outcome: outcome, excluded: excludeSame, isComplete: worst).text(width: Output.width)
        }
    }

    private func table() throws(Failure) -> LabelTable? {
        guard case .table(let file) = labels else { return nil }
        do throws(Errno) { _ = try FileStatus(of: file, following: true) } catch {
            throw Failure(
                .noSuchFile, what: "--labels \(WirePath(file).shown)", why: "\(error)",
                next: "it takes the word folder, or a table (CSV)")
        }
        return try LabelTable(
            readingFrom: file, column: by ?? "label", root: root,
            needed: excludeSame.filter { $0 != .folder }.map(\.rawValue))
    }
}

extension SharedTrait: ExpressibleByArgument {}
