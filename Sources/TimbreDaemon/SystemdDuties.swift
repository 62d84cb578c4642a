import Glibc
import Logging
import ServiceLifecycle
import Systemd
import TimbreWire
import UnixSignals
import Varlink

/// Tells systemd that the service is alive, as long as each of the loops that do the work goes round.
struct Watchdog: Service {
    /// A loop that works on a thread of its own.
    struct Loop: Sendable {
        var name: String
        /// Makes it go round once.
        var poke: @Sendable () -> Void
        /// When it last went round.
        var lastRound: @Sendable () -> ContinuousClock.Instant
    }

    let loops: [Loop]
    let manager: ServiceManager
    let logger: Logger

    func run() async throws {
        guard let interval = manager.watchdogInterval else { return try await gracefulShutdown() }
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let asked = ContinuousClock.now
                for loop in loops { loop.poke() }
                do { try await Task.sleep(for: interval / 3) } catch { return }
                let stuck = loops.filter { $0.lastRound() < asked }.map(\.name)
                if stuck.isEmpty {
                    manager.watchdog()
                } else {
                    logger.error("no sign of life from: \(stuck.joined(separator: ", "))")
                }
            }
        }
    }
}

/// Reads the configuration again at SIGHUP.
struct ReloadOnSignal: Service {
    let reload: @Sendable () -> Void

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        try await cancelWhenGracefulShutdown {
            for await _ in signals { try await onThread(reload) }
        }
    }
}

extension Peer {
    /// The daemon, as a client of itself.
    static var thisProcess: Peer { Peer(user: geteuid(), groups: [getegid()], process: getpid()) }
}
