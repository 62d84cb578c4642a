import FolderWatch
import Logging
import SystemPackage
import Systemd
import TimbreAnswers
import TimbreConfiguration
import TimbreIngest
import TimbreWire
import Varlink

/// Puts a changed configuration into force, without losing an event or a query.
struct Reconfiguration: Sendable {
    let settings: ServiceSettings
    let ingest: Ingest
    let watcher: FolderWatcher
    let folders: FolderAdministration

    /// How long a client waits at most until the library shows what has changed: looking through a large folder takes longer.
    private static let patience = Duration.seconds(10)

    /// Reads the configuration again and puts what has changed into force: when it returns, the library has the names that it
    /// is to have, unless that takes long.
    ///
    /// - Parameter peer: The client that waits for it.
    /// - Throws: ``LibraryError/invalidConfiguration(reason:)``; then the old one stays in force.
    func reload(for peer: Peer) throws -> Reload.Reply {
        let new: Configuration
        do throws(ConfigurationError) {
            new = try Configuration.load(
                from: settings.paths.configuration, mustExist: settings.paths.configurationIsNamed,
                home: settings.home)
        } catch {
            settings.logger.log(
                .reloadFailed, "\(error); the configuration stays as it was", metadata: ["error": "\(error)"])
            throw LibraryError.invalidConfiguration(reason: "\(error)")
        }
        let changed = new.changes(from: settings.configuration)
        // In force before it counts as read: if that fails, the next reload finds the same changes.
        try apply(new, changed: changed, for: peer)
        settings.configuration = new
        settings.logger.log(
            .reloaded,
            "configuration read again; changed: \(changed.isEmpty ? "nothing" : changed.joined(separator: ", "))",
            metadata: ["file": .stringConvertible(settings.paths.configuration)])
        var isSeen = true
        if !changed.isEmpty {
            do { isSeen = try awaitNames(for: peer) } catch let error as ClientLeft { throw error } catch {
                // The configuration is in force, whatever keeps this from being seen.
                isSeen = false
            }
        }
        return Reload.Reply(changed: changed, stillLooking: !isSeen)
    }

    /// Waits until the folders have been looked through with the new settings.
    ///
    /// - Returns: Whether they have.
    private func awaitNames(for peer: Peer) throws -> Bool {
        try translatingFailures {
            try FolderSync(ingest: ingest, watcher: watcher).waitForNames(until: .now + Self.patience) {
                try peer.wait(for: $0, atMost: $1)
            }
        }
    }

    /// Applies a configuration to all parts. What the catalog keeps of it is written first: if that fails, nothing has
    /// changed.
    ///
    /// - Parameter changed: The keys whose values have changed.
    func apply(_ configuration: Configuration, changed: [String], for peer: Peer) throws {
        let watched = folders.watched
        let resolved = configuration.watch.resolvedInTime(watched.served)
        // A folder that has not answered may lie where an old one does: then nothing is forgotten.
        let kept = resolved.haveAllAnswered ? [] : watched.all
        try translatingFailures {
            try ingest.apply(
                configuration.ingestSettings, folders: watched.all(configured: resolved) + kept,
                retriesSkipped: changed.contains("max_file_duration")
                    || changed.contains(Configuration.archiveLimitKeys))
        }
        watched.configure(
            configuration.watch, lying: resolved, filter: configuration.filter,
            followsSymlinks: configuration.followSymlinks)
        watcher.apply(configuration.watchSettings(cookieDirectory: settings.cookieDirectory))
        watcher.setFolders(watched.all)
        if resolved.haveAllAnswered { try folders.forgetUnwatched(for: peer) }
    }
}
