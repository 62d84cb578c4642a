import Logging
import Platform
import Synchronization
import SystemPackage
import Systemd
import TimbreConfiguration
import TimbreWire
import Varlink

/// What the daemon was started with and configured to, and the ways to change that.
package final class ServiceSettings: Sendable {
    /// The version that `--version` and `status` show.
    package static let version = Release.version

    let version = ServiceSettings.version
    let paths: ServicePaths
    let home: FilePath?
    let logger: Logger
    private let current: Mutex<Configuration>

    package init(paths: ServicePaths, home: FilePath?, configuration: Configuration, logger: Logger) {
        self.paths = paths
        self.home = home
        self.logger = logger
        current = Mutex(configuration)
    }

    var configuration: Configuration { current.withLock { $0 } }

    /// Runs something on a thread of its own, and lets it go.
    func background(_ body: @escaping @Sendable () -> Void) throws { try DetachedThread.start(body) }

    /// Reads the configuration again and brings what has changed into force.
    ///
    /// - Throws: ``LibraryError/invalidConfiguration(reason:)``; then the old one stays in force.
    func reload(_ responder: Responder, for peer: Peer) throws -> Reload.Reply {
        let new: Configuration
        do throws(ConfigurationError) {
            new = try Configuration.load(
                from: paths.configuration, mustExist: paths.configurationIsNamed, home: home)
        } catch {
            logger.log(
                .reloadFailed, "\(error); the configuration stays as it was", metadata: ["error": "\(error)"])
            throw LibraryError.invalidConfiguration(reason: "\(error)")
        }
        let changed = new.changes(from: configuration)
        // In force before it counts as read: if it cannot be, the next reload finds the same changes.
        try responder.apply(new, changed: changed, for: peer)
        current.withLock { $0 = new }
        logger.log(
            .reloaded,
            "configuration read again; changed: \(changed.isEmpty ? "nothing" : changed.joined(separator: ", "))",
            metadata: ["file": .stringConvertible(paths.configuration)])
        return Reload.Reply(changed: changed)
    }
}
