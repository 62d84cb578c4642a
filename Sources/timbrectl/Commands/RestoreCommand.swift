import ArgumentParser
import CommandOutput
import Glibc
import Platform
import SystemPackage
import TimbreWire
import Varlink

/// Puts the library of a backup in the place of the present one.
struct RestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put the library of a backup in place; the present one is kept aside.")

    @Argument(
        help: "The file that `timbrectl backup` wrote; - is standard input.", completion: .file(),
        transform: { CommandArguments.path($0) })
    var file: FilePath

    @Flag(help: "Make it a library of its own: the one that the backup was made of lives on elsewhere.")
    var copy = false

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let name = WirePath(file).shown
        let outcome = try restore(name)
        try waitForRestart(name)
        try output.show(outcome) {
            "\(Shown.count(outcome.files, "file")) and \(Shown.count(outcome.contents, "sound")) are back, "
                + "as of \(Shown.time(outcome.created)); the library that was here is in "
                + "\(Shown.path(outcome.aside))\n"
                + (outcome.configuration.map { "another configuration was in the backup: \(Shown.path($0))\n" } ?? "")
        }
    }

    private func restore(_ name: String) throws -> Restore.Outcome {
        let line = ProgressLine(isShown: !output.json)
        defer { line.clear() }
        let parameters = Restore.Parameters(copy: copy)
        func call(_ source: FileDescriptor) throws -> Restore.Reply {
            try connection.call(Restore.self, parameters, what: name, passing: source) { news in
                line.show(stage: "bytes", news.progress)
            }
        }
        guard file != "-" else { return try outcome(call(.standardInput)) }
        let opened: FileDescriptor
        do { opened = try FileDescriptor.open(file, .readOnly, options: .closeOnExec) } catch let error as Errno {
            guard error == .noSuchFileOrDirectory else { throw Failure(error, what: name) }
            throw Failure(.noSuchFile, what: name, why: "there is no such file")
        }
        return try outcome(opened.closeAfter { try call(opened) })
    }

    private func outcome(_ reply: Restore.Reply) throws -> Restore.Outcome {
        guard let outcome = reply.outcome else { throw ConnectionOptions.nonsense("restore") }
        return outcome
    }

    /// How long a start may take: that of a library of an earlier version brings it up to date.
    private static let patience = Duration.seconds(600)

    /// Waits until a daemon answers that has begun after now: the one with the other library.
    private func waitForRestart(_ name: String) throws {
        let told = ContinuousClock.now
        while ContinuousClock.now - told < Self.patience {
            do {
                let status = try connection.ask(Status.self, Nothing())
                if ContinuousClock.now - .seconds(status.uptime) > told { return }
            } catch is SocketError {
                // Between the two nobody listens,
            } catch is ConversationError {
                // or somebody hangs up.
            } catch LibraryError.stopping {
                // It has not gone yet.
            }
            _ = poll(nil, 0, 50)
        }
        throw Failure(
            .noDaemon, what: name, why: "the backup was read, but the daemon has not come back with it",
            next: "see `journalctl -u timbred`")
    }
}
