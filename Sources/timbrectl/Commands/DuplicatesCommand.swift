import ArgumentParser
import CommandOutput
import LibraryReports
import LocalFiles
import Platform
import SpareFiles
import SystemPackage
import TimbreWire

/// Lists the files that are duplicates of each other.
struct DuplicatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duplicates", abstract: "List the files that are duplicates of each other.")

    @Flag(help: "Also the same sound at another level, in another format or with other silence around it.")
    var near = false

    @Option(
        help: ArgumentHelp("Only files below this folder.", valueName: "dir"), completion: .directory,
        transform: { CommandArguments.path($0) })
    var under: FilePath?

    @Flag(help: "Print what can go: never all of a group, and only what wins space. Nothing is deleted.")
    var spares = false

    @Option(
        help: ArgumentHelp(
            "With --spares, which file of a group is kept: largest (default), oldest, newest or path=GLOB, which keeps all that match. Several: the first that is about a file of the group decides.",
            valueName: "rule"), transform: { try KeepRule.argument($0) })
    var keep: [KeepRule] = []

    @Flag(
        help:
            "With --spares: let go, too, what may be a velocity layer: the same sound at another level, or under a name that differs in a number or in how loud it is."
    )
    var layers = false

    @OptionGroup var everywhere: EverywhereOptions
    @OptionGroup(title: "Output") var output: ListOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !everywhere.everywhere || !spares else {
            throw ValidationError("--everywhere excludes --spares: what can go is decided on the machine that has it.")
        }
        guard spares || !layers else { throw ValidationError("--layers says what --spares lets go; add --spares.") }
        guard spares || keep.isEmpty else { throw ValidationError("--keep says what --spares keeps; add --spares.") }
    }

    func run() throws {
        let below = try under.map { try everywhere.everywhere ? WirePath($0) : WirePath(resolving: $0) }
        let parameters = Duplicates.Parameters(near: near, under: below)
        let line = ProgressLine(isShown: !output.json && !output.jsonl)
        defer { line.clear() }
        var groups: [DuplicateGroup] = []
        let last = try everywhere.call(connection, Duplicates.self, parameters, what: "duplicates") { news in
            groups += news.groups
            line.show(stage: "comparing", news.progress)
        }
        groups += last.groups
        line.clear()
        if groups.isEmpty {
            let why = last.nothing.map { DuplicatesOutput.remark(on: $0, areNear: near, under: below) }
            Output.error("timbrectl: duplicates: \(why ?? last.why.map(Shown.escaped) ?? "nothing is found")")
        }
        if spares {
            let rules = keep.isEmpty ? [.largest] : keep
            return try SparesOutput(groups.map { SparePlan($0, keeping: rules, lettingLayersGo: layers) })
                .show(as: output.form)
        }
        try everywhere.show(missing: last.missing, what: "duplicates") {
            try DuplicatesOutput(groups, missing: last.missing, why: last.why).show(as: output.form)
        }
    }
}

extension KeepRule {
    /// Reads the value of an option.
    fileprivate static func argument(_ text: String) throws -> KeepRule {
        guard let rule = KeepRule(argument: text) else {
            throw ValidationError("'\(text)' is none of largest, oldest, newest and path=GLOB.")
        }
        return rule
    }
}
