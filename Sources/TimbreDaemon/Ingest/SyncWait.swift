import SystemPackage

/// What a client's sync still waits for: everything that was on disk when it asked.
struct SyncWait {
    /// Whether the watcher has proven its queue drained.
    private(set) var isDrained = false
    /// Files that the watcher holds back for a moment.
    private(set) var unsettled: Set<FilePath> = []
    /// Files that are queued or with a worker.
    private(set) var files = NumberSet()
    /// Folders that are being listed, or will be.
    private(set) var scans: Set<FilePath> = []

    var isFinished: Bool { isDrained && unsettled.isEmpty && files.isEmpty && scans.isEmpty }

    /// Takes in what was under way when the watcher's queue was drained.
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

    /// A name that was held back is another now.
    mutating func moved(from: FilePath, to: FilePath) {
        unsettled = Set(
            unsettled.map { path in
                var rest = path
                return rest.removePrefix(from) ? to.pushing(rest) : path
            })
    }

    /// The watcher has lost events: only a listing of everything shows what they were.
    mutating func owe(_ folders: Set<FilePath>) {
        if isDrained { scans.formUnion(folders) }
    }

    mutating func scanEnded(_ path: FilePath) { scans.remove(path) }
}
