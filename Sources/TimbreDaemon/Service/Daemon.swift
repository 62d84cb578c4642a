import FolderWatch
import Glibc
import Logging
import Platform
import SoundFeatures
import SystemPackage
import Systemd
import TimbreCoding
import TimbreConfiguration
import TimbreExtraction
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire

/// All parts of the service, put together.
package final class Daemon: Sendable {
    let settings: ServiceSettings
    let catalog: Catalog
    let library: LiveLibrary
    let ingest: Ingest
    let watcher: FolderWatcher
    let folders: WatchedFolders
    let retrainer: Retrainer
    let responder: Responder
    let manager = ServiceManager()
    /// Files that the watcher holds back since before the start; nil if it begins anew.
    private let heldFiles: Set<FilePath>?
    /// Whether the watches are those of before the start.
    var continuesWatches: Bool { heldFiles != nil }

    /// Opens the library and brings it up to date with its model; watches and answers nothing yet.
    ///
    /// - Throws: An error whose description is one line that says what to do.
    package init(_ settings: ServiceSettings) throws {
        self.settings = settings
        let configuration = settings.configuration
        let extractor = try WorkerProgram.locate()
        guard unsafe extractor.withPlatformString({ unsafe access($0, X_OK) }) == 0 else {
            throw StartError("\(extractor): cannot be run: \(Errno.last); install timbred again")
        }
        let surroundings = IngestSurroundings(extractor: extractor, boot: try Self.bootIdentifier())
        let opened = try OpenedLibrary(database: settings.database, at: WallClock.seconds())
        catalog = opened.catalog
        library = LiveLibrary(opened.snapshot)
        let added = try catalog.read { try $0.folders().filter(\.isAtRunTime).map(\.path) }
        folders = WatchedFolders(
            configured: configuration.watch, added: added, filter: configuration.filter,
            followsSymlinks: configuration.followSymlinks)
        ingest = try Ingest(
            catalog: catalog, library: library, surroundings: surroundings, logger: settings.logger,
            announce: { [manager] in manager.status($0) })
        let earlier = WatchKeeping(
            catalog: catalog, store: DescriptorStore(), logger: settings.logger, configuration: configuration
        ).take()
        heldFiles = earlier.map { Set($0.state.heldFiles) }
        do {
            watcher = try FolderWatcher(
                settings: configuration.watchSettings(cookieDirectory: settings.cookieDirectory),
                continuing: earlier)
        } catch {
            throw StartError("no folder can be watched: \(error)")
        }
        retrainer = Retrainer(catalog: catalog, library: library, ingest: ingest)
        responder = Responder(
            catalog: catalog, library: library, ingest: ingest, watcher: watcher, folders: folders,
            retrainer: retrainer, settings: settings)
        if let damage = opened.damage { tell(damage) }
        catalog.whenDamaged { [ingest, path = catalog.path, logger = settings.logger] words in
            logger.log(.databaseDamaged, "\(path): \(words)", metadata: ["path": .stringConvertible(path)])
            ingest.poke()
        }
    }

    /// Says that the database had to be made anew: in the journal, and in `status`.
    private func tell(_ damage: OpenedLibrary.Damage) {
        let words =
            "the database was damaged (\(damage.reason)) and has been moved here; a new one is made from the sounds, and "
            + "what could be read of the models and of folders that were added is kept"
        settings.logger.log(
            .databaseDamaged, "\(damage.path): \(words)", metadata: ["path": .stringConvertible(damage.path)])
        ingest.noteError(path: damage.path, ExtractionFailure(.damaged, words))
    }

    /// Keeps the library as the folders are, on the calling thread, until ingest is stopped.
    func runIngest() throws {
        let start = IngestStart(
            folders: folders.all, haveAllAnswered: folders.haveAllAnswered, heldFiles: heldFiles ?? [])
        try ingest.run(settings.configuration.ingestSettings, start) { [watcher] in watcher.rescan(nil) }
    }

    /// Changes with every boot of the machine.
    private static func bootIdentifier() throws -> String {
        try FilePath("/proc/sys/kernel/random/boot_id").firstWord()
    }
}
