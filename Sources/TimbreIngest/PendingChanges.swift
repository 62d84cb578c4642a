import FolderWatch

/// What the watcher saw and no turn has taken in yet.
///
/// While nothing can be stored, this may grow without bound. Beyond a limit, news of single files is dropped and
/// everything is scanned again later, as after an overflow of the kernel's own queue.
struct PendingChanges {
    /// Names that are kept while nothing can be stored, some 200 bytes each.
    static let most = 100_000

    private var changes: [FolderChange] = []
    /// Whether something was dropped: then only a scan of everything shows what it was.
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

    /// Removes what a turn has taken in.
    mutating func removeFirst(_ count: Int) { changes.removeFirst(count) }

    /// Whether everything has to be scanned again, now that turns can be stored; true once.
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

    /// What is left without the news of single files; nil if nothing. News of folders and syncs is kept.
    fileprivate var withoutFiles: FolderChange? {
        switch self {
        case .listed, .settled, .pending, .gone, .moved, .unreadable, .leftOut, .overflowed: nil
        case .scanEnded(let path, _): .scanEnded(path, complete: false)
        case .folder, .continued, .scanBegan, .drained: self
        }
    }
}
