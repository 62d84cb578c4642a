import ArgumentParser
import CommandOutput
import LibraryReports
import LocalFiles
import Platform
import SystemPackage
import TimbreWire

/// Asks for a way from one sound to another.
struct PathCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path", abstract: "List sounds that lead from one to another, each near the one before.")

    typealias Format = PathOutput.Format

    @Argument(
        help: "The sound to begin with, in the library or not; - is standard input.", completion: .file(),
        transform: { CommandArguments.path($0) })
    var from: FilePath

    @Argument(
        help: "The sound to end with, in the library or not.", completion: .file(),
        transform: { CommandArguments.path($0) })
    var to: FilePath

    @Option(name: [.customShort("n"), .long], help: "How many sounds at most, with the first and the last.")
    var count = FindPath.usualCount

    @Flag(help: "Also over files of folders that are not there now.")
    var offline = false

    @Flag(help: "Wait until all that is on disk now is searchable.")
    var sync = false

    @Option(help: "How the answer is printed: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format: Format?

    @OptionGroup(title: "Filters") var filters: FilterOptions
    @OptionGroup(title: "Output") var output: ListOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard FindPath.counts.contains(count) else {
            throw ValidationError(
                "--count must lie between \(FindPath.counts.lowerBound) and \(FindPath.counts.upperBound).")
        }
        guard from != "-" || to != "-" else { throw ValidationError("- can be named once.") }
        guard format == nil || !(output.json || output.jsonl || output.null) else {
            throw ValidationError("--format excludes --json, --jsonl and -0.")
        }
    }

    func run() throws {
        let filter = try filters.filter(mayBeAway: offline)
        // To the daemon neither is unwanted; the two lists only tell the ends apart.
        var sounds = QuerySounds(wanted: [from], unwanted: [to])
        let reply = try sounds.search(what: "path") { from, to in
            try connection.ask(
                FindPath.self,
                FindPath.Parameters(
                    from: from[0], to: to[0], count: count, filter: filter, offline: offline, sync: sync))
        }
        try PathOutput(reply: reply).show(format: format, as: output.form)
        // Of two nobody expects more.
        if count > 2, let remark = Self.remark(on: reply, isFiltered: filter != nil) {
            Output.error("timbrectl: path: \(remark)")
        }
    }

    /// What is said of a way without a sound between its ends; nil if there is one, or the ends sound the same.
    static func remark(on reply: FindPath.Reply, isFiltered: Bool) -> String? {
        guard reply.steps.count == 2, reply.steps[1].distance > 0 else { return nil }
        return "no sound\(isFiltered ? " that the filters leave" : "") lies between these two"
    }
}

extension PathOutput.Format: ExpressibleByArgument {}
