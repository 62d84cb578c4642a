import ArgumentParser
import CommandOutput
import LibraryReports
import LocalFiles
import Platform
import SystemPackage
import TimbreWire

/// Lists the files of the watched folders.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the files of the watched folders, in every state.")

    @Argument(
        help: "A folder; all of them if left out.", completion: .directory, transform: { CommandArguments.path($0) })
    var dir: FilePath?

    @Flag(help: "Also names that were left out, with the reason.")
    var all = false

    @OptionGroup(title: "Filters") var filters: FilterOptions
    @OptionGroup var everywhere: EverywhereOptions
    @OptionGroup(title: "Output") var output: ListOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !all || !everywhere.everywhere else { throw ValidationError("--everywhere excludes --all.") }
    }

    func run() throws {
        let directory = try dir.map { try everywhere.everywhere ? WirePath($0) : WirePath(naming: $0) }
        var files: [FileItem] = []
        let filter = try filters.filter(everywhere: everywhere.everywhere)
        if all, filter != nil {
            throw Failure(.usage, what: "--all", why: "what was left out meets no filter: name one of the two")
        }
        let parameters = List.Parameters(directory: directory, all: all, filter: filter)
        let last = try everywhere.call(connection, List.self, parameters, what: "list") { files += $0.files }
        files += last.files
        if files.isEmpty, let dir, let directory, !everywhere.everywhere { try check(dir, named: directory) }
        if files.isEmpty, filter != nil {
            Output.error("timbrectl: list: no file meets all conditions")
        } else if files.isEmpty, everywhere.everywhere {
            let place = directory.map { " below \(Shown.path($0))" } ?? ""
            let who = last.missing == nil ? "no machine has published" : "no shard that answered has"
            Output.error("timbrectl: list: " + (last.why.map(Shown.escaped) ?? "\(who) a file\(place)"))
        } else if files.isEmpty {
            Output.error(
                "timbrectl: list: no file that looks like audio lies "
                    + (directory.map { "below \(Shown.path($0))" } ?? "in a watched folder; see `timbrectl watch list`")
            )
        }
        var reply = List.Reply(files: files, complete: last.complete, missing: last.missing)
        reply.why = last.why
        try everywhere.show(missing: last.missing, what: "list") {
            try FileOutput(files: files, isComplete: last.complete ?? true).show(reply, as: output.form)
        }
    }

    /// Makes sure that a folder is there or, if it is away, that the library has files of it.
    private func check(_ dir: FilePath, named directory: WirePath) throws {
        do throws(Failure) { _ = try WirePath(resolvingFileOrFolder: dir) } catch {
            guard error.code == .noSuchFile else { throw error }
            var count = 0
            let whole = List.Parameters(directory: directory)
            count += try connection.call(List.self, whole, what: "list") { count += $0.files.count }.files.count
            if count == 0 { throw error }
        }
    }
}

/// Tells all that is known of a file.
struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "Tell all that is known of a file.")

    @Argument(help: "A file of the library.", completion: .file(), transform: { CommandArguments.path($0) })
    var file: FilePath

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let reply = try connection.call(Info.self, WirePath(naming: file), what: "info")
        try output.show(reply) { InfoOutput(reply: reply).text }
    }
}

/// Tries files again.
struct RetryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Try files again that could not be read.")

    @Argument(
        help: "The files; all that failed if left out.", completion: .file(), transform: { CommandArguments.path($0) })
    var files: [FilePath] = []

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let chosen = files.isEmpty ? nil : try files.map(WirePath.init(naming:))
        let reply = try connection.call(Retry.self, Retry.Parameters(files: chosen), what: "retry")
        try output.show(reply) {
            "\(Shown.count(reply.queued, "file")) \(reply.queued == 1 ? "waits" : "wait") to be read again\n"
        }
    }
}
