import ArgumentParser
import CommandOutput
import LocalFiles
import Platform
import SystemPackage
import TimbreWire

#if canImport(Glibc)
    import Glibc
#endif

/// Compares the live index with the database.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Compare the live index with plain answers from the database.")

    @Option(help: "How many files to search by, drawn at random.")
    var queries = 100

    @Option(help: "The same seed draws the same files.")
    var seed: Int?

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        try Self.check(count: queries, of: "--queries")
    }

    func run() throws {
        let reply = try connection.call(Verify.self, Verify.Parameters(queries: queries, seed: seed), what: "verify")
        try output.show(reply) {
            let count = reply.differences.count
            var text =
                "\(Shown.count(reply.queries, "search", "searches")) compared, "
                + "\(Shown.count(count)) \(count == 1 ? "differs" : "differ")\n"
            for difference in reply.differences {
                let (expected, found) = (difference.expected, difference.found)
                text += "\(Shown.path(difference.query)): at \(difference.rank) "
                text += "\(expected.map(Shown.path) ?? "nothing") expected, "
                text += "\(found.map(Shown.path) ?? "nothing") found\n"
            }
            return text
        }
        if !reply.differences.isEmpty { throw Failure(.noMatch) }
    }
}

/// Forgets what was kept of deleted files, or of an offline folder.
struct PruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune", abstract: "Forget what was kept of deleted files, or of an offline folder.")

    @Option(
        help: ArgumentHelp("The offline folder to forget.", valueName: "dir"),
        completion: LibraryCompletion.offlineFolders,
        transform: { CommandArguments.path($0) })
    var offline: FilePath?

    @Flag(help: "Only tell what would be forgotten.")
    var dryRun = false

    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        guard dryRun || yes || isatty(0) == 1 else {
            throw Failure(
                .usage, what: "prune", why: "there is nobody to ask", next: "say --yes, or look with --dry-run")
        }
        let folder = try offline.map(WirePath.init(naming:))
        let found = try call(Prune.Parameters(dryRun: true, offline: folder))
        let isNothing = found.files == 0 && found.contents == 0
        if dryRun || isNothing {
            return try output.show(found) { isNothing ? "there is nothing to forget\n" : Self.text(found) }
        }
        guard yes || ask(found) else { return }
        let done = try call(Prune.Parameters(offline: folder))
        try output.show(done) {
            "forgotten: \(Shown.count(done.files, "file")), \(Shown.count(done.contents, "sound"))\n"
        }
    }

    private func call(_ parameters: Prune.Parameters) throws -> Prune.Reply {
        try connection.call(Prune.self, parameters, what: "prune")
    }

    private func ask(_ found: Prune.Reply) -> Bool {
        Output.errorText(Self.text(found) + "Forget them? [y/N] ")
        return ["y", "yes"].contains(readLine()?.lowercased())
    }

    private static func text(_ found: Prune.Reply) -> String {
        let names = found.examples.map { Shown.path($0) + "\n" }.joined()
        let more = found.files > found.examples.count ? "…\n" : ""
        return names + more
            + "\(Shown.count(found.files, "file")), \(Shown.count(found.contents, "sound")), \(Shown.size(found.bytes))\n"
    }
}
