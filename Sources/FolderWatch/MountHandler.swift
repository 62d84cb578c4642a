import Platform
import SystemPackage

/// Handles what is mounted and unmounted at folders and in them.
final class MountHandler {
    private let context: LaneContext
    private let folders: WatchedFolders

    init(_ context: LaneContext, _ folders: WatchedFolders) {
        self.context = context
        self.folders = folders
    }

    /// Finds out what has changed when something was mounted or unmounted.
    func mountsChanged() {
        let (mounted, unmounted) = context.mounts.update(below: folders.all.map(\.path))
        for folder in folders.all {
            folder.checkMount()
            guard folder.isOnline else { continue }
            for point in unmounted where point != folder.path && point.lies(in: folder.path) {
                wasUnmounted(from: point, in: folder)
            }
            for point in mounted where point != folder.path && point.lies(in: folder.path) {
                if context.settings.filter.enters(point, below: folder.path) {
                    context.scans.add(point, in: folder.path)
                }
            }
        }
    }

    /// Handles that a file system was unmounted: a folder's own, or one in it.
    func wasUnmounted(from directory: FilePath, in folder: WatchedFolder) {
        if directory == folder.path { return folder.wasUnmounted() }
        // Of a file system, the kernel tells as well; of a part of one that was mounted here, only the table does.
        guard folder.tree.contains(directory) else { return }
        folder.tree.forget(directory)
        context.forget(directory, isDirectory: true)
        context.outlet.tell(.unreadable(directory, reason: "the file system mounted there was unmounted"))
        // It, or another one, may have been mounted since; and what it covered is visible again.
        context.scans.add(directory, in: folder.path)
    }
}
