import ArgumentParser
import CommandOutput
import LibraryReports
import LocalFiles
import Platform
import SystemPackage
import TimbreWire

/// Tells why two sounds are near to each other, or far apart.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Tell why two sounds are near to each other, or far apart.",
        discussion: """
            The score is the probability that a person would call the two the same kind of sound. Of a place in a recording it \
            is about all that is heard there, with the background; how likely a sound is heard at a place, \
            `similar --segments` tells.
            """)

    @Argument(
        help: "A sound, in the library or not; - is standard input.", completion: .file(),
        transform: { CommandArguments.path($0) })
    var a: FilePath

    @Argument(help: "Another.", completion: .file(), transform: { CommandArguments.path($0) })
    var b: FilePath

    @Option(
        help: ArgumentHelp("Compare this part of B, the second, alone, such as 1:02-1:05.5.", valueName: "from-to"),
        transform: { try TimeSpan.argument($0) })
    var at: TimeSpan?

    @Option(
        help: ArgumentHelp("Compare this part of A, the first, alone.", valueName: "from-to"),
        transform: { try TimeSpan.argument($0) })
    var atA: TimeSpan?

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard a != "-" || b != "-" else { throw ValidationError("- can be named once.") }
    }

    func run() throws {
        var sounds = QuerySounds(wanted: [a, b], unwanted: [])
        let reply = try sounds.search(what: "explain") { wanted, _ in
            try connection.ask(Explain.self, Explain.Parameters(a: wanted[0], b: wanted[1], at: at, atA: atA))
        }
        try output.show(reply) { ExplanationOutput(reply: reply, at: at, atA: atA).text(width: Output.width) }
    }
}
