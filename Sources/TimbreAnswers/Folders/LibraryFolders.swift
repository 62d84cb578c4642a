import FolderWatch
import Platform
import Synchronization
import SystemPackage

/// The folders to watch: those that the configuration names, and those that were added at run time.
package final class LibraryFolders: Sendable {
    private struct State {
        /// As the configuration names them.
        var named: [FilePath] = []
        /// Where those lie.
        var configured: [FilePath] = []
        /// Whether each has answered where it lies.
        var haveAnswered: [Bool] = []
        var added: [FilePath] = []
        var filter = NameFilter()
        var followsSymlinks = false

        var all: [FilePath] {
            var folders: [FilePath] = []
            for folder in configured + added where !folders.contains(folder) { folders.append(folder) }
            return folders
        }
    }

    /// Knows which paths may block whoever looks at them.
    package let served = ServedMounts()
    /// Whether each folder answered at the start where it lies.
    package let haveAllAnswered: Bool
    private let state: Mutex<State>

    package init(configured: [FilePath], added: [FilePath], filter: NameFilter, followsSymlinks: Bool) {
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
    package var all: [FilePath] { state.withLock { $0.all } }
    /// Whether it is known where each folder lies.
    var haveAnswered: Bool { state.withLock { !$0.haveAnswered.contains(false) } }

    /// All there would be if the configuration named other folders.
    package func all(configured folders: ResolvedFolders) -> [FilePath] {
        var state = state.withLock { $0 }
        state.configured = folders.paths
        return state.all
    }

    /// Whether a path is a watched folder or lies in one; a path with `..` does not.
    func contains(_ path: FilePath) -> Bool { view.root(of: path) != nil }

    /// The watched folder that another is seen as a part of; nil if it is watched on its own.
    func outer(of folder: FilePath) -> FilePath? {
        state.withLock { state in
            state.all.foldersToWatch(state.filter).first { $0 != folder && state.filter.enters(folder, below: $0) }
        }
    }

    func isConfigured(_ path: FilePath) -> Bool { state.withLock { $0.configured.contains(path) } }
    func isAdded(_ path: FilePath) -> Bool { state.withLock { $0.added.contains(path) } }

    func add(_ path: FilePath) { state.withLock { $0.added.append(path) } }
    func remove(_ path: FilePath) { state.withLock { $0.added.removeAll { $0 == path } } }

    /// Takes over a new configuration.
    package func configure(
        _ folders: [FilePath], lying resolved: ResolvedFolders, filter: NameFilter, followsSymlinks: Bool
    ) {
        state.withLock {
            ($0.named, $0.configured, $0.haveAnswered) = (folders, resolved.paths, resolved.haveAnswered)
            ($0.filter, $0.followsSymlinks) = (filter, followsSymlinks)
        }
    }

    /// Resolves the configured folders again, because nothing tells when a link is changed. A folder whose link is
    /// broken now keeps its place.
    ///
    /// - Returns: Whether some lie elsewhere now, or have answered for the first time.
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
            // A new configuration has come meanwhile.
            guard state.configured == before else { return false }
            state.haveAnswered = haveAnswered
            guard after != before || haveAnswered != hadAnswered else { return false }
            state.configured = after
            return true
        }
    }

    /// What can be seen in the folders now.
    private var view: FolderView {
        state.withLock {
            FolderView(folders: $0.all, filter: $0.filter, followsSymlinks: $0.followsSymlinks, served: served)
        }
    }

    /// Why a path is not among the library's files, in a clause.
    func whyUnknown(_ path: FilePath) -> String { view.whyUnknown(path) }

    /// Lists all files in the folders that are left out, for their names or as links, and why.
    ///
    /// A folder that does not answer, or stops answering, is skipped.
    ///
    /// - Parameter path: The folder to look in; nil for all.
    /// - Complexity: O(*n*) in the files on disk; reads the directories.
    func forEachLeftOut(under path: FilePath?, _ body: (FilePath, String) throws -> Void) throws {
        try view.forEachLeftOut(under: path, body)
    }
}
