import EventStore
import FolderWatch
import Glibc
import LibraryBackup
import Logging
import Platform
import SoundFeatures
import SystemPackage
import Systemd
import TimbreAnswers
import TimbreConfiguration
import TimbreExtraction
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreTraining
import TimbreWire

/// All parts of the service, put together but not yet started.
struct DaemonParts: Sendable {
    let catalog: Catalog
    let library: LiveLibrary
    let folders: LibraryFolders
    let ingest: Ingest
    let watcher: FolderWatcher
    let watchKeeping: WatchKeeping
    /// Files that the watcher has held back since before the start; nil if its watches are new.
    let heldFiles: Set<FilePath>?
    let retrainer: Retrainer
    let map: MapKeeper
    let reconfiguration: Reconfiguration
    let responder: Responder
    /// Raised when the service stops.
    let stop = StopFlag()
    /// Made when the service is to begin anew.
    let restart = RestartRequest()

    /// - Throws: An error whose description is one line that says what to do.
    init(_ settings: ServiceSettings, _ manager: ServiceManager) throws {
        let (configuration, logger) = (settings.configuration, settings.logger)
        let extractor = try Self.extractor()
        let boot = try Self.bootIdentifier()
        try Self.finishRestore(settings)
        let opened = try OpenedLibrary(database: settings.database, at: WallClock.seconds())
        catalog = opened.catalog
        library = LiveLibrary(opened.snapshot)
        folders = LibraryFolders(
            configured: configuration.watch,
            added: try catalog.read { try $0.folders().filter(\.isAtRunTime).map(\.path) },
            filter: configuration.filter, followsSymlinks: configuration.followSymlinks)
        ingest = try Ingest(
            catalog: catalog, library: library,
            surroundings: IngestSurroundings(extractor: extractor, boot: boot), logger: logger,
            announce: { manager.status($0) })
        watchKeeping = WatchKeeping(catalog: catalog, store: DescriptorStore(), settings: settings)
        let earlier = watchKeeping.take()
        heldFiles = earlier.map { Set($0.state.heldFiles) }
        do {
            watcher = try FolderWatcher(
                settings: configuration.watchSettings(cookieDirectory: settings.cookieDirectory), continuing: earlier)
        } catch {
            throw StartError("no folder can be watched: \(error)")
        }
        retrainer = Retrainer(catalog: catalog, library: library, ingest: ingest, stop: stop)
        let driftGauge = DriftGauge()
        let trial = RetrainTrial(catalog: catalog, library: library, ingest: ingest, retrainer: retrainer) {
            let retraining = settings.configuration.retrain
            return TrainingRequest(seed: retraining.seed, centroidCount: retraining.centroids, isDry: true)
        }
        map = try MapKeeper(catalog: catalog, library: library, ingest: ingest, logger: logger) {
            try trial.runIfDue(driftGauge)
        }
        let administration = FolderAdministration(
            catalog: catalog, ingest: ingest, watcher: watcher, watched: folders, stop: stop)
        let reconfiguration = Reconfiguration(
            settings: settings, ingest: ingest, watcher: watcher, folders: administration)
        self.reconfiguration = reconfiguration
        responder = Responder(
            catalog: catalog, library: library, ingest: ingest, watcher: watcher, folders: administration,
            retrainer: retrainer, map: map, stop: stop, logger: logger, version: ServiceSettings.version,
            surroundings: Self.surroundings(settings, restart), retraining: { settings.configuration.retrain },
            reload: { try reconfiguration.reload(for: $0) })
        if let damage = opened.damage { tell(damage, logger) }
        if opened.snapshot.events.file == nil {
            logger.warning(
                "\(catalog.path)-events: cannot be opened for writing; no place inside a recording is found until a restart",
                metadata: ["event": "events-not-kept"])
        }
        catalog.whenDamaged { [ingest, path = catalog.path] words in
            logger.log(.databaseDamaged, "\(path): \(words)", metadata: ["path": .stringConvertible(path)])
            ingest.poke()
        }
    }

    /// Puts the library of a backup in its place, if one was read before.
    private static func finishRestore(_ settings: ServiceSettings) throws {
        do throws(Errno) {
            guard let done = try PendingRestore(of: settings.database).finish() else { return }
            settings.logger.notice(
                "the library of a backup is in place; the one that was here is in \(done.aside.humanReadable)",
                metadata: ["event": "restored", "path": .stringConvertible(done.aside)])
        } catch {
            throw StartError("\(settings.paths.stateDirectory): a restore cannot be finished: \(error)")
        }
    }

    private static func surroundings(_ settings: ServiceSettings, _ restart: RestartRequest) -> ServiceSurroundings {
        ServiceSurroundings(
            database: settings.database, configuration: settings.paths.configuration,
            configuredFolders: {
                do throws(ConfigurationError) {
                    return try Configuration.load(
                        from: settings.paths.configuration, mustExist: settings.paths.configurationIsNamed,
                        home: settings.home
                    ).watch
                } catch { throw LibraryError.invalidConfiguration(reason: "\(error)") }
            }, restart: restart.make)
    }

    /// Reports, in the journal and in `status`, that the database had to be replaced.
    private func tell(_ damage: OpenedLibrary.Damage, _ logger: Logger) {
        let words =
            "the database was damaged (\(damage.reason)) and has been moved here; a new one is made from the sounds, and "
            + "what could be read of the models and of folders that were added is kept"
        logger.log(.databaseDamaged, "\(damage.path): \(words)", metadata: ["path": .stringConvertible(damage.path)])
        ingest.noteError(path: damage.path, ExtractionFailure(.damaged, words))
    }

    /// The program that decodes sounds.
    private static func extractor() throws -> FilePath {
        let extractor = try WorkerProgram.locate()
        guard unsafe extractor.withPlatformString({ unsafe access($0, X_OK) }) == 0 else {
            throw StartError("\(extractor): cannot be run: \(Errno.last); install timbred again")
        }
        return extractor
    }

    /// Changes with every boot of the machine.
    private static func bootIdentifier() throws -> String {
        try FilePath("/proc/sys/kernel/random/boot_id").firstWord()
    }
}
