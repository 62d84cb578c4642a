import CLinux
import FolderWatch
import Glibc
import Platform
import Synchronization
import SystemPackage
import TimbreConfiguration
import TimbreIngest
import TimbreLibrary
import TimbreStore

/// The folders that are to be watched: those that the configuration names, and those that were added at run time.
package final class WatchedFolders: Sendable {
    struct State {
        /// As the configuration names them.
        var named: [FilePath] = []
        /// Where those lie.
        var configured: [FilePath] = []
        /// Whether each of them has said so.
        var haveAnswered: [Bool] = []
        var added: [FilePath] = []
        var filter = NameFilter()
        var followsSymlinks = false
    }

    /// Tells which paths must not be looked at by a thread that others wait for.
    let served = ServedMounts()
    /// Whether each folder said at the start where it lies.
    let haveAllAnswered: Bool
    private let state: Mutex<State>

    init(configured: [FilePath], added: [FilePath], filter: NameFilter, followsSymlinks: Bool) {
        let resolution = (configured + added).resolvedInTime(served)
        let resolved = resolution.paths
        haveAllAnswered = resolution.haveAllAnswered
        state = Mutex(
            State(
                named: configured, configured: Array(resolved.prefix(configured.count)),
                haveAnswered: Array(resolution.haveAnswered.prefix(configured.count)),
                added: Array(resolved.dropFirst(configured.count)), filter: filter, followsSymlinks: followsSymlinks))
    }

    /// All of them, each once, the configured ones first.
    var all: [FilePath] { state.withLock { $0.all } }
    var configured: [FilePath] { state.withLock { $0.configured } }
    /// Whether it is known of each folder where it lies.
    var haveAnswered: Bool { state.withLock { !$0.haveAnswered.contains(false) } }

    /// All that there would be if the configuration named others, which lie there.
    func all(configured folders: ResolvedFolders) -> [FilePath] {
        var state = state.withLock { $0 }
        state.configured = folders.paths
        return state.all
    }

    /// Whether a path is a watched folder, or lies in one; one that leads up again by `..` does not.
    func contains(_ path: FilePath) -> Bool { state.withLock { $0.root(of: path) } != nil }

    func isConfigured(_ path: FilePath) -> Bool { configured.contains(path) }
    func isAdded(_ path: FilePath) -> Bool { state.withLock { $0.added.contains(path) } }

    func add(_ path: FilePath) { state.withLock { $0.added.append(path) } }
    func remove(_ path: FilePath) { state.withLock { $0.added.removeAll { $0 == path } } }

    /// Takes on what a new configuration says.
    func configure(
        _ folders: [FilePath], lying resolved: ResolvedFolders, filter: NameFilter, followsSymlinks: Bool
    ) {
        state.withLock {
            ($0.named, $0.configured, $0.haveAnswered) = (folders, resolved.paths, resolved.haveAnswered)
            ($0.filter, $0.followsSymlinks) = (filter, followsSymlinks)
        }
    }

    /// Looks again where the folders lie that the configuration names: of a link that is turned elsewhere nobody tells.
    /// One that leads nowhere now is taken to lie where it did.
    ///
    /// - Returns: Whether some lie elsewhere than before, or have said for the first time where they do.
    func lookAgain() -> Bool {
        let (named, before, hadAnswered) = state.withLock { ($0.named, $0.configured, $0.haveAnswered) }
        let isPlain = zip(named, before).allSatisfy { $0.lexicallyNormalized() == $1 }
        if isPlain, !hadAnswered.contains(false) { return false }
        let found = named.resolvedInTime(served)
        let after = zip(before, zip(found.paths, found.haveAnswered)).map { before, found in
            found.1 && served.look(at: found.0, { found.0.isDirectory }) ?? false ? found.0 : before
        }
        let haveAnswered = zip(hadAnswered, found.haveAnswered).map { $0 || $1 }
        return state.withLock { state in
            // A new configuration has seen to it meanwhile.
            guard state.configured == before else { return false }
            state.haveAnswered = haveAnswered
            guard after != before || haveAnswered != hadAnswered else { return false }
            state.configured = after
            return true
        }
    }

    /// Why a path is not among the library's files, in a clause.
    func whyUnknown(_ path: FilePath) -> String {
        let state = state.withLock { $0 }
        guard let root = state.root(of: path) else { return "it is not in a watched folder" }
        let way = served.look(at: path, following: false) { state.link(on: path, below: root) }
        guard let way else { return "its folder does not answer" }
        if let link = way {
            return "it is left out: \(link == path ? "" : "\(link.humanReadable): ")\(State.linkReason)"
        }
        switch state.filter.verdict(path, below: root) {
        case .left(let reason): return "it is left out: \(reason)"
        case .candidate:
            let folder = state.followsSymlinks ? path : root
            let look = served.look(at: path, following: state.followsSymlinks) { path.exists(below: folder) }
            guard let isThere = look else { return "its folder does not answer" }
            return isThere ? "it has not been seen yet" : "there is no such file"
        }
    }

    /// Tells of all in the folders that is left out, for its name or as a link, and why.
    ///
    /// A folder that does not answer, or not any more, is left off.
    ///
    /// - Complexity: O(*n*) in the files on disk; reads the directories.
    func forEachLeftOut(under path: FilePath?, _ body: (FilePath, String) throws -> Void) throws {
        let state = state.withLock { $0 }
        for root in state.all where path.map({ $0.isLexicallyNormal }) ?? true {
            guard let start = path.map({ $0.starts(with: root) ? $0 : nil }) ?? root else { continue }
            try state.walk(start, below: root, served, body)
        }
    }
}

