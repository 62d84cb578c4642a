import FolderWatch
import Logging
import ServiceLifecycle
import Systemd
import TimbreIngest
import TimbreWire
import Varlink

/// Tells systemd that the service lives, as long as each of the loops that do the work turns.
struct Watchdog: Service {
    let daemon: Daemon
    let server: VarlinkServer

    func run() async throws {
        guard let interval = daemon.manager.watchdogInterval else { return try await gracefulShutdown() }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let asked = ContinuousClock.now
                daemon.watcher.poke()
                daemon.ingest.poke()
                server.poke()
                do { try await Task.sleep(for: interval / 3) } catch { return }
                let turns = [
                    ("watching", daemon.watcher.lastTurn), ("ingest", daemon.ingest.status.lastRound),
                    ("answering", server.lastTurn),
                ]
                let stuck = turns.filter { $0.1 < asked }.map(\.0)
                if stuck.isEmpty {
                    daemon.manager.watchdog()
                } else {
                    daemon.settings.logger.error("no sign of life from: \(stuck.joined(separator: ", "))")
                }
            }
        }
    }
}
