import Synchronization
import SystemPackage

/// Watches folders and tells what happens to the files in them.
///
/// Everything but ``run(deliver:)`` may be called from anywhere, returns at once, and takes effect in the order of the calls,
/// even if it came before `run`. Nothing here looks at a folder itself: one that does not answer holds up no caller.
package final class FolderWatcher: Sendable {
    private let inbox: WatchInbox
    private let board = LaneBoard()
    private let settings: WatchSettings
    private let earlier: Mutex<WatchHandover?>

    /// Prepares a watcher of no folders.
    ///
    /// - Parameter earlier: What an earlier watcher with the same settings left. Its folders are gone on with where it
    ///   stopped: what happened since is in its queue, and they are not scanned.
    /// - Throws: ``Errno`` if the kernel gives no more descriptors.
    package init(settings: WatchSettings, continuing earlier: WatchHandover? = nil) throws {
        self.settings = settings
        self.earlier = Mutex(earlier)
        inbox = try WatchInbox()
    }

    /// Watches until ``stop()`` is called, and tells what it sees in batches, in order, from one thread at a time.
    ///
    /// While `deliver` works, the kernel keeps what happens, up to a limit; nothing is lost beyond it either, as a scan
    /// follows. Without inotify (too many instances) every folder is polled. A folder that does not answer is told to be
    /// offline, and its scans to be over; when it answers again, it is told and scanned anew.
    ///
    /// - Returns: What another watcher needs to go on from here; nil without inotify.
    /// - Throws: ``Errno`` if the kernel does not let the thread wait.
    @discardableResult
    package func run(deliver: @escaping @Sendable ([FolderChange]) -> Void) throws -> WatchHandover? {
        // Taken out: what was known of many folders is not kept any longer than it is needed.
        let earlier = earlier.withLock { earlier in
            defer { earlier = nil }
            return earlier
        }
        return try WatchLanes(settings: settings, inbox: inbox, board: board, outlet: deliver).run(continuing: earlier)
    }

    /// Watches these folders and no others. One that lies in another is left to that one; repeated ones count once.
    package func setFolders(_ roots: [FilePath]) { inbox.send(.setFolders(roots)) }

    /// Takes on other settings; scans if files are to be seen that were not, or the other way round.
    package func apply(_ settings: WatchSettings) { inbox.send(.apply(settings)) }

    /// Lists all below a directory again, or below all folders.
    package func rescan(_ directory: FilePath?) { inbox.send(.rescan(directory)) }

    /// Asks for `drained` once all that has happened up to now is delivered.
    package func sync(token: UInt64) { inbox.send(.sync(token: token)) }

    /// Makes the watcher turn round once, without delivering anything for it; ``lastTurn`` tells that it did.
    package func poke() { inbox.send(.poke) }

    /// Ends ``run(deliver:)``, now or when it is called.
    package func stop() { inbox.send(.stop) }

    /// When the watcher last turned round: took its commands, read its events and saw to its duties. What waits for the
    /// answer of a folder does not count.
    package var lastTurn: ContinuousClock.Instant {
        let own = inbox.lastTurn
        return board.sharedTurn.map { min($0, own) } ?? own
    }

    /// What is taken of the kernel's limits, and how the folders are doing.
    package var usage: WatchUsage {
        var usage = board.usage
        usage.allowed = Inotify.allowedWatches()
        return usage
    }
}

/// What a watcher looks for, and how patient it is.
package struct WatchSettings: Sendable, Hashable {
    /// How long a closed file must be left alone before it is looked at.
    package var settle: Duration
    /// Which files are candidates, and which directories are entered.
    package var filter: NameFilter
    /// Whether symbolic links below the folders are followed. The folders themselves may always be links.
    package var followSymlinks: Bool
    /// A private directory for the files by which a sync proves that the queue of events is drained. It is made if it
    /// is missing.
    package var cookieDirectory: FilePath
    /// The least time from the end of one look through a polled folder to the beginning of the next.
    package var pollingInterval: Duration

    /// How long a folder may take to answer before it counts as offline.
    package var patience: Duration
    /// How long one may take that has not answered yet.
    package var firstPatience: Duration

    /// Whether the kernel is asked to tell what happens; if not, every folder is polled. Read at the start only.
    package var usesInotify: Bool

    package init(
        settle: Duration = .milliseconds(250), filter: NameFilter = NameFilter(), followSymlinks: Bool = false,
        cookieDirectory: FilePath, pollingInterval: Duration = .seconds(10),
        patience: Duration = .seconds(10), firstPatience: Duration = .seconds(2), usesInotify: Bool = true
    ) {
        self.settle = settle
        self.filter = filter
        self.followSymlinks = followSymlinks
        self.cookieDirectory = cookieDirectory
        self.pollingInterval = pollingInterval
        self.patience = patience
        self.firstPatience = firstPatience
        self.usesInotify = usesInotify
    }
}
