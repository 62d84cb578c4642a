import ArgumentParser
import CommandOutput
import LibraryReports
import TimbreWire

/// Shows how the map of the library stands, or where its files lie.
struct MapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map", abstract: "Show how the map of the library stands, or where the files lie on it.",
        discussion: "Sounds that are alike lie near each other. Where groups lie, and how far apart, means nothing.")

    @Flag(help: "Have the map learnt anew, in the background.")
    var again = false

    @Flag(help: "List the files with their positions.")
    var points = false

    @OptionGroup(title: "Output") var output: ListOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !output.null || points else { throw ValidationError("-0 is for --points.") }
        guard !output.jsonl || points else { throw ValidationError("--jsonl is for --points.") }
        guard !again || !points else { throw ValidationError("--again excludes --points.") }
    }

    func run() throws {
        if again { _ = try connection.call(LearnMap.self, Nothing(), what: "map") }
        var map = MapOutput(wantsPoints: points)
        let last = try connection.call(Map.self, Map.Parameters(paths: points), what: "map") { map.add($0) }
        map.add(last)
        try map.show(last, isAsked: again, as: output.form)
    }
}
