import ContentHash
import Platform
import SystemPackage
import TimbreStore

/// What ingest knows beyond the catalog. A turn changes a copy, which counts only once the turn is on disk.
struct IngestState {
    typealias Instant = ContinuousClock.Instant

    /// Files that ingest is not done with.
    var waiting = WaitingFiles()
    /// The watched folders.
    var folders = FolderStates()
    /// Syncs that wait for something.
    var syncs = SyncWaits()
    /// Files that were with a worker when the machine went down: each is tried once more, and alone.
    var suspects: Set<Int64> = []
    /// Progress of a change that is too large for one turn.
    var partial = PartialChange()
    /// Progress of removing files outside the watched folders; nil if there is nothing to remove.
    var forgetting: Forgetting?
    /// Archives that are being read.
    var archives: [Int64: ArchiveProgress] = [:]
    /// Files that were decoded since the start.
    var decodedCount = 0
    /// Files that were recognised as known contents since the start.
    var recognizedCount = 0
    /// Which file is decoded for an unknown hash; it may be done by now.
    private var decoders: [ContentHash: Int64] = [:]

    /// Whether everything found has been dealt with.
    var isIdle: Bool { waiting.isAtRest && folders.isIdle }

    /// Whether a file is the one to be decoded on behalf of all files with the same unknown hash.
    mutating func isDecoded(_ hash: ContentHash, by file: Int64) -> Bool {
        // Nobody waits for one that has to wait itself.
        if let other = decoders[hash], other != file, let entry = waiting.entries[other], entry.mustDecode,
            entry.phase != .deferred
        {
            return false
        }
        if decoders.count >= 65_536 { decoders.removeAll() }
        decoders[hash] = file
        return true
    }

    /// Adds a file to be looked at; a sync that waits for its name or for a scan now waits for the file.
    mutating func enqueue(
        _ file: Int64, path: FilePath, isUrgent: Bool, mustDecode: Bool = false, seen: FileIdentity? = nil
    ) {
        waiting.add(file, isUrgent: isUrgent, mustDecode: mustDecode, seen: seen)
        syncs.enqueued(file, path: path)
    }

    /// Postpones a file that somebody has open for writing. From the second time on, no sync waits for it: nobody knows
    /// when it will be complete.
    mutating func hold(_ file: Int64, until instant: Instant) {
        waiting.hold(file, until: instant)
        guard waiting.isHeldOpen(file) else { return }
        syncs.finished(file)
    }

    /// Postpones a file whose file system does not answer. No sync waits for it.
    mutating func setAside(_ file: Int64, until instant: Instant) {
        waiting.setAside(file, until: instant)
        syncs.finished(file)
    }

    /// Notes that ingest is done with a file.
    mutating func finish(_ file: Int64) {
        waiting.finish(file)
        archives[file] = nil
        syncs.finished(file)
    }

    /// Copies what is visible from outside.
    func show(_ status: inout IngestStatus) {
        status.queueCount =
            waiting.awaitedCount
            + archives.reduce(0) { count, archive in
                count + (waiting.isHeldOpen(archive.key) ? 0 : archive.value.waitingCount)
            }
        status.doneCount = waiting.doneCount
        status.decodedCount = decodedCount
        status.recognizedCount = recognizedCount
        status.unreadable = folders.unreadable
        status.folders = folders.roots.mapValues { root in
            let isMany = root.vanishedCount >= FolderStates.Root.manyVanished
            return IngestStatus.Folder(words: root.words, vanishedCount: isMany ? root.vanishedCount : nil)
        }
    }
}
