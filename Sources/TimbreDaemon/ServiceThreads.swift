import FolderWatch
import Glibc
import LibraryFeed
import Platform
import ServiceLifecycle
import Synchronization
import SystemPackage
import Systemd
import TimbreAnswers
import TimbreConfiguration
import TimbreIngest
import TimbreLibrary
import TimbreTraining
import TimbreWire
import Varlink

/// The thread that ingest works on.
struct IngestThread: Service {
    let ingest: Ingest
    let work: @Sendable () throws -> Void

    init(ingest: Ingest, run work: @escaping @Sendable () throws -> Void) {
        self.ingest = ingest
        self.work = work
    }

    func run() async throws {
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await onThread(work)
        } onCancelOrGracefulShutdown: {
            ingest.stop()
        }
    }
}

/// The thread that watches the folders.
struct WatchThread: Service {
    let watcher: FolderWatcher
    let ingest: Ingest
    let folders: LibraryFolders
    /// Fulfilled once the state of every folder is known.
    let areKnown = Promise<Void, any Error>()
    /// Fulfilled at the end: what the next watcher needs to continue.
    let left = Promise<WatchHandover?, any Error>()

    func run() async throws {
        watcher.setFolders(folders.all)
        let missing = Mutex(Set(folders.all))
        if folders.all.isEmpty { areKnown.fulfil(.success(())) }
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await onThread { [watcher, ingest, areKnown, left] in
                let handover = try watcher.run { changes in
                    ingest.watcherSaw(changes)
                    if missing.withLock({ $0.removeFolders(toldIn: changes) }) { areKnown.fulfil(.success(())) }
                    ingest.slowDownWatcher()
                }
                left.fulfil(.success(handover))
            }
        } onCancelOrGracefulShutdown: {
            watcher.stop()
        }
    }
}

extension Set<FilePath> {
    /// Removes the folders whose state is among the changes.
    ///
    /// - Returns: Whether the last one was among them.
    fileprivate mutating func removeFolders(toldIn changes: [FolderChange]) -> Bool {
        guard !isEmpty else { return false }
        for change in changes {
            switch change {
            case .folder(let status), .continued(let status):
                // A folder inside another is watched as a part of that.
                self = filter { !$0.starts(with: status.root) }
            default: break
            }
        }
        return isEmpty
    }
}

/// The thread that keeps the map.
struct MapThread: Service {
    let keeper: MapKeeper

    func run() async throws {
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await onThread { [keeper] in keeper.run() }
        } onCancelOrGracefulShutdown: {
            keeper.stop()
        }
    }
}

/// The thread that accepts clients.
struct ServerThread: Service {
    let server: VarlinkServer
    let ingest: Ingest
    let stop: StopFlag

    func run() async throws {
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await onThread { [server] in try server.run() }
        } onCancelOrGracefulShutdown: {
            stop.raise()
            ingest.feed.close()
            server.stop()
        }
    }
}

/// The socket that clients connect to, and what they may do.
enum ClientSocket {
    /// The socket that systemd has opened, or a new one.
    static func listener(_ paths: ServicePaths) throws -> SocketListener {
        if let handed = try PassedDescriptors.listeners(named: "timbred").first {
            // A service that begins anew needs it once more.
            guard let own = handed.duplicateCloseOnExec() else { throw Errno.last }
            return try SocketListener(adopting: own)
        }
        let permissions: SocketListener.Permissions = paths.scope == .system ? .system(group: group) : .user
        return try SocketListener(path: paths.socket, permissions: permissions)
    }

    /// Who may do what: the service's own user may do everything; if it serves the machine, members of the group may
    /// look.
    static func policy(_ paths: ServicePaths) -> AccessPolicy {
        AccessPolicy(owner: geteuid(), group: paths.scope == .system ? group : nil)
    }

    private static var group: UInt32? {
        guard let group = unsafe getgrnam("timbred") else { return nil }
        return unsafe group.pointee.gr_gid
    }
}

/// A thread that waits until the service is ready, says so, and ends.
struct Readiness: Service {
    let wait: @Sendable () throws -> Void

    func run() async throws {
        try await onThread(wait)
        try await gracefulShutdown()
    }
}

/// Runs what blocks on a thread of its own, and waits for it without blocking.
func onThread(_ body: @escaping @Sendable () throws -> Void) async throws {
    try await withCheckedThrowingContinuation { continuation in
        do {
            try DetachedThread.start { continuation.resume(with: Result { try body() }) }
        } catch {
            continuation.resume(throwing: error)
        }
    }
}
