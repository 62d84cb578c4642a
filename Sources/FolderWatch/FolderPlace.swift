import Platform
import SystemPackage

/// Tells a folder from what else can be found at its path: what a file system has covered that was mounted there, or has
/// left behind when it was unmounted.
struct FolderPlace {
    /// What lies at the path; nil while that is not the folder.
    private(set) var identity: FolderIdentity?
    /// What was at the path before something else was mounted or moved there: it may reappear.
    private(set) var covered: FolderIdentity?
    /// The number of the mount that the folder lies on, if known.
    private var mount: Int?
    /// What was left at the path when a file system was unmounted there: not the folder.
    private var mountPoint: FolderIdentity?

    init(covered: FolderIdentity?) { self.covered = covered }

    /// Notes that the folder was found.
    mutating func opened(_ found: FolderIdentity, mount: Int?) {
        identity = found
        self.mount = mount
    }

    /// Notes that the folder is not watched any more.
    mutating func closed() { identity = nil }

    /// Notes that there is nothing at the path.
    mutating func nothingFound() { mountPoint = nil }

    /// Notes that something else has come over what was at the path.
    mutating func cover(_ known: FolderIdentity?) { covered = known }

    /// Whether what was found is no more than what an unmounted file system has left behind, however readable.
    mutating func isLeftBehind(_ found: FolderIdentity) -> Bool {
        if found == mountPoint { return true }
        mountPoint = nil
        return false
    }

    /// Whether the file system is not mounted any more that the folder lies on.
    func isUnmounted(_ mounts: MountWatch) -> Bool { mount.map(mounts.isUnmounted) ?? false }

    /// Finds out whether the folder is at its path all the same after its file system was unmounted.
    mutating func isThere(afterUnmountOf known: FolderIdentity?, at path: FilePath, _ context: LaneContext) -> Bool {
        do throws(Errno) {
            let found = try context.disk.identity(of: path)
            // It, or another one, may have been mounted since.
            if found == known || context.mounts.isMountPoint(path) { return true }
            // What was watched before the file system came, unless it was an empty mount point then as now.
            if found == covered, try !OpenDirectory.isEmpty(path) { return true }
            mountPoint = found
        } catch {
            mountPoint = nil
        }
        return false
    }
}
