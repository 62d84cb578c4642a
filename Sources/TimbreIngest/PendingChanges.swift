import FolderWatch

/// What the watcher saw, and no turn has taken in yet.
///
/// While nothing can be stored that may be any amount: what is too much is let go, and everything looked at again, as
/// after an overflow of the kernel's own queue.
struct PendingChanges {
    /// Names that are kept of what cannot be taken in for now, some 200 bytes each.
    static let most = 100_000

    private var changes: [FolderChange] = []
    /// Whether some of it was let go: then only a look at everything shows what it was.
    private(set) var hasLostTrack = false

    var isEmpty: Bool { changes.isEmpty }
    var count: Int { changes.count }
    subscript(place: Int) -> FolderChange { changes[place] }

    /// The names in it.
    var nameCount: Int { changes.reduce(0) { $0 + $1.nameCount } }

    /// Adds what was seen.
    ///
    /// - Parameter isStored: Whether turns can be stored now.
    mutating func add(_ more: [FolderChange], isStored: Bool) {
        changes += more
        guard !isStored, hasLostTrack || nameCount > Self.most else { return }
        hasLostTrack = true
        changes = changes.compactMap(\.withoutFiles) + [.overflowed]
    }

    /// Takes out what a turn has taken in.
    mutating func removeFirst(_ count: Int) { changes.removeFirst(count) }

    /// Whether everything is to be looked at again, now that things can be stored; this is told once.
    mutating func takeLoss() -> Bool {
        defer { hasLostTrack = false }
        return hasLostTrack
    }
}

extension FolderChange {
    /// The names in it.
    fileprivate var nameCount: Int {
        if case .listed(let listing) = self { listing.files.count + listing.subdirectories.count + 1 } else { 1 }
    }

    /// What is left without the news of files; nil if that is nothing. Folders and syncs are told of all the same.
    fileprivate var withoutFiles: FolderChange? {
        switch self {
        case .listed, .settled, .pending, .gone, .moved, .unreadable, .leftOut, .overflowed: nil
        case .scanEnded(let path, _): .scanEnded(path, complete: false)
        case .folder, .continued, .scanBegan, .drained: self
        }
    }
}
