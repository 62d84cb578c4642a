import FolderWatch
import Logging

extension IngestLoop {
    /// Names that are kept of what cannot be taken in for now, some 200 bytes each.
    static let mostPending = 100_000

    /// The names in what no turn has taken in yet.
    var pendingCount: Int { changes.reduce(0) { $0 + $1.nameCount } }

    /// Whether a turn is due that goes on with what the one before had no room for.
    var hasMore: Bool { !changes.isEmpty || state.forgetting != nil }

    /// Whether files are being taken out that lie in no watched folder any more, and can be now.
    var isForgetting: Bool { state.forgetting != nil && storage.retry == nil }

    /// Keeps what the watcher saw until a turn takes it in. While nothing can be stored that may be any amount: what is too
    /// much is let go, and everything looked at again, as after an overflow of the kernel's own queue.
    func gather(_ more: [FolderChange]) {
        changes += more
        guard storage.retry != nil else { return }
        if !hasLostTrack {
            guard pendingCount > Self.mostPending else { return }
            logger.warning(
                "more was seen than is kept while nothing can be stored; everything is looked at again then",
                metadata: ["event": "lost-track"])
        }
        hasLostTrack = true
        changes = changes.compactMap(\.withoutFiles) + [.overflowed]
        state.partial = PartialChange()
    }
}

extension FolderChange {
    /// The names in it.
    fileprivate var nameCount: Int {
        if case .listed(let listing) = self { listing.files.count + listing.subdirectories.count + 1 } else { 1 }
    }

    /// What is left without the news of files; nil if that is nothing. Folders and syncs are told of all the same.
    var withoutFiles: FolderChange? {
        switch self {
        case .listed, .settled, .pending, .gone, .moved, .unreadable, .leftOut, .overflowed: nil
        case .scanEnded(let path, _): .scanEnded(path, complete: false)
        case .folder, .continued, .scanBegan, .drained: self
        }
    }
}
