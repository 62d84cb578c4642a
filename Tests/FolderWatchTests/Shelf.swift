import FolderWatch
import SystemPackage

/// What a reader of changes knows: a daemon's catalog, as plainly as can be.
struct Shelf {
    private(set) var settled: Set<FilePath> = []
    private(set) var pending: Set<FilePath> = []
    private(set) var directories: Set<FilePath> = []
    private(set) var status: [FilePath: FolderStatus] = [:]
    private(set) var drained: [UInt64: [FilePath]] = [:]
    private(set) var overflows = 0
    private(set) var scansOpen = 0
    private(set) var scansCompleted = 0
    private(set) var unreadable: [FilePath: String] = [:]
    /// All that came, in order.
    private(set) var changes: [FolderChange] = []

    mutating func take(_ change: FolderChange) {
        changes.append(change)
        switch change {
        case .listed(let listing): take(listing)
        case .settled(let file):
            pending.remove(file)
            settled.insert(file)
        case .pending(let file):
            settled.remove(file)
            pending.insert(file)
        case .gone(let path, _): forget { $0.starts(with: path) }
        case .moved(let old, let new, _):
            forget { $0.starts(with: new) }
            settled = Self.moved(settled, old, new)
            pending = Self.moved(pending, old, new)
            directories = Self.moved(directories, old, new)
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

    private mutating func take(_ listing: DirectoryListing) {
        let here = listing.directory
        let files = Dictionary(uniqueKeysWithValues: listing.files.map { (here.appending($0.name), $0.isSettled) })
        let inside = Set(listing.subdirectories.map { here.appending($0) })
        forget { path in
            var rest = path
            guard rest.removePrefix(here), let first = rest.components.first else { return false }
            let child = here.appending(first)
            return rest.components.count == 1 ? files[child] == nil && !inside.contains(child) : !inside.contains(child)
        }
        for (file, isSettled) in files {
            settled.remove(file)
            pending.remove(file)
            if isSettled { settled.insert(file) } else { pending.insert(file) }
        }
        directories.insert(here)
    }

    private mutating func forget(where isGone: (FilePath) -> Bool) {
        settled = settled.filter { !isGone($0) }
        pending = pending.filter { !isGone($0) }
        directories = directories.filter { !isGone($0) }
    }

    private static func moved(_ paths: Set<FilePath>, _ old: FilePath, _ new: FilePath) -> Set<FilePath> {
        Set(
            paths.map { path in
                var rest = path
                return rest.removePrefix(old) ? new.pushing(rest) : path
            })
    }
}
