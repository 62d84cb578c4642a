import Platform
import SystemPackage

/// What a client's sync still waits for: everything that was on disk when it asked, or the names of it.
struct SyncWait {
    /// Whether it waits for names alone, and not until the files have been read.
    var isOfNames = false
    /// Whether the watcher has proven its queue drained.
    private(set) var isDrained = false
    /// Files that the watcher holds back for a moment.
    private(set) var unsettled: Set<FilePath> = []
    /// Files that are queued or with a worker.
    private(set) var files = NumberSet()
    /// Folders that are being listed, or will be.
    private(set) var scans: Set<FilePath> = []

    var isFinished: Bool { isDrained && scans.isEmpty && (isOfNames || unsettled.isEmpty && files.isEmpty) }

    /// Notes what was under way when the watcher's queue was drained.
    mutating func drained(unsettled: [FilePath], files: some Sequence<Int64>, scans: some Sequence<FilePath>) {
        isDrained = true
        self.unsettled = Set(unsettled)
        self.files = NumberSet(files)
        self.scans = Set(scans)
    }

    mutating func enqueued(_ file: Int64, path: FilePath) {
        if unsettled.remove(path) != nil || !scans.isEmpty { files.insert(file) }
    }

    mutating func finished(_ file: Int64) { files.remove(file) }

    /// A name that was held back is gone.
    mutating func gone(_ path: FilePath, isDirectory: Bool) {
        guard isDrained, !unsettled.isEmpty else { return }
        if isDirectory {
            unsettled = unsettled.filter { !$0.starts(with: path) }
        } else {
            unsettled.remove(path)
        }
    }

    /// A name that was held back has changed.
    mutating func moved(from: FilePath, to: FilePath) {
        unsettled = Set(
            unsettled.map { path in
                var rest = path
                return rest.removePrefix(from) ? to.pushing(rest) : path
            })
    }

    /// The watcher has lost events: only a scan of everything shows what they were.
    mutating func requireScans(of folders: Set<FilePath>) {
        if isDrained { scans.formUnion(folders) }
    }

    mutating func scanEnded(_ path: FilePath) { scans.remove(path) }
}

/// The syncs that clients wait for, by their tokens.
struct SyncWaits {
    private struct Entry {
        var wait = SyncWait()
        /// What the client waits on.
        var promise: Promise<Void, any Error>
    }

    private var entries: [UInt64: Entry] = [:]

    var isEmpty: Bool { entries.isEmpty }

    /// Adds a sync, which waits for the proof that the watcher's queue is drained.
    mutating func begin(_ token: UInt64, ofNames isOfNames: Bool = false, _ promise: Promise<Void, any Error>) {
        entries[token] = Entry(wait: SyncWait(isOfNames: isOfNames), promise: promise)
    }

    /// Drops a sync that nobody waits for any more.
    mutating func giveUp(_ token: UInt64) { entries[token] = nil }

    /// Whether a sync waits for nothing any more.
    func isFinished(_ token: UInt64) -> Bool { entries[token]?.wait.isFinished ?? true }

    /// Notes what was under way when the watcher's queue was drained.
    mutating func drained(
        _ token: UInt64, unsettled: [FilePath], files: some Sequence<Int64>, scans: some Sequence<FilePath>
    ) {
        entries[token]?.wait.drained(unsettled: unsettled, files: files, scans: scans)
    }

    /// A file is to be looked at.
    mutating func enqueued(_ file: Int64, path: FilePath) { change { $0.enqueued(file, path: path) } }

    /// Ingest is done with a file, or nobody can say when it will be.
    mutating func finished(_ file: Int64) { change { $0.finished(file) } }

    /// Nobody waits for a name any more, or for those below it.
    mutating func gone(_ path: FilePath, isDirectory: Bool) { change { $0.gone(path, isDirectory: isDirectory) } }

    /// A name has changed.
    mutating func moved(from: FilePath, to: FilePath) { change { $0.moved(from: from, to: to) } }

    /// Only a scan of some folders shows what happened.
    mutating func requireScans(of folders: Set<FilePath>) { change { $0.requireScans(of: folders) } }

    /// A scan is over.
    mutating func scanEnded(_ path: FilePath) { change { $0.scanEnded(path) } }

    /// Changes each sync in place: iterating over the dictionary would copy it.
    private mutating func change(_ body: (inout SyncWait) -> Void) {
        var place = entries.startIndex
        while place != entries.endIndex {
            body(&entries.values[place].wait)
            entries.formIndex(after: &place)
        }
    }

    /// Takes out the syncs that wait for nothing any more, the oldest first.
    mutating func takeFinished() -> [Promise<Void, any Error>] {
        let finished = entries.filter { $0.value.wait.isFinished }.sorted { $0.key < $1.key }
        for (token, _) in finished { entries[token] = nil }
        return finished.map(\.value.promise)
    }

    /// Takes out all.
    mutating func takeAll() -> [Promise<Void, any Error>] {
        defer { entries = [:] }
        return entries.values.map(\.promise)
    }
}
