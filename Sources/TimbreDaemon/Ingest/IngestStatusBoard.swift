import SoundFeatures
import Synchronization
import SystemPackage
import Systemd
import TimbreIndex
import TimbreLibrary
import TimbreStore

/// What ingest shows of itself, for `status` and the service manager.
struct IngestStatus: Sendable {
    var isPaused = false
    var isIdle = false
    /// Whether files wait for the machine to be plugged in.
    var isSparing = false
    /// Files that wait or are with a worker.
    var queueCount = 0
    /// Files dealt with since there was last nothing to do.
    var doneCount = 0
    /// When the present stretch of work began.
    var busySince: ContinuousClock.Instant?
    var decodedCount = 0
    var recognizedCount = 0
    var workerIDs: [Int32] = []
    var unreadable: [FilePath: String] = [:]
    var roots: [FilePath: IngestState.Root] = [:]
    /// What keeps ingest from going on.
    var trouble: String?
    /// What to do about damage in the database.
    var damage: String?
    var lastTurn = ContinuousClock.now
}

/// Where the loop writes its state down and others read it.
final class IngestStatusBoard: Sendable {
    struct ErrorLine: Sendable {
        var path: FilePath
        var failure: ExtractionFailure
        /// Seconds since 1970.
        var time: Double
    }

    private let board = Mutex((status: IngestStatus(), errors: [ErrorLine]()))

    var status: IngestStatus { board.withLock { $0.status } }
    /// The last few things that went wrong, newest first.
    var errors: [ErrorLine] { board.withLock { $0.errors } }

    func update(_ body: (inout IngestStatus) -> Void) { board.withLock { body(&$0.status) } }

    func noteError(path: FilePath, _ failure: ExtractionFailure, at time: Double) {
        board.withLock {
            $0.errors.insert(ErrorLine(path: path, failure: failure, time: time), at: 0)
            if $0.errors.count > 10 { $0.errors.removeLast() }
        }
    }
}

extension IngestLoop {
    /// Writes the state down for others.
    func publish(at now: Instant) {
        status.update {
            $0.isPaused = isPaused
            $0.isIdle = state.isIdle && changes.isEmpty && findings.isEmpty
            $0.isSparing = battery.isSparing
            $0.queueCount = state.waiting.awaitedCount
            $0.doneCount = state.waiting.doneCount
            if $0.isIdle { $0.busySince = nil } else { $0.busySince = $0.busySince ?? now }
            $0.decodedCount = state.decodedCount
            $0.recognizedCount = state.recognizedCount
            $0.workerIDs = pool.processIDs
            $0.unreadable = state.unreadable
            $0.roots = state.roots
            $0.trouble = storage.reason ?? pool.trouble
            $0.damage = catalog.damageFound
            $0.lastTurn = now
        }
        announcer.tell(status.status, fileCount: library.snapshot.index.fileCount, at: now, logger)
    }
}
