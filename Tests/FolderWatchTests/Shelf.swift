import FolderWatch
import SystemPackage

/// What a reader of changes knows: a daemon's catalog, as plainly as can be.
struct Shelf {
    private struct Directory {
        /// Whether each file has settled.
        var files: [FilePath.Component: Bool] = [:]
        var subdirectories: Set<FilePath.Component> = []
    }

    private var shelves: [FilePath: Directory] = [:]
    private(set) var status: [FilePath: FolderStatus] = [:]
    private(set) var drained: [UInt64: [FilePath]] = [:]
    private(set) var overflows = 0
    private(set) var scansOpen = 0
    private(set) var scansCompleted = 0
    private(set) var unreadable: [FilePath: String] = [:]
    /// All that came, in order.
    private(set) var changes: [FolderChange] = []

    var settled: Set<FilePath> { files { $0 } }
    var pending: Set<FilePath> { files { !$0 } }
    var directories: Set<FilePath> { Set(shelves.keys) }
    var settledCount: Int { shelves.values.reduce(0) { $0 + $1.files.values.count { $0 } } }
    var pendingCount: Int { shelves.values.reduce(0) { $0 + $1.files.values.count { !$0 } } }

    mutating func take(_ change: FolderChange) {
        changes.append(change)
        switch change {
        case .listed(let listing): take(listing)
        case .settled(let file): put(file, true)
        case .pending(let file): put(file, false)
        case .gone(let path, true): removeDirectory(path)
        case .gone(let path, false): removeFile(path)
        case .moved(let old, let new, true): moveDirectory(old, new)
        case .moved(let old, let new, false):
            removeFile(new)
            if let isSettled = removeFile(old) { put(new, isSettled) }
        case .folder(let new): status[new.root] = new
        case .scanBegan: scansOpen += 1
        case .scanEnded(_, let complete):
            scansOpen -= 1
            scansCompleted += complete ? 1 : 0
        case .overflowed: overflows += 1
        case .drained(let token, let unsettled): drained[token] = unsettled
        case .unreadable(let directory, let reason): unreadable[directory] = reason
        }
    }

    private func files(where isWanted: (Bool) -> Bool) -> Set<FilePath> {
        Set(
            shelves.flatMap { directory, shelf in
                shelf.files.filter { isWanted($0.value) }.map { directory.appending($0.key) }
            })
    }

    private mutating func take(_ listing: DirectoryListing) {
        let here = listing.directory
        let subdirectories = Set(listing.subdirectories)
        for name in (shelves[here]?.subdirectories ?? []).subtracting(subdirectories) {
            removeDirectory(here.appending(name))
        }
        let files = listing.files.map { ($0.name, $0.isSettled) }
        shelves[here] = Directory(files: Dictionary(uniqueKeysWithValues: files), subdirectories: subdirectories)
        guard here != listing.root, let name = here.lastComponent else { return }
        shelves[here.removingLastComponent(), default: Directory()].subdirectories.insert(name)
    }

    private mutating func put(_ file: FilePath, _ isSettled: Bool) {
        guard let name = file.lastComponent else { return }
        shelves[file.removingLastComponent(), default: Directory()].files[name] = isSettled
    }

    @discardableResult
    private mutating func removeFile(_ file: FilePath) -> Bool? {
        file.lastComponent.flatMap { shelves[file.removingLastComponent()]?.files.removeValue(forKey: $0) }
    }

    private mutating func removeDirectory(_ directory: FilePath) {
        for name in shelves[directory]?.subdirectories ?? [] { removeDirectory(directory.appending(name)) }
        shelves[directory] = nil
        guard let name = directory.lastComponent else { return }
        shelves[directory.removingLastComponent()]?.subdirectories.remove(name)
    }

    private mutating func moveDirectory(_ old: FilePath, _ new: FilePath) {
        removeDirectory(new)
        guard let shelf = shelves.removeValue(forKey: old), let name = new.lastComponent else { return }
        if let name = old.lastComponent { shelves[old.removingLastComponent()]?.subdirectories.remove(name) }
        for name in shelf.subdirectories { moveDirectory(old.appending(name), new.appending(name)) }
        shelves[new] = shelf
        shelves[new.removingLastComponent(), default: Directory()].subdirectories.insert(name)
    }
}
