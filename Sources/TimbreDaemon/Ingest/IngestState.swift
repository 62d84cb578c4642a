import ContentHash
import Platform
import SystemPackage
import TimbreStore

/// What ingest knows beside the catalog. A turn changes a copy, which counts only once the turn is on disk.
struct IngestState {
    typealias Instant = ContinuousClock.Instant

    /// A watched folder.
    struct Root {
        var path: FilePath
        var isOnline: Bool
        /// Whether it is the folder that was known: only then is what is missing in it deleted, and not merely away.
        var isTrusted: Bool
        /// The device that it lies on.
        var device: UInt64?
        /// So many files gone at once are told of.
        static let manyVanished = 20

        /// How it is watched, for people.
        var words = ""
        /// Files that were not there any more when the folder was looked through after a start or after lost events.
        var vanishedCount = 0
    }

    /// A listing of everything below a directory.
    struct Scan {
        var path: FilePath
        /// The directories that it has come by.
        var visited: Set<[UInt8]> = []
        /// Whether events were lost since it began: it may have come by too early.
        var isOutdated = false
    }

    /// Files that ingest has not done with.
    var waiting = WaitingFiles()
    /// The watched folders that have been seen.
    var roots: [FilePath: Root] = [:]
    /// Scans under way, the oldest first: of the same directory there may be several.
    var scans: [Scan] = []
    /// Folders of which a scan is owed: at the start, and after an overflow.
    var owedScans: Set<FilePath> = []
    /// Directories that could not be read or watched, and why.
    var unreadable: [FilePath: String] = [:]
    /// How far the change has come that is being taken in, where that is more than one turn may take.
    var partial = PartialChange()
    /// The folders to stay watched, while the files of others are taken out of the library.
    var forgetting: Forgetting?
    /// Syncs that wait for something.
    var syncs: [UInt64: SyncWait] = [:]
    /// Which file is decoded for a hash of which nothing was known; it may be done by now.
    private var decoders: [ContentHash: Int64] = [:]
    /// Files that were decoded since the start.
    var decodedCount = 0
    /// Files that were given features that were known, since the start.
    var recognizedCount = 0

    /// The watched folder that a path lies in, or is.
    func root(of path: FilePath) -> Root? { roots.values.first { path.starts(with: $0.path) } }

    /// Whether what is missing below a path was deleted. In doubt it was not.
    func isTrusted(_ path: FilePath) -> Bool { root(of: path)?.isTrusted ?? false }

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

    /// Whether everything that was found has been dealt with.
    var isIdle: Bool { waiting.isAtRest && scans.isEmpty && owedScans.isEmpty }

    /// Adds a file to be looked at; a sync that waits for its name or for a scan now waits for the file.
    mutating func enqueue(
        _ file: Int64, path: FilePath, isUrgent: Bool, mustDecode: Bool = false, seen: FileIdentity? = nil
    ) {
        waiting.add(file, isUrgent: isUrgent, mustDecode: mustDecode, seen: seen)
        forEachSync { $0.enqueued(file, path: path) }
    }

    /// Lets a file wait that somebody has open for writing. From the second time on, no sync waits for it: nobody can say
    /// when it is complete.
    mutating func hold(_ file: Int64, until instant: Instant) {
        waiting.hold(file, until: instant)
        guard waiting.isHeldOpen(file) else { return }
        forEachSync { $0.finished(file) }
    }

    /// Lets a file wait whose file system does not answer. No sync waits for it.
    mutating func setAside(_ file: Int64, until instant: Instant) {
        waiting.setAside(file, until: instant)
        forEachSync { $0.finished(file) }
    }

    /// Notes that ingest is done with a file.
    mutating func finish(_ file: Int64) {
        waiting.finish(file)
        forEachSync { $0.finished(file) }
    }

    /// Changes each sync, in its place: whoever holds on to the dictionary while it goes through it has it copied.
    mutating func forEachSync(_ body: (inout SyncWait) -> Void) {
        var place = syncs.startIndex
        while place != syncs.endIndex {
            body(&syncs.values[place])
            syncs.formIndex(after: &place)
        }
    }

    /// Takes out the syncs that wait for nothing any more.
    mutating func takeFinishedSyncs() -> [UInt64] {
        let finished = syncs.filter { $0.value.isFinished }.map(\.key)
        for token in finished { syncs[token] = nil }
        return finished.sorted()
    }
}
