import SystemPackage

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

    /// Whether the kernel is asked to tell what happens; if not, every folder is polled. Heeded at the start only.
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
