/// Tells how the daemon is.
package enum Status: LibraryMethod {
    package typealias Parameters = Nothing

    package struct Reply: Codable, Hashable, Sendable {
        package var version: String
        package var pid: Int
        package var state: DaemonState
        /// How long the daemon has been running, in seconds.
        package var uptime: Double
        /// How many files there are in each state.
        package var files: FileCounts
        /// How many spans have a code.
        package var spans: Int
        /// How many different sounds there are: copies count once.
        package var contents: Int
        /// How many files wait to be read.
        package var queue: Int
        /// How far the present work has come; absent when there is none.
        package var progress: Progress?
        /// The model in use; absent while starting.
        package var model: Model?
        package var folders: [Folder]
        package var watches: WatchCounts
        /// How often the kernel lost events since the start; the folders were scanned again each time.
        package var overflows: Int
        /// The latest files that could not be read, newest first, at most 10.
        package var lastErrors: [FailedFile]
        package var database: DatabaseFile
        /// What keeps the daemon from going on, such as a full disk; absent when nothing does.
        package var trouble: String?
        /// What kind of trouble that is, for programs; absent from an earlier daemon, too.
        package var troubleKind: TroubleKind?
        /// Files that were decoded since the start.
        package var decoded: Int
        /// Files whose content was known already, so that nothing was decoded, since the start.
        package var recognized: Int
        /// The extraction processes.
        package var workers: [Int]
        /// How well the model fits the newest files; absent while there are none.
        package var drift: Drift?
        /// Files, links and directories of the folders that are left out for their names or as links, as of the last look;
        /// `List` with `all` names them. Absent from a daemon that does not count them.
        package var leftOut: Int?

        package init(
            version: String, pid: Int, state: DaemonState, uptime: Double, files: FileCounts, spans: Int,
            contents: Int, queue: Int, progress: Progress?, model: Model?, folders: [Folder], watches: WatchCounts,
            overflows: Int, lastErrors: [FailedFile], database: DatabaseFile, trouble: String? = nil, decoded: Int = 0,
            recognized: Int = 0, workers: [Int] = [], drift: Drift? = nil, leftOut: Int? = nil,
            troubleKind: TroubleKind? = nil
        ) {
            self.version = version
            self.pid = pid
            self.state = state
            self.uptime = uptime
            self.files = files
            self.spans = spans
            self.contents = contents
            self.queue = queue
            self.progress = progress
            self.model = model
            self.folders = folders
            self.watches = watches
            self.overflows = overflows
            self.lastErrors = lastErrors
            self.database = database
            self.trouble = trouble
            self.decoded = decoded
            self.recognized = recognized
            self.workers = workers
            self.drift = drift
            self.leftOut = leftOut
            self.troubleKind = troubleKind
        }

        private enum CodingKeys: String, CodingKey {
            case version, pid, state, uptime, files, spans, contents, queue, progress, model, folders, watches
            case overflows
            case lastErrors = "last_errors"
            case database, trouble, decoded, recognized, workers, drift
            case leftOut = "left_out"
            case troubleKind = "trouble_kind"
        }
    }
}

/// What keeps the daemon from going on.
package enum TroubleKind: String, Codable, Hashable, Sendable, CaseIterable {
    /// The database cannot be written: the disk is full, read-only or broken.
    case storage
    /// The database is damaged.
    case damage
    /// No process that decodes can be started.
    case workers
    /// The machine runs on its battery, and what was there before waits.
    case battery
}

/// What the daemon is doing.
package enum DaemonState: String, Codable, Hashable, Sendable {
    case starting, indexing, idle, paused
}

/// How many files there are in each state.
package struct FileCounts: Codable, Hashable, Sendable {
    package var indexed = 0
    package var pending = 0
    package var failed = 0
    package var skipped = 0
    package var offline = 0

    package init(indexed: Int = 0, pending: Int = 0, failed: Int = 0, skipped: Int = 0, offline: Int = 0) {
        self.indexed = indexed
        self.pending = pending
        self.failed = failed
        self.skipped = skipped
        self.offline = offline
    }
}

/// How far a longer piece of work has come.
package struct Progress: Codable, Hashable, Sendable {
    package var done: Int
    package var total: Int
    /// An estimate, in seconds; absent until there is one.
    package var secondsLeft: Double?

    package init(done: Int, total: Int, secondsLeft: Double? = nil) {
        self.done = done
        self.total = total
        self.secondsLeft = secondsLeft
    }

    private enum CodingKeys: String, CodingKey {
        case done, total
        case secondsLeft = "seconds_left"
    }
}

/// How many inotify watches this user has in use, and may have.
package struct WatchCounts: Codable, Hashable, Sendable {
    package var used: Int
    package var allowed: Int

    package init(used: Int, allowed: Int) {
        self.used = used
        self.allowed = allowed
    }
}

/// The database.
package struct DatabaseFile: Codable, Hashable, Sendable {
    private var shown: ShownPath
    private var exact: ExactPath?
    /// In bytes, with what SQLite keeps beside it.
    package var size: Int
    /// Bytes that are free on its disk for the service's user; absent if that is not known.
    package var free: Int?

    package init(path: WirePath, size: Int, free: Int? = nil) {
        shown = ShownPath(path)
        exact = ExactPath(path)
        self.size = size
        self.free = free
    }

    package var path: WirePath { WirePath(shown, exact) }

    private enum CodingKeys: String, CodingKey {
        case shown = "path"
        case exact = "path_bytes"
        case size, free
    }
}
