import ArgumentParser
import CommandOutput
import LibraryReports
import TimbreWire

/// Draws files at random.
struct RandomCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "random", abstract: "List random files, or the neighbours of one.")

    @Option(name: [.customShort("n"), .long], help: "How many files at most.")
    var count = 10

    @Flag(help: "Draw one file, and list the files that sound most like it.")
    var similar = false

    @Option(help: "The same seed draws the same files from the same library.")
    var seed: Int?

    @OptionGroup var everywhere: EverywhereOptions
    @OptionGroup(title: "Filters") var filters: FilterOptions
    @OptionGroup(title: "Output") var output: ListOptions
    @OptionGroup var use: UseOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        try Self.check(count: count, of: "--count")
        guard !everywhere.everywhere || !similar && !use.open else {
            throw ValidationError("--everywhere excludes --similar and --open.")
        }
    }

    func run() throws {
        let filter = try filters.filter(everywhere: everywhere.everywhere)
        let drawn = try everywhere.call(
            connection, Random.self, Random.Parameters(count: similar ? 1 : count, filter: filter, seed: seed),
            what: "random")
        guard similar, let file = drawn.files.first else {
            if let nothing = drawn.nothing {
                Output.error("timbrectl: random: \(EmptyRemark(nothing: nothing, filter: filter).text)")
            } else if let why = drawn.why {
                Output.error(Shown.escaped("timbrectl: random: \(why)"))
            }
            return try everywhere.show(missing: drawn.missing, what: "random") {
                try FileOutput(files: drawn.files, isComplete: drawn.complete ?? true).show(drawn, as: output.form)
                try use.use(drawn.files.map(\.place), what: "random")
            }
        }
        let query = QuerySound(.file(file.path))
        let reply = try connection.call(
            Similar.self, Similar.Parameters(queries: [query], count: count, filter: filter), what: "random")
        if output.form == .table { try Output.line("like \(Shown.path(file.path)):") }
        try SimilarOutput(reply: reply, segments: false, filter: filter).show(format: nil, as: output.form)
        try use.use(reply.results.map(\.path), what: "random")
    }
}
