import ContentHash
import Platform
import SystemPackage
import TimbreStore

/// What ingest knows beside the catalog. A turn changes a copy, which counts only once the turn is on disk.
struct IngestState {
    typealias Instant = ContinuousClock.Instant

    /// Files that ingest has not done with.
    var waiting = WaitingFiles()
    /// The watched folders.
    var folders = FolderStates()
    /// Syncs that wait for something.
    var syncs = SyncWaits()
    /// Files that were with a worker when the machine went down: each is tried once more, and alone.
    var suspects: Set<Int64> = []
    /// How far the change has come that is being taken in, where that is more than one turn may take.
    var partial = PartialChange()
    /// The folders to stay watched, while the files of others are taken out of the library.
    var forgetting: Forgetting?
    /// Files that were decoded since the start.
    var decodedCount = 0
    /// Files that were given features that were known, since the start.
    var recognizedCount = 0
    /// Which file is decoded for a hash of which nothing was known; it may be done by now.
    private var decoders: [ContentHash: Int64] = [:]

    /// Whether everything that was found has been dealt with.
    var isIdle: Bool { waiting.isAtRest && folders.isIdle }

    /// Whether it is for a file to be decoded on behalf of all that have the same hash, of which nothing is known yet.
    mutating func isDecoded(_ hash: ContentHash, by file: Int64) -> Bool {
        // One that has to wait itself is not waited for.
        if let other = decoders[hash], other != file, let entry = waiting.entries[other], entry.mustDecode,
            entry.phase != .deferred
        {
            return false
        }
        if decoders.count >= 4096 { decoders.removeAll() }
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

    /// Lets a file wait that somebody has open for writing. From the second time on, no sync waits for it: nobody can say
    /// when it is complete.
    mutating func hold(_ file: Int64, until instant: Instant) {
        waiting.hold(file, until: instant)
        guard waiting.isHeldOpen(file) else { return }
        syncs.finished(file)
    }

    /// Lets a file wait whose file system does not answer. No sync waits for it.
    mutating func setAside(_ file: Int64, until instant: Instant) {
        waiting.setAside(file, until: instant)
        syncs.finished(file)
    }

    /// Notes that ingest is done with a file.
    mutating func finish(_ file: Int64) {
        waiting.finish(file)
        syncs.finished(file)
    }

    /// Shows what of it is to be seen from outside.
    func show(_ status: inout IngestStatus) {
        status.queueCount = waiting.awaitedCount
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
