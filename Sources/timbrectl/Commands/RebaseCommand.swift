import ArgumentParser
import CommandOutput
import LocalFiles
import Platform
import SystemPackage
import TimbreWire

/// Lets what is known of a folder be known of the one that its files are in now.
struct RebaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebase",
        abstract: "Tell that the files of a folder are in another one now; none is decoded again.",
        discussion: """
            For folders that were moved or copied to another path, disk or machine. A folder that the configuration names
            has to have its new path there first.
            """)

    @Argument(
        help: "Where the files were.", completion: LibraryCompletion.folders, transform: { CommandArguments.path($0) })
    var old: FilePath

    @Argument(help: "Where they are.", completion: .directory, transform: { CommandArguments.path($0) })
    var new: FilePath

    @Flag(name: [.customShort("n"), .customLong("dry-run")], help: "Only tell what would be done.")
    var isDry = false

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let parameters = Rebase.Parameters(
            old: try WirePath(naming: old), new: try WirePath(resolving: new), dryRun: isDry)
        let reply = try connection.call(Rebase.self, parameters, what: "rebase")
        try output.show(reply) { Self.text(reply, old: parameters.old) }
    }

    private static func text(_ reply: Rebase.Reply, old: WirePath) -> String {
        if reply.already == true {
            return "\(Shown.count(reply.files, "file")) \(reply.files == 1 ? "is" : "are") known under "
                + "\(Shown.path(reply.new)) already; nothing is known of \(Shown.path(old))\n"
        }
        let names = reply.examples.map { "not there: \(Shown.path($0))\n" }.joined()
        let more = reply.missing > reply.examples.count ? "…\n" : ""
        let verb = reply.rebased ? "now" : "would be"
        let missing = reply.missing == 0 ? "" : "; \(Shown.count(reply.missing)) not found there"
        return names + more + "\(Shown.count(reply.files, "file")) \(verb) under \(Shown.path(reply.new))\(missing)\n"
    }
}
