import Platform
import SystemPackage

/// What an earlier watcher has left for the folders that are not open yet: what it knew, and the watches in its queue.
final class Inheritance: WatchOwner {
    private var state: WatchState
    private var watches: Set<Int32>
    private let pool: WatchPool

    init(_ state: WatchState, _ pool: WatchPool) {
        self.state = state
        self.pool = pool
        watches = Set(state.folders.flatMap { $0.directories.compactMap(\.watch) })
    }

    /// Whether there are folders that were not taken over yet: events in the queue can be about them.
    var isPending: Bool { !state.folders.isEmpty }

    /// The watch on the directory of the cookies, if there was one.
    var cookieWatch: Int32? { state.cookieWatch }

    /// Gives a folder out, which owns its watches from now on.
    func takeFolder(at path: FilePath) -> WatchState.Folder? {
        guard let place = state.folders.firstIndex(where: { $0.path == path }) else { return nil }
        let folder = state.folders.remove(at: place)
        watches.subtract(folder.directories.compactMap(\.watch))
        return folder
    }

    /// Has a lane go on with a folder: with the files that were held back or can change without an event.
    ///
    /// - Returns: Whether events tell all that has happened since; if not, the folder has to be scanned.
    func restore(_ folder: WatchState.Folder, in context: LaneContext) -> Bool {
        for file in state.held where file.path.lies(in: folder.path) {
            _ = context.settler.touch(file.path, file.writer, at: .now)
        }
        for file in state.indirect where file.lies(in: folder.path) { context.indirect.note(unknown: file) }
        guard folder.isComplete, folder.mounts == context.mounts.places(below: folder.path),
            !context.settings.followSymlinks,
            // Events do not tell of a network's file system that is mounted in the folder.
            !folder.mounts.contains(where: { context.mounts.table.isServedPoint($0.point) })
        else { return false }
        for directory in state.unreadable where directory.lies(in: folder.path) {
            context.scans.add(directory, in: folder.path)
        }
        return true
    }

    /// Gives up what nobody has taken.
    func drop() {
        let useless = watches
        (state, watches) = (WatchState(), [])
        pool.release(useless)
    }

    func use(of watch: Int32) -> WatchUse? { watches.contains(watch) ? .content : nil }
}
