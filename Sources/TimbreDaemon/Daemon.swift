import FolderWatch
import Logging
import Platform
import ServiceLifecycle
import SystemPackage
import Systemd
import TimbreAnswers
import TimbreCoding
import TimbreConfiguration
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreTraining
import TimbreWire
import UnixSignals
import Varlink

/// The service, from its start to what it hands over to the next.
///
/// 1. Opening: the library is opened, and the watches of the last run are taken over. Nothing is watched or answered
///    yet.
/// 2. Starting: ingest, the watcher and the server begin to work, each on a thread of its own.
/// 3. Ready: the state of every folder is known, and the socket answers. A newer default model is then put to use in
///    the background.
/// 4. Reloading, as often as somebody asks: a changed configuration is put into force.
/// 5. Stopping: long work is ended, then the threads.
/// 6. Handover: the watches are left to the next start, and the database is closed.
package final class Daemon: Sendable {
    private let settings: ServiceSettings
    private let parts: DaemonParts
    private let manager = ServiceManager()
    private var logger: Logger { settings.logger }

    // MARK: Opening

    /// Opens the library and brings it up to date with its model; watches and answers nothing yet.
    ///
    /// - Throws: An error whose description is one line that says what to do.
    package init(_ settings: ServiceSettings) throws {
        self.settings = settings
        parts = try DaemonParts(settings, manager)
    }

    // MARK: Starting

    /// How a run of the service ended.
    package enum Ending: Sendable {
        case stopped
        /// Another library lies in the state directory now: the service is to be opened anew.
        case beginAnew
    }

    /// Serves until it is told to stop by SIGTERM or SIGINT, or a library was restored.
    ///
    /// - Throws: An error whose description is one line, if a part fails for good.
    package func run() async throws -> Ending {
        let server = try makeServer()
        let watch = WatchThread(watcher: parts.watcher, ingest: parts.ingest, folders: parts.folders)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: IngestThread(ingest: parts.ingest, run: runIngest)),
                    .init(service: watch),
                    .init(service: MapThread(keeper: parts.map)),
                    .init(service: ServerThread(server: server, ingest: parts.ingest, stop: parts.stop)),
                    .init(service: Readiness { [self] in try becomeReady(watch) }),
                    .init(service: Watchdog(loops: loops(server), manager: manager, logger: logger)),
                    .init(service: ReloadOnSignal(reload: reload)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        logger.debug("serving on \(settings.paths.socket)")
        parts.restart.whenMade { Task { await group.triggerGracefulShutdown() } }
        try await group.run()
        guard parts.restart.isMade else {
            try handOver(watch)
            return .stopped
        }
        // systemd waits for the next "ready".
        manager.reloading()
        try parts.catalog.close()
        return .beginAnew
    }

    private func makeServer() throws -> VarlinkServer {
        try VarlinkServer(
            listener: try ClientSocket.listener(settings.paths),
            service: VarlinkService(
                library: parts.responder, policy: ClientSocket.policy(settings.paths),
                version: ServiceSettings.version, url: "https://github.com/timbred/timbred"))
    }

    private func runIngest() throws {
        let start = IngestStart(
            folders: parts.folders.all, haveAllAnswered: parts.folders.haveAllAnswered,
            heldFiles: parts.heldFiles ?? [])
        let watcher = parts.watcher
        try parts.ingest.run(settings.configuration.ingestSettings, start) { watcher.rescan(nil) }
    }

    /// The loops that do the work: each must go round once it is poked.
    private func loops(_ server: VarlinkServer) -> [Watchdog.Loop] {
        let (watcher, ingest) = (parts.watcher, parts.ingest)
        return [
            Watchdog.Loop(name: "watching", poke: watcher.poke) { watcher.lastTurn },
            Watchdog.Loop(name: "ingest", poke: ingest.poke) { ingest.status.lastRound },
            Watchdog.Loop(name: "answering", poke: server.poke) { server.lastTurn },
        ]
    }

    /// The life cycle library's own messages are of no use to users.
    private var quiet: Logger {
        var logger = logger
        logger.logLevel = .critical
        return logger
    }

    // MARK: Ready

    /// Says that the service is ready once the state of every folder is known and the socket answers.
    private func becomeReady(_ watch: WatchThread) throws {
        // A folder on a dead network mount must not delay the others.
        let patience: Duration = parts.folders.haveAllAnswered ? .seconds(3) : .milliseconds(200)
        _ = try watch.areKnown.wait(atMost: patience)
        try parts.ingest.catchUp()
        let files = sayReady()
        logger.log(
            .started, "ready: \(files) files, socket \(settings.paths.socket)",
            metadata: [
                "socket": .stringConvertible(settings.paths.socket),
                "watches": parts.heldFiles == nil ? "new" : "kept",
            ])
        adoptNewerDefault()
        try DetachedThread.start { [catalog = parts.catalog, logger] in
            do { try catalog.finishCheck() } catch {
                logger.info("the database was not looked through to its end: \(error)")
            }
        }
    }

    /// Tells systemd that the service is ready, and how it stands.
    ///
    /// - Returns: How many files can be searched.
    @discardableResult private func sayReady() -> Int {
        let files = parts.library.snapshot.index.fileCount
        manager.ready(status: parts.ingest.status.summary(fileCount: files))
        return files
    }

    /// Puts the default model of this version to use if the library has that of an earlier one: in the background,
    /// while the old one answers.
    private func adoptNewerDefault() {
        let fail = { @Sendable [logger] (error: any Error) in
            logger.error(
                "the default model of this version is not in use, the next start tries again: \(error)",
                metadata: ["event": "upgrade-failed"])
        }
        do {
            guard
                let model = try LibraryOpening(catalog: parts.catalog).newerDefault(
                    than: parts.library.snapshot.generation)
            else { return }
            try DetachedThread.start { [retrainer = parts.retrainer, logger] in
                do {
                    try retrainer.adopt(model)
                    logger.log(
                        .modelSwapped, "the default model of this version, \(model.identifier), is in use",
                        metadata: ["model": "\(model.identifier)"])
                } catch LibraryError.stopping {
                    // The next start goes on with it.
                } catch {
                    fail(error)
                }
            }
        } catch {
            fail(error)
        }
    }

    // MARK: Reloading

    /// Reads the configuration again, after a signal.
    private func reload() {
        manager.reloading()
        do {
            _ = try parts.reconfiguration.reload(for: .thisProcess)
        } catch {
            // Logged where it happened; the old configuration stays in force.
            logger.debug("not reloaded: \(error)")
        }
        sayReady()
    }

    // MARK: Handover

    /// Leaves the watches to the next start, and closes the database.
    private func handOver(_ watch: WatchThread) throws {
        manager.stopping()
        let remainder = parts.ingest.remainder
        parts.watchKeeping.leave(try watch.left.wait(atMost: .zero) ?? nil, remainder)
        try parts.catalog.close()
        let (decoded, left) = (parts.ingest.status.decodedCount, remainder?.unanswered ?? 0)
        logger.log(
            .stopped,
            left == 0
                ? "stopped"
                : "stopped; \(CountedNoun.text(left, "file")) \(left == 1 ? "was being decoded, and has" : "were being decoded, and have") to be once more",
            metadata: ["decoded": "\(decoded)"])
    }
}
