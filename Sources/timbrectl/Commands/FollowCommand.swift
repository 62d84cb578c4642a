import ArgumentParser
import CommandOutput
import LibraryReports
import LocalFiles
import Platform
import SystemPackage
import TimbreWire
import Varlink

/// Tells what happens in the library.
struct FollowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow", abstract: "Print a line as things happen in the library, until Ctrl-C.")

    @Option(
        help: ArgumentHelp("Only new sounds that are like this one, in the library or not.", valueName: "file"),
        completion: .file(), transform: { CommandArguments.path($0) })
    var like: [FilePath] = []

    @Option(
        help: ArgumentHelp(
            "With --like: what is at least so near; a score of at least 0.5 without.", valueName: "distance"),
        transform: { try Double.argument($0) })
    var maxDistance: Double?

    @Option(help: ArgumentHelp("Begin behind the event of this number.", valueName: "number"))
    var since: Int?

    @Flag(help: "List all files first, as they are where the events begin.")
    var snapshot = false

    @Flag(help: "Print one JSON object a line.")
    var jsonl = false

    @Flag(
        name: [.customShort("0"), .customLong("null")],
        help: "Print the paths of files that became searchable, exactly, each ended by a NUL byte.")
    var null = false

    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !(jsonl && null) else { throw ValidationError("--jsonl and -0 exclude each other.") }
        guard maxDistance == nil || !like.isEmpty else { throw ValidationError("--max-distance goes with --like.") }
        guard maxDistance ?? 0 >= 0 else { throw ValidationError("--max-distance cannot be less than 0.") }
        guard since ?? 0 >= 0 else { throw ValidationError("--since cannot be less than 0.") }
        guard !snapshot || like.isEmpty && since == nil else {
            throw ValidationError("--snapshot excludes --like and --since.")
        }
    }

    func run() throws {
        let output = FollowOutput(format: jsonl ? .lines : null ? .paths : .text, isSearch: !like.isEmpty)
        try Interruption.endProgram(after: output)
        var session = FollowSession(since: since, hasSnapshot: snapshot)
        var sounds = QuerySounds(wanted: like, unwanted: [])
        try sounds.keep()
        while true {
            let ending = try follow(&sounds, &session, output)
            guard let wait = try session.ended(ending, at: .now) else { continue }
            if let remark = wait.remark { Output.error("timbrectl: follow: \(remark)") }
            Interruption.pause(wait.time)
        }
    }

    /// Follows once.
    ///
    /// - Returns: How that ended, unless by an error that ends everything.
    private func follow(
        _ sounds: inout QuerySounds, _ session: inout FollowSession, _ output: FollowOutput
    ) throws -> FollowSession.Ending {
        try sounds.search(what: "follow") { wanted, _ in
            var parameters = session.parameters
            (parameters.like, parameters.maxDistance) = (wanted.isEmpty ? nil : wanted, maxDistance)
            do {
                var client = try VarlinkClient(connectingTo: connection.path)
                let last = try client.call(Follow.self, parameters) { event in
                    session.told(event)
                    try output.show(event)
                }
                session.told(last)
                try output.show(last)
                return .ended
            } catch let error as ConversationError where error.reason != .nonsense {
                return .hungUp(Failure(error))
            } catch let error as SocketError where error.reason == .nobody {
                return .nobody(Failure(error))
            } catch LibraryError.stopping {
                return .ended
            }
        }
    }
}
