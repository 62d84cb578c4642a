import FolderWatch
import Logging
import Platform
import ServiceLifecycle
import Synchronization
import SystemPackage
import Systemd
import TimbreConfiguration
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

/// The thread that ingest works on.
struct IngestThread: Service {
    let daemon: Daemon

    func run() async throws {
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await onThread { [daemon] in try daemon.runIngest() }
        } onCancelOrGracefulShutdown: {
            daemon.ingest.stop()
        }
    }
}

/// The thread that watches the folders.
struct WatchThread: Service {
    let watcher: FolderWatcher
    let ingest: Ingest
    let folders: WatchedFolders
    /// Given once the state of every folder has been told.
    let areKnown = Promise<Void, any Error>()
    /// Given at the end: what another watcher needs to go on.
    let left = Promise<WatchHandover?, any Error>()

    func run() async throws {
        watcher.setFolders(folders.all)
        let missing = Mutex(Set(folders.all))
        if folders.all.isEmpty { areKnown.fulfil(.success(())) }
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await onThread { [watcher, ingest, areKnown, left] in
                let handover = try watcher.run { changes in
                    ingest.watcherSaw(changes)
                    let areAllKnown = missing.withLock { missing in
                        guard !missing.isEmpty else { return false }
                        for change in changes {
                            switch change {
                            case .folder(let status), .continued(let status):
                                // A folder in another one is watched as a part of that.
                                missing = missing.filter { !$0.starts(with: status.root) }
                            default: break
                            }
                        }
                        return missing.isEmpty
                    }
                    if areAllKnown { areKnown.fulfil(.success(())) }
                    ingest.slowDownWatcher()
                }
                left.fulfil(.success(handover))
            }
        } onCancelOrGracefulShutdown: {
            watcher.stop()
        }
    }
}

/// The thread that accepts clients.
struct ServerThread: Service {
    let server: VarlinkServer
    let retrainer: Retrainer

    func run() async throws {
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await onThread { [server] in try server.run() }
        } onCancelOrGracefulShutdown: {
            retrainer.cancel()
            server.stop()
        }
    }
}

/// Says that the service is ready once the state of every folder is known and the socket answers.
struct Readiness: Service {
    let daemon: Daemon
    let watch: WatchThread

    func run() async throws {
        try await onThread { [daemon, watch] in
            // A folder on a dead network mount must not keep the others from being searched.
            let patience: Duration = daemon.folders.haveAllAnswered ? .seconds(3) : .milliseconds(200)
            _ = try watch.areKnown.wait(atMost: patience)
            try daemon.ingest.catchUp()
            let files = daemon.library.snapshot.index.fileCount
            daemon.manager.ready(status: daemon.ingest.status.summary(fileCount: files))
            daemon.settings.logger.log(
                .started, "ready: \(files) files, socket \(daemon.settings.paths.socket)",
                metadata: [
                    "socket": .stringConvertible(daemon.settings.paths.socket),
                    "watches": daemon.continuesWatches ? "kept" : "new",
                ])
            daemon.adoptNewerDefault()
            try daemon.settings.background { [catalog = daemon.catalog, logger = daemon.settings.logger] in
                do { try catalog.finishCheck() } catch {
                    logger.info("the database was not looked through to its end: \(error)")
                }
            }
        }
        try await gracefulShutdown()
    }
}
