import ArgumentParser
import CommandOutput
import LibraryReports
import LocalFiles
import Platform
import SystemPackage
import TimbreWire
import Varlink

/// Compares two folders, sound by sound.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Tell which sounds of two folders correspond, and which have no counterpart.",
        discussion: """
            Of each sound the nearest in the other folder is found, in both directions. It is a counterpart if the score is at \
            least 0.5: more likely than not a person would call the two the same kind of sound.
            """)

    @Argument(help: "A folder of the library.", completion: .directory, transform: { CommandArguments.path($0) })
    var a: FilePath

    @Argument(help: "Another.", completion: .directory, transform: { CommandArguments.path($0) })
    var b: FilePath

    @Option(
        name: [.customShort("n"), .long], help: "How many sounds to list at most; all of them if left out.")
    var count: Int?

    @Flag(help: "Only the sounds without a counterpart.")
    var missing = false

    @Flag(help: "Also files of folders that are not there now.")
    var offline = false

    @Flag(help: "Wait until all that is on disk now is searchable.")
    var sync = false

    @OptionGroup(title: "Output") var output: ListOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws { try Self.check(count: count, of: "--count") }

    func run() throws {
        let (a, b) = (try WirePath(resolvingFileOrFolder: a), try WirePath(resolvingFileOrFolder: b))
        guard a != b else { throw Failure(.usage, what: "compare", why: "these are not two folders but one") }
        let parameters = Compare.Parameters(a: a, b: b, offline: offline, sync: sync)
        let line = ProgressLine(isShown: !output.json && !output.jsonl)
        defer { line.clear() }
        var files: [ComparedFile] = []
        files += try connection.call(Compare.self, parameters, what: "compare") { news in
            files += news.files
            if let progress = news.progress { line.show(stage: "comparing", progress) }
        }.files
        line.clear()
        try CompareOutput(a: a, b: b, files: files, missing: missing, count: count).show(as: output.form)
    }
}
