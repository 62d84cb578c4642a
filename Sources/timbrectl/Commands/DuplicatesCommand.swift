import ArgumentParser
import Platform
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

    @OptionGroup(title: "Output") var output: ListOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let parameters = Duplicates.Parameters(near: near, under: try under.map(WirePath.init(resolving:)))
        let line = ProgressLine()
        defer { line.clear() }
        var groups: [DuplicateGroup] = []
        groups += try connection.call(Duplicates.self, parameters, what: "duplicates") { news in
            groups += news.groups
            line.show(stage: "comparing", news.progress)
        }.groups
        line.clear()
        try DuplicatesOutput(groups).show(options: output)
    }
}
