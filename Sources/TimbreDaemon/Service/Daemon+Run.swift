import Glibc
import Logging
import Platform
import ServiceLifecycle
import SystemPackage
import Systemd
import TimbreConfiguration
import TimbreIngest
import TimbreStore
import TimbreWire
import UnixSignals
import Varlink

extension Daemon {
    /// Serves until it is told to stop by SIGTERM or SIGINT.
    ///
    /// - Throws: An error whose description is one line, if a part fails for good.
    package func run() async throws {
        let listener = try makeListener()
        let server = try VarlinkServer(
            listener: listener,
            service: VarlinkService(
                library: responder, policy: policy, version: settings.version,
                url: "https://github.com/timbred/timbred"))
        let loop = IngestThread(daemon: self)
        let watch = WatchThread(watcher: watcher, ingest: ingest, folders: folders)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: loop), .init(service: watch),
                    .init(service: ServerThread(server: server, retrainer: retrainer)),
                    .init(service: Readiness(daemon: self, watch: watch)),
                    .init(service: Watchdog(daemon: self, server: server)),
                    .init(service: ReloadOnSignal(daemon: self)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        settings.logger.debug("serving on \(settings.paths.socket)")
        try await group.run()
        manager.stopping()
        WatchKeeping(
            catalog: catalog, store: DescriptorStore(), logger: settings.logger, configuration: settings.configuration
        ).leave(try watch.left.wait(atMost: .zero) ?? nil, ingest.remainder)
        try catalog.close()
        let (decoded, left) = (ingest.status.decodedCount, ingest.remainder?.unanswered ?? 0)
        settings.logger.log(
            .stopped, left == 0 ? "stopped" : "stopped; \(left) files were being decoded, and have to be once more",
            metadata: ["decoded": "\(decoded)"])
    }

    /// The life cycle's own messages are none that a user could do something with.
    private var quiet: Logger {
        var logger = settings.logger
        logger.logLevel = .critical
        return logger
    }

    private func makeListener() throws -> SocketListener {
        if let handed = try PassedDescriptors.listeners(named: "timbred").first {
            return try SocketListener(adopting: handed)
        }
        let permissions: SocketListener.Permissions =
            settings.paths.scope == .system ? .system(group: Self.clientGroup) : .user
        return try SocketListener(path: settings.paths.socket, permissions: permissions)
    }

    /// Who may do what: the service's own user everything; members of the group may look, if it serves the machine.
    private var policy: AccessPolicy {
        AccessPolicy(owner: geteuid(), group: settings.paths.scope == .system ? Self.clientGroup : nil)
    }

    private static var clientGroup: UInt32? {
        guard let group = unsafe getgrnam("timbred") else { return nil }
        return unsafe group.pointee.gr_gid
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
