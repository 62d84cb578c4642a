import FolderWatch
import Logging
import Platform
import Synchronization
import SystemPackage
import TestFiles
import TestIngest
import TimbreConfiguration
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreTraining
import TimbreWire
import Varlink

@testable import TimbreAnswers

/// A responder over a library that a test has made. Its ingest runs; its watcher does not.
final class TestResponder {
    let responder: Responder
    let watched: LibraryFolders
    let ingest: Ingest
    /// Nobody runs it unless the test does.
    let map: MapKeeper
    private let background: BackgroundIngest
    let service = StandInService()

    convenience init(_ test: StoredLibrary) throws {
        try self.init(
            try BackgroundIngest(test), test.catalog, test.library, at: test.place, configured: [test.root], added: [])
    }

    /// - Parameter added: Folders that were added at run time.
    convenience init(_ disk: FullDiskLibrary, added: [String] = []) throws {
        try self.init(
            try BackgroundIngest(disk), disk.catalog, disk.library, at: disk.folder.path, configured: [],
            added: added.map(disk.path))
    }

    /// - Parameter place: Where the watcher may keep files of its own.
    private init(
        _ background: BackgroundIngest, _ catalog: Catalog, _ library: LiveLibrary, at place: FilePath,
        configured: [FilePath], added: [FilePath]
    ) throws {
        self.background = background
        ingest = background.ingest
        watched = LibraryFolders(configured: configured, added: added, filter: NameFilter(), followsSymlinks: false)
        let watcher = try FolderWatcher(settings: WatchSettings(cookieDirectory: place))
        let stop = StopFlag()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        map = try MapKeeper(catalog: catalog, library: library, ingest: ingest, logger: logger)
        responder = Responder(
            catalog: catalog, library: library, ingest: ingest, watcher: watcher,
            folders: FolderAdministration(
                catalog: catalog, ingest: ingest, watcher: watcher, watched: watched, stop: stop),
            retrainer: Retrainer(catalog: catalog, library: library, ingest: ingest, stop: stop),
            map: map, stop: stop,
            logger: logger, version: "1",
            surroundings: ServiceSurroundings(
                database: catalog.path, configuration: place.appending("timbred.toml"),
                configuredFolders: { [service] in service.named.withLock { $0 } ?? configured },
                restart: { [service] in service.restarts.add(1, ordering: .relaxed) }),
            retraining: { Configuration.Retraining() },
            reload: { [service] _ in
                service.reloads.add(1, ordering: .relaxed)
                return Reload.Reply(changed: [])
            })
    }
}

/// What a service is to a responder.
final class StandInService: Sendable {
    /// What the configuration file names now; nil if that is what it named at the start.
    let named = Mutex<[FilePath]?>(nil)
    /// How often the service was to begin anew.
    let restarts = Atomic(0)
    /// How often the configuration was to be read again.
    let reloads = Atomic(0)
}

extension Peer {
    /// A client that may do everything and never leaves.
    static let owner = Peer(user: 0, groups: [0], process: 1)
}
