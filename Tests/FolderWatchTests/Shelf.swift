import FolderWatch
import Platform
import SystemPackage

/// What a reader of changes knows: a daemon's catalog, as plainly as can be.
///
/// It works on bytes: `FilePath` proves its invariants at every turn when it is built for debugging.
struct Shelf {
    private typealias Path = [UInt8]

    private struct Directory {
        /// Whether each file has settled.
        var files: [Path: Bool] = [:]
        var subdirectories: Set<Path> = []
    }

    private var shelves: [Path: Directory] = [:]
    private(set) var status: [FilePath: FolderStatus] = [:]
    private(set) var drained: [UInt64: [FilePath]] = [:]
    private(set) var overflows = 0
    private(set) var scansOpen = 0
    private(set) var scansCompleted = 0
    private(set) var unreadable: [FilePath: String] = [:]
    /// How many entries are left out in each directory of which that was told.
    private(set) var leftOut: [FilePath: Int] = [:]
    /// All that came, in order.
    private(set) var changes: [FolderChange] = []

    var settled: Set<FilePath> { files { $0 } }
    var pending: Set<FilePath> { files { !$0 } }
    var directories: Set<FilePath> { Set(shelves.keys.map { FilePath(bytes: $0) }) }
    var settledCount: Int { shelves.values.reduce(0) { $0 + $1.files.values.count { $0 } } }
    var pendingCount: Int { shelves.values.reduce(0) { $0 + $1.files.values.count { !$0 } } }

    mutating func take(_ change: FolderChange) {
        changes.append(change)
        switch change {
        case .listed(let listing): take(listing)
        case .settled(let file): put(file.bytes, true)
        case .pending(let file): put(file.bytes, false)
        case .gone(let path, true): removeDirectory(path.bytes)
        case .gone(let path, false): removeFile(path.bytes)
        case .moved(let old, let new, true): moveDirectory(old.bytes, new.bytes)
        case .moved(let old, let new, false):
            removeFile(new.bytes)
            if let isSettled = removeFile(old.bytes) { put(new.bytes, isSettled) }
        case .folder(let new), .continued(let new): status[new.root] = new
        case .scanBegan: scansOpen += 1
        case .scanEnded(_, let complete):
            scansOpen -= 1
            scansCompleted += complete ? 1 : 0
        case .overflowed: overflows += 1
        case .drained(let token, let unsettled): drained[token] = unsettled
        case .unreadable(let directory, let reason): unreadable[directory] = reason
        case .leftOut(let directory, let count): leftOut[directory] = count
        }
    }

    private func files(where isWanted: (Bool) -> Bool) -> Set<FilePath> {
        Set(
            shelves.flatMap { directory, shelf in
                shelf.files.filter { isWanted($0.value) }.map { FilePath(bytes: Self.path(directory, $0.key)) }
            })
    }

    private static func path(_ directory: Path, _ name: Path) -> Path { directory + [0x2F] + name }

    private static func split(_ path: Path) -> (directory: Path, name: Path) {
        let slash = path.lastIndex(of: 0x2F) ?? 0
        return (Path(path[..<slash]), Path(path[(slash + 1)...]))
    }

    private mutating func take(_ listing: DirectoryListing) {
        let here = listing.directory.bytes
        leftOut[listing.directory] = listing.leftOutCount
        let subdirectories = Set(listing.subdirectories.map(\.bytes))
        for name in (shelves[here]?.subdirectories ?? []).subtracting(subdirectories) {
            removeDirectory(Self.path(here, name))
        }
        let files = listing.files.map { ($0.nameBytes, $0.isSettled) }
        shelves[here] = Directory(files: Dictionary(uniqueKeysWithValues: files), subdirectories: subdirectories)
        guard listing.directory != listing.root else { return }
        let (parent, name) = Self.split(here)
        shelves[parent, default: Directory()].subdirectories.insert(name)
    }

    private mutating func put(_ file: Path, _ isSettled: Bool) {
        let (directory, name) = Self.split(file)
        shelves[directory, default: Directory()].files[name] = isSettled
    }

    @discardableResult
    private mutating func removeFile(_ file: Path) -> Bool? {
        let (directory, name) = Self.split(file)
        return shelves[directory]?.files.removeValue(forKey: name)
    }

    private mutating func removeDirectory(_ directory: Path) {
        for name in shelves[directory]?.subdirectories ?? [] { removeDirectory(Self.path(directory, name)) }
        shelves[directory] = nil
        let (parent, name) = Self.split(directory)
        shelves[parent]?.subdirectories.remove(name)
    }

    private mutating func moveDirectory(_ old: Path, _ new: Path) {
        removeDirectory(new)
        guard let shelf = shelves.removeValue(forKey: old) else { return }
        let (source, oldName) = Self.split(old)
        let (target, newName) = Self.split(new)
        shelves[source]?.subdirectories.remove(oldName)
        for name in shelf.subdirectories { moveDirectory(Self.path(old, name), Self.path(new, name)) }
        shelves[new] = shelf
        shelves[target, default: Directory()].subdirectories.insert(newName)
    }
}
