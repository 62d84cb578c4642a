import ArgumentParser
import CommandOutput
import LibraryReports
import Platform
import SystemPackage
import TimbreWire
import Varlink

/// Finds the sounds that nothing is like.
struct OddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "odd", abstract: "List the sounds that nothing is like.",
        discussion: """
            Those come first whose nearest other sound is farthest away; copies of the same bytes are one sound. With a folder, \
            or other filters, only what these admit is compared: a sound in the wrong folder stands out there.
            """)

    @Argument(
        help: "A folder; the whole library if left out.", completion: .directory,
        transform: { CommandArguments.path($0) })
    var dir: FilePath?

    @Option(name: [.customShort("n"), .long], help: "How many sounds at most.")
    var count = 10

    @Flag(help: "Also files of folders that are not there now.")
    var offline = false

    @Flag(help: "Wait until all that is on disk now is searchable.")
    var sync = false

    @OptionGroup(title: "Filters") var filters: FilterOptions
    @OptionGroup(title: "Output") var output: ListOptions
    @OptionGroup var use: UseOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        try Self.check(count: count, of: "--count")
        guard dir == nil || filters.under == nil else { throw ValidationError("DIR and --under say the same.") }
    }

    func run() throws {
        var filters = filters
        if let dir { filters.under = dir }
        let filter = try filters.filter(mayBeAway: offline)
        let parameters = Odd.Parameters(count: count, filter: filter, offline: offline, sync: sync)
        let line = ProgressLine(isShown: !output.json && !output.jsonl)
        defer { line.clear() }
        let reply = try connection.call(Odd.self, parameters, what: "odd") { news in
            if let progress = news.progress { line.show(stage: "comparing", progress) }
        }
        line.clear()
        try output.show(reply, rows: reply.results, path: \.path) {
            Self.table(reply.results).text(width: Output.width)
        }
        guard !reply.results.isEmpty else {
            let why = reply.nothing.map { nothing in
                nothing.left == 1
                    ? "there is only 1 file: nothing to compare it with"
                    : EmptyRemark(nothing: nothing, filter: filter).text
            }
            Output.error("timbrectl: odd: \(why ?? "nothing is found")")
            throw Failure(.noMatch)
        }
        try use.use(reply.results.map(\.path), what: "odd")
    }

    static func table(_ results: [OddSound]) -> Table {
        var table = Table([
            .init(heading: "distance", alignment: .right), .init(heading: "length", alignment: .right),
            .init(heading: "file", isPath: true),
            .init(heading: "nearest", isPath: true),
        ])
        for result in results {
            table.add([
                Shown.number(result.distance, digits: 3), Shown.duration(result.duration), Shown.path(result.path),
                Shown.path(result.nearest),
            ])
        }
        return table
    }
}
