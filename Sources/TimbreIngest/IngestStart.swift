import SoundFeatures
import SystemPackage
import TimbreStore

/// What is known at the start, for ingest to carry on where the last run ended.
package struct IngestStart: Sendable {
    /// The watched folders: each is scanned, unless the watcher says that nothing was missed in it.
    package var folders: [FilePath]
    /// Whether it is known of each where it lies. If not, no file is forgotten for lying outside the folders.
    package var haveAllAnswered: Bool
    /// Files that the watcher has held back since before the start; it will report them yet.
    package var heldFiles: Set<FilePath>

    package init(folders: [FilePath], haveAllAnswered: Bool, heldFiles: Set<FilePath> = []) {
        self.folders = folders
        self.haveAllAnswered = haveAllAnswered
        self.heldFiles = heldFiles
    }

    /// A file that appeared no longer ago than this, in seconds, is likely to be waited for.
    private static let recently = 600.0

    /// What the decoders know, counted up: files that could not be decoded for want of it are tried again, once.
    /// 2: what FFmpeg's libraries decode.
    private static let decoders = (name: "decoders", version: Int64(2))

    /// Does in the first turn what has to come before anything else.
    func open(_ turn: Turn, boot: String) throws {
        try turn.writer.beginHistory()
        if haveAllAnswered { try turn.keepOnly(folders) }
        try Attempts(turn: turn).resumeSuspects(boot: boot)
        if try turn.reader.setting(Self.decoders.name) ?? 1 < Self.decoders.version {
            let unsupported = try turn.reader.files(in: .failed).filter { $0.failure?.reason == .unsupported }
            _ = try Attempts(turn: turn).retry(unsupported)
            try turn.writer.set(Self.decoders.name, to: Self.decoders.version)
        }
        try MemberNames(turn: turn).follow()
        let unread = try turn.reader.files(in: .pending) + turn.reader.files(in: .unopened)
        for file in unread where !file.isOffline {
            let path = try turn.path(of: file)
            if heldFiles.contains(path) { continue }
            // Somebody may be waiting for what has just been dropped, but not for what a scan has found.
            let isUrgent = turn.time - file.added < Self.recently
            turn.state.enqueue(file.id, path: path, isUrgent: isUrgent)
        }
    }
}

/// What ingest leaves undone when it ends, beyond what the catalog says.
package struct IngestRemainder: Sendable {
    /// Whether everything the watcher reported has been taken in.
    package var isCaughtUp = false
    /// Files for which workers did not answer in time.
    package var unanswered = 0
    /// Known files that were to be looked at again.
    package var files: [FilePath] = []
    /// Directories whose scan was under way or pending.
    package var scans: [FilePath] = []

    init() {}

    init(_ turn: Turn) throws {
        isCaughtUp = true
        for id in turn.state.waiting.entries.keys {
            // Files that were never read are found by their state.
            guard let file = try turn.reader.file(id), !file.state.isUnread else { continue }
            files.append(try turn.path(of: file))
        }
        scans = Array(turn.state.folders.pendingScans) + turn.state.folders.scans.map(\.path)
    }
}
