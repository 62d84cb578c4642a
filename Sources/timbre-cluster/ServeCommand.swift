import ArgumentParser
import Glibc
import Logging
import Platform
import ShardConnections
import SystemPackage
import Systemd
import TimbreCluster
import TimbreConfiguration
import TimbreWire
import Varlink

/// Publishes this machine's library for as long as it runs, and answers questions about all of them.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Publish this machine's library as it changes, and answer `timbrectl … --everywhere`.")

    @Option(
        name: .customLong("listen"), help: "The socket that clients connect to.", completion: .file(),
        transform: { CommandArguments.path($0) })
    var listeningSocket: FilePath?

    @Flag(help: "Publish nothing, and only answer.")
    var noPublish = false

    @OptionGroup var options: ClusterOptions

    func run() throws {
        let signals = Self.holdSignals()
        LoggingSystem.bootstrap { _ in JournalLogHandler(of: "timbre-cluster") }
        let logger = Logger(label: "timbre-cluster")
        let cluster = try options.cluster()
        let shards = cluster.shards
        let scope = try options.paths().scope
        let manager = ServiceManager()
        let board = PublicationBoard(shards: shards.map(\.number), logger: logger) { manager.status($0) }
        let pool = ShardPool(shards, patience: cluster.deadline)
        let answers = ClusterAnswers(pool: pool, library: options.library, open: cluster.open, board: board)
        let settled = SettledOffer(asking: pool)
        let follower = ModelFollower(
            pool: pool, library: LibraryModels(of: options.library), follows: cluster.followsModel,
            publishes: !noPublish, settled: settled, logger: logger)
        let group = scope == .system ? Self.group : nil
        let listener: SocketListener
        do {
            listener = try SocketListener(
                path: listeningSocket ?? Self.socket(scope),
                permissions: scope == .system ? .system(group: group) : .user)
        } catch { throw Complaint(EX_UNAVAILABLE, "\(error.path): \(error.explanation)") }
        let server = try VarlinkServer(
            listener: listener,
            service: VarlinkService(
                cluster: answers, policy: AccessPolicy(owner: geteuid(), group: group), version: Release.version,
                url: "https://github.com/timbred/timbred"))
        let pages = ChangePages(of: options.library, readers: shards.count)
        for address in noPublish ? [] : shards {
            let publisher = ShardPublisher(to: address, pages: pages, board: board, settled: settled)
            try DetachedThread.start { publisher.run() }
        }
        try DetachedThread.start { follower.run() }
        try Self.waitForSignals(signals) {
            manager.stopping()
            server.stop()
        }
        manager.ready(status: "\(shards.count) shards")
        try server.run()
        // A publication under way ends with the process: what a shard has not taken in is published again.
    }

    /// Keeps signals to end until somebody waits for them: one that comes while the program starts is not lost. Threads that are
    /// started later keep them as well.
    private static func holdSignals() -> sigset_t {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        for number in [SIGTERM, SIGINT] { unsafe sigaddset(&signals, number) }
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        return signals
    }

    /// Runs something when the program is told to end. If it is told again, it ends at once.
    private static func waitForSignals(
        _ signals: sigset_t, _ end: @escaping @Sendable () -> Void
    ) throws {
        try DetachedThread.start {
            var signals = signals
            var number: CInt = 0
            while unsafe sigwait(&signals, &number) != 0 {}
            // This thread takes the next one, and so it stays.
            unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            end()
            while true { pause() }
        }
    }

    /// Where clients look for it.
    private static func socket(_ scope: ServicePaths.Scope) -> FilePath {
        func variable(_ name: String) -> FilePath? {
            guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
            return unsafe FilePath(platformString: value)
        }
        if let named = variable("TIMBRE_CLUSTER_SOCKET") { return named }
        let own = scope == .user ? variable("XDG_RUNTIME_DIR")?.appending("timbre-cluster/cluster.sock") : nil
        return own ?? "/run/timbre-cluster/cluster.sock"
    }

    private static var group: UInt32? {
        guard let group = unsafe getgrnam("timbred") else { return nil }
        return unsafe group.pointee.gr_gid
    }
}
