import Glibc
import Logging
import ServiceLifecycle
import Systemd
import TimbreConfiguration
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreWire
import UnixSignals
import Varlink

/// Reads the configuration again at SIGHUP.
struct ReloadOnSignal: Service {
    let daemon: Daemon

    /// The daemon, which asks this of itself.
    private static let itself = Peer(user: geteuid(), groups: [getegid()], process: getpid())

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        try await cancelWhenGracefulShutdown {
            for await _ in signals {
                try await onThread { [daemon] in
                    daemon.manager.reloading()
                    defer {
                        let files = daemon.library.snapshot.index.fileCount
                        daemon.manager.ready(status: daemon.ingest.status.summary(fileCount: files))
                    }
                    do {
                        _ = try daemon.settings.reload(daemon.responder, for: Self.itself)
                    } catch {
                        // Said in the journal where it happened; the old configuration is in force.
                        daemon.settings.logger.debug("not reloaded: \(error)")
                    }
                }
            }
        }
    }
}
