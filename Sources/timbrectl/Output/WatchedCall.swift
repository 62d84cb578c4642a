import CommandOutput
import Platform
import SystemPackage
import TimbreWire
import Varlink

extension ConnectionOptions {
    /// Calls a method that replies when the daemon has read all that waits, and shows meanwhile how far that is.
    ///
    /// The daemon is asked for its status over another connection.
    func callShowingProgress<Method: LibraryMethod>(
        _: Method.Type, _ parameters: Method.Parameters, what: String, isShown: Bool
    ) throws -> Method.Reply {
        let line = ProgressLine(isShown: isShown)
        let watch = StatusWatch(socket: path, line: line)
        if isShown { watch.start() }
        defer {
            watch.stop()
            line.clear()
        }
        return try call(Method.self, parameters, what: what)
    }
}

/// Asks how the daemon is, again and again, and shows it.
private final class StatusWatch: Sendable {
    private let socket: FilePath
    private let line: ProgressLine
    private let end = Promise<Bool, Never>()

    /// From one question to the next; what is done before the first is not spoken of.
    private static let pause = Duration.milliseconds(300)

    init(socket: FilePath, line: ProgressLine) {
        self.socket = socket
        self.line = line
    }

    /// Begins, on a thread of its own.
    func start() {
        // Without a thread there is no bar; the work is done all the same.
        do throws(Errno) { try DetachedThread.start { self.watch() } } catch {}
    }

    func stop() { end.fulfil(.success(true)) }

    private func watch() {
        do {
            while end.wait(atMost: Self.pause) == nil {
                var client = try VarlinkClient(connectingTo: socket)
                let status = try client.call(Status.self, Nothing())
                if status.state != .idle { line.show(stage: Self.stage(status), status.progress) }
            }
        } catch {
            // What ails the daemon, the call itself tells.
        }
    }

    private static func stage(_ status: Status.Reply) -> String {
        switch status.state {
        case .paused: "paused: `timbrectl resume` goes on"
        case .starting: "starting"
        case .indexing, .idle: "reading files"
        }
    }
}