extension WatchedFolders.State {
    var all: [FilePath] {
        var folders: [FilePath] = []
        for folder in configured + added where !folders.contains(folder) { folders.append(folder) }
        return folders
    }

    /// The watched folder that a path lies in, or is: of several, the outermost.
    fileprivate func root(of path: FilePath) -> FilePath? {
        guard path.isLexicallyNormal else { return nil }
        return all.filter { path.starts(with: $0) }.min { $0.length < $1.length }
    }

    /// - Returns: False if a directory has not answered.
    @discardableResult
    fileprivate func walk(
        _ directory: FilePath, below root: FilePath, _ served: ServedMounts, _ body: (FilePath, String) throws -> Void
    ) throws -> Bool {
        let look = served.look(at: directory, following: followsSymlinks) { entries(of: directory, below: root) }
        guard let entries = look else { return false }
        for entry in entries.sorted(by: { $0.name.precedes($1.name) }) {
            let path = directory.appending(bytes: entry.name)
            if entry.kind == .directory {
                guard let last = path.lastComponent else { continue }
                switch filter.verdict(directory: last) {
                case .candidate: guard try walk(path, below: root, served, body) else { return false }
                case .left(let reason): try body(path, reason)
                }
            } else if entry.kind == .link, !followsSymlinks {
                try body(path, Self.linkReason)
            } else if entry.kind == .file, case .left(let reason) = filter.verdict(path, below: root) {
                try body(path, reason)
            }
        }
        return true
    }

    /// What a directory has; nothing if it cannot be read, of which `errors` tells, or links lead there and are not to be
    /// followed.
    private func entries(of directory: FilePath, below root: FilePath) -> [OpenDirectory.Entry] {
        do throws(Errno) {
            return try OpenDirectory.entries(of: directory, below: followsSymlinks ? nil : root)
        } catch { return [] }
    }
}

extension WatchedFolders.State {
    fileprivate static let linkReason = "it is a symbolic link; follow_symlinks = true has links followed"

    /// The first symbolic link on the way from a folder to a path, where links are not followed.
    fileprivate func link(on path: FilePath, below root: FilePath) -> FilePath? {
        guard !followsSymlinks else { return nil }
        var place = root
        for name in path.components.dropFirst(root.components.count) {
            place.append(name)
            do throws(Errno) {
                if try FileStatus(of: place, following: false).kind == .link { return place }
            } catch { return nil }
        }
        return nil
    }
}
