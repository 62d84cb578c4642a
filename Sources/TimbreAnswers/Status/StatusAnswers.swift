import FolderWatch
import Glibc
import Platform
import SoundFeatures
import SystemPackage
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreTraining
import TimbreWire

/// Tells how the service is doing.
struct StatusAnswers: Sendable {
    let catalog: Catalog
    let library: LiveLibrary
    let ingest: Ingest
    let watcher: FolderWatcher
    let folders: FolderAdministration
    let models: KnownModels
    let version: String
    private let started = ContinuousClock.now
    private let driftGauge: DriftGauge

    init(
        catalog: Catalog, library: LiveLibrary, ingest: Ingest, watcher: FolderWatcher, folders: FolderAdministration,
        models: KnownModels, driftGauge: DriftGauge = DriftGauge(), version: String
    ) {
        self.catalog = catalog
        self.library = library
        self.ingest = ingest
        self.watcher = watcher
        self.folders = folders
        self.models = models
        self.driftGauge = driftGauge
        self.version = version
    }

    func status() throws -> Status.Reply {
        let board = ingest.status
        let snapshot = library.snapshot
        let usage = watcher.usage
        let (counts, contents, leftOut, model) = try catalog.read { reader in
            (
                try reader.fileCounts(), try reader.contentCount(), try reader.leftOutCount(),
                try models.model(snapshot.generation.id, live: snapshot.generation.id, reader)
            )
        }
        return Status.Reply(
            version: version, pid: Int(getpid()), state: board.daemonState,
            uptime: (ContinuousClock.now - started).inSeconds, files: TimbreWire.FileCounts(counts),
            spans: snapshot.index.spanCount, contents: contents, queue: board.queueCount, progress: board.progress(),
            model: model, folders: try folders.list(),
            watches: WatchCounts(used: usage.watches, allowed: usage.allowed ?? 0), overflows: usage.overflows,
            lastErrors: ingest.errors.map {
                FailedFile(
                    path: WirePath($0.path.bytes), state: $0.failure.reason == .outOfLimits ? .skipped : .failed,
                    reason: $0.failure.reason.word,
                    error: $0.failure.detail, attempts: 1, time: $0.time)
            },
            database: DatabaseFile(path: WirePath(catalog.path.bytes), size: databaseSize(), free: freeBytes()),
            trouble: board.trouble ?? catalog.damageFound ?? board.spared, decoded: board.decodedCount,
            recognized: board.recognizedCount,
            workers: board.workerIDs.map(Int.init), drift: try driftGauge.read(snapshot.generation, catalog),
            leftOut: leftOut, troubleKind: kind(of: board))
    }

    private func kind(of board: IngestStatus) -> TroubleKind? {
        if board.trouble != nil { return board.isStorageTrouble ? .storage : .workers }
        if catalog.damageFound != nil { return .damage }
        return board.spared == nil ? nil : .battery
    }

    /// Room on the disk of the database, in bytes; nil if it cannot be told (`statvfs(3)`).
    private func freeBytes() -> Int? {
        var room = statvfs()
        guard unsafe catalog.path.withPlatformString({ unsafe statvfs($0, &room) }) == 0 else { return nil }
        return Int(clamping: UInt64(room.f_bavail).multipliedReportingOverflow(by: UInt64(room.f_frsize)).partialValue)
    }

    /// The size of the database with its log, in bytes.
    private func databaseSize() -> Int {
        ["", "-wal"].reduce(0) { size, suffix in
            let file = FilePath(bytes: catalog.path.bytes + Array(suffix.utf8))
            return size + Int(FileIdentity(of: file)?.size ?? 0)
        }
    }
}

extension IngestStatus {
    /// What is postponed, and how to have it done now.
    var spared: String? {
        isSparing
            ? "on battery: what was there before waits until the machine is plugged in, or for timbrectl resume" : nil
    }

    var daemonState: DaemonState {
        if isPaused { return .paused }
        return isIdle ? .idle : .indexing
    }

    /// How much of the current stretch of work is done, and how long the rest takes at the same pace.
    func progress(at now: ContinuousClock.Instant = .now) -> Progress? {
        guard queueCount > 0 else { return nil }
        var secondsLeft: Double?
        if doneCount >= 10, let busySince {
            secondsLeft = (now - busySince).inSeconds / Double(doneCount) * Double(queueCount)
        }
        return Progress(done: doneCount, total: doneCount + queueCount, secondsLeft: secondsLeft)
    }
}

extension TimbreWire.FileCounts {
    init(_ counts: TimbreStore.FileCounts) {
        self.init(
            indexed: counts.indexed, pending: counts.pending, failed: counts.failed, skipped: counts.skipped,
            offline: counts.offline)
    }
}
