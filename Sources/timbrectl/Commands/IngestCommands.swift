import ArgumentParser
import CommandOutput
import LocalFiles
import Platform
import SystemPackage
import TimbreWire

/// Compares the library with the disk.
struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan", abstract: "Compare the library with the disk now.")

    @Argument(
        help: "A folder; all of them if left out.", completion: LibraryCompletion.folders,
        transform: { CommandArguments.path($0) })
    var dir: FilePath?

    @Flag(help: "Return when all that was found is searchable.")
    var wait = false

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let directory = try dir.map(WirePath.init(naming:))
        let parameters = Scan.Parameters(directory: directory, wait: wait)
        let reply = try connection.callShowingProgress(
            Scan.self, parameters, what: "scan", isShown: wait && !output.json)
        try output.show(reply) {
            guard reply.finished else { return "started\n" }
            let more = [reply.changed.map { "\($0) new or changed" }, reply.gone.map { "\($0) gone" }].compactMap(
                \.self)
            return ([Shown.count(reply.files ?? 0, "file")] + more).joined(separator: ", ") + "\n"
        }
    }
}

/// Waits until all that is on disk is searchable.
struct SyncCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Return when all that is on disk now is searchable.")

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let reply = try connection.callShowingProgress(Sync.self, Nothing(), what: "sync", isShown: !output.json)
        try output.show(reply) { "" }
    }
}

/// Stops reading new files.
struct PauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Stop reading new files; searches go on.")

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let reply = try connection.call(Pause.self, Nothing(), what: "pause")
        try output.show(reply) { "\(reply.state.rawValue)\n" }
    }
}

/// Reads new files again.
struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "resume", abstract: "Read new files again.")

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let reply = try connection.call(Resume.self, Nothing(), what: "resume")
        try output.show(reply) { "\(reply.state.rawValue)\n" }
    }
}

/// Reads the configuration again.
struct ReloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reload", abstract: "Read the configuration again; return when it is in force.")

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let reply = try connection.call(Reload.self, Nothing(), what: "reload")
        try output.show(reply) {
            if reply.changed.isEmpty { return "nothing has changed\n" }
            let waiting = reply.needRestart.joined(separator: ", ")
            return "changed: \(reply.changed.joined(separator: ", "))\n"
                + (waiting.isEmpty ? "" : "in force after a restart: \(waiting)\n")
        }
        if reply.stillLooking {
            Output.error("timbrectl: reload: the folders are still being looked through; `timbrectl sync` waits for it")
        }
    }
}
