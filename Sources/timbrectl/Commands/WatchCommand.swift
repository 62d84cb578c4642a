import ArgumentParser
import CommandOutput
import LibraryReports
import LocalFiles
import Platform
import SystemPackage
import TimbreWire

/// The folders that are watched.
struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Add, remove and list the watched folders.",
        subcommands: [WatchAdd.self, WatchRemove.self, WatchList.self])
}

struct WatchAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Watch a folder from now on, across restarts.")

    @Argument(help: "The folder.", completion: .directory, transform: { CommandArguments.path($0) })
    var dir: FilePath

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let folder = try connection.call(AddFolder.self, WirePath(resolving: dir), what: "watch add")
        try output.show(folder) { FolderOutput.line(folder) + "\n" }
    }
}

struct WatchRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Stop watching a folder that was added; nothing learnt is lost.")

    @Argument(help: "The folder.", completion: LibraryCompletion.addedFolders, transform: { CommandArguments.path($0) })
    var dir: FilePath

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let folder = try connection.call(RemoveFolder.self, WirePath(naming: dir), what: "watch remove")
        try output.show(folder) { "\(Shown.path(folder.path)) is no longer watched\n" }
    }
}

struct WatchList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the watched folders, and where each comes from.")

    @OptionGroup(title: "Output") var output: ListOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let reply = try connection.call(ListFolders.self, Nothing(), what: "watch list")
        try output.show(reply, rows: reply.folders, path: \.path) {
            FolderOutput.table(reply.folders).text(width: Output.width)
        }
    }
}
