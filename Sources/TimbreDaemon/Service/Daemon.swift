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
    private let extractor: FilePath
    private let isPaused: Bool
    private let boot: String
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
        extractor = try WorkerProgram.locate()
        guard unsafe extractor.withPlatformString({ unsafe access($0, X_OK) }) == 0 else {
            throw StartError("\(extractor): cannot be run: \(Errno.last); install timbred again")
        }
        boot = try Self.bootIdentifier()
        let opened = try OpenedLibrary(database: settings.database, at: WallClock.seconds())
        catalog = opened.catalog
        library = LiveLibrary(opened.snapshot)
        let added = try catalog.read { try $0.folders().filter(\.isAtRunTime).map(\.path) }
        isPaused = try catalog.read { try $0.setting("paused") == 1 }
        folders = WatchedFolders(
            configured: configuration.watch, added: added, filter: configuration.filter,
            followsSymlinks: configuration.followSymlinks)
        ingest = try Ingest()
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
        ingest.board.noteError(path: damage.path, ExtractionFailure(.damaged, words), at: WallClock.seconds())
    }

    /// The loop for ingest, with what the last run left over in its queue.
    func makeIngestLoop() throws -> IngestLoop {
        let configuration = settings.configuration
        let loop = IngestLoop(
            catalog: catalog, library: library,
            settings: configuration.ingestSettings(extractor: extractor, boot: boot), isPaused: isPaused,
            status: ingest.board, logger: settings.logger, announce: { [manager] in manager.status($0) })
        loop.state.owedScans = Set(folders.all)
        loop.lookAgain = { [watcher] in watcher.rescan(nil) }
        let folders = folders.all
        loop.opening = { loop, turn in
            // What lies where a folder may lie that has not said so is not forgotten.
            if self.folders.haveAllAnswered { try turn.forgetUnwatched(folders) }
            for (file, count) in try turn.writer.takeSuspects(boot: loop.settings.boot) {
                if let record = try turn.reader.file(file) { try turn.resume(record, suspicions: count) }
                loop.suspects.insert(file)
            }
            for file in try turn.reader.files(in: .pending) where !file.isOffline {
                let path = try turn.path(of: file)
                if self.heldFiles?.contains(path) == true { continue }
                // What has just been dropped is waited for, what a scan has found is not.
                let isUrgent = turn.time - file.added < Self.recently
                turn.state.enqueue(file.id, path: path, isUrgent: isUrgent)
            }
        }
        do {
            try loop.transact { _ in }
        } catch {
            // The loop tries again when writing may work; what the library holds is searched meanwhile.
            guard StorageFailure.reason(of: error) != nil else { throw error }
        }
        return loop
    }

    /// How long ago a file may have come for somebody to wait for it, in seconds.
    private static let recently = 600.0

    /// Changes with every boot of the machine.
    private static func bootIdentifier() throws -> String {
        try FilePath("/proc/sys/kernel/random/boot_id").firstWord()
    }
}

extension Turn {
    /// How often a machine may go down while a worker has a file, before the file is left alone.
    private static let mostSuspicions = 2

    /// Tries a file again that was with a worker when the machine went down; once, and alone.
    mutating func resume(_ file: FileRecord, suspicions: Int) throws {
        if suspicions < Self.mostSuspicions {
            return state.enqueue(file.id, path: try path(of: file), isUrgent: true)
        }
        if file.state == .indexed { edit(.remove(file.id)) }
        var given = file
        (given.state, given.content) = (.failed, nil)
        given.failure = ExtractionFailure(
            .crashed, "the machine went down \(suspicions) times while this was being decoded; try it with retry")
        (given.tries, given.tried) = (suspicions, time)
        try writer.update(given)
        try writer.clearAttempt(on: file.id)
    }
}
