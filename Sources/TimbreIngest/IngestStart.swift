import SystemPackage
import TimbreStore

/// What a start knows of the folders, for ingest to go on where the run before ended.
package struct IngestStart: Sendable {
    /// The folders that are watched: each is scanned, unless the watcher says that nothing was missed in it.
    package var folders: [FilePath]
    /// Whether each of them has said where it lies. What lies where a folder may lie that has not is not forgotten.
    package var haveAllAnswered: Bool
    /// Files that the watcher holds back since before the start; it will yet tell of them.
    package var heldFiles: Set<FilePath>

    package init(folders: [FilePath], haveAllAnswered: Bool, heldFiles: Set<FilePath> = []) {
        self.folders = folders
        self.haveAllAnswered = haveAllAnswered
        self.heldFiles = heldFiles
    }

    /// How long ago a file may have come for somebody to wait for it, in seconds.
    private static let recently = 600.0

    /// Does what comes before anything else, in the first turn that can be stored.
    func open(_ turn: Turn, boot: String) throws {
        if haveAllAnswered { try turn.keepOnly(folders) }
        try Attempts(turn: turn).resumeSuspects(boot: boot)
        for file in try turn.reader.files(in: .pending) where !file.isOffline {
            let path = try turn.path(of: file)
            if heldFiles.contains(path) { continue }
            // What has just been dropped is waited for, what a scan has found is not.
            let isUrgent = turn.time - file.added < Self.recently
            turn.state.enqueue(file.id, path: path, isUrgent: isUrgent)
        }
    }
}

/// What ingest has not come to when it ends, beyond what the catalog says.
package struct IngestRemainder: Sendable {
    /// Whether all that the watcher told has been taken in.
    package var isCaughtUp = false
    /// Files that workers had and did not answer for in time.
    package var unanswered = 0
    /// Known files that were to be looked at again.
    package var files: [FilePath] = []
    /// Directories that were being listed, or were to be.
    package var scans: [FilePath] = []

    init() {}

    init(_ turn: Turn) throws {
        isCaughtUp = true
        for id in turn.state.waiting.entries.keys {
            // Those that were never read are found by their state.
            guard let file = try turn.reader.file(id), file.state != .pending else { continue }
            files.append(try turn.path(of: file))
        }
        scans = Array(turn.state.folders.pendingScans) + turn.state.folders.scans.map(\.path)
    }
}
