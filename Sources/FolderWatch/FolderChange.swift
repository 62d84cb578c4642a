import Platform
import SystemPackage

/// What a watcher saw in its folders.
///
/// Changes are hints to look, and idempotent: the same one may come twice, and `listed` and events may tell the same
/// news. Taken in order they leave the reader with what is on disk.
package enum FolderChange: Sendable, Hashable {
    /// A directory was listed, after a watch was put on it. What is known directly in it and is not in the list is
    /// gone, files and subdirectories alike.
    case listed(DirectoryListing)
    /// A candidate file has been left alone long enough to be looked at, whether it is new, changed, or moved here.
    case settled(FilePath)
    /// A candidate file appeared, or is being written, and is not ready.
    case pending(FilePath)
    /// A file, or a directory with all below it, was deleted or moved out of the folders.
    case gone(FilePath, isDirectory: Bool)
    /// A candidate file or a directory, with all below it, has another name within the folders. `settled` follows for
    /// a file, and a scan for a directory: neither has to be known under its old name.
    case moved(from: FilePath, to: FilePath, isDirectory: Bool)
    /// A folder is watched in another way than before, or lies elsewhere than before.
    case folder(FolderStatus)
    /// A folder is watched as it was by an earlier watcher, and nothing that happened in it since was missed: it is not
    /// scanned.
    case continued(FolderStatus)
    /// All below a directory is about to be listed.
    case scanBegan(FilePath)
    /// All below a directory has been listed. If `complete`, then directories below it that were not listed since the
    /// scan began, and were not reported as unreadable, are gone.
    case scanEnded(FilePath, complete: Bool)
    /// The kernel dropped events; a scan of everything follows.
    case overflowed
    /// All that had happened when ``FolderWatcher/sync(token:)`` was called has been delivered. The `unsettled` files
    /// are held back; each will yet be delivered as settled or gone, unless its folder goes offline.
    case drained(token: UInt64, unsettled: [FilePath])
    /// A directory could not be read or watched; what is known below it may or may not be there.
    case unreadable(FilePath, reason: String)
    /// So many entries of a directory are left out that somebody may look for; with each listing the count comes anew.
    case leftOut(FilePath, count: Int)
}

/// What lay in one directory at one moment.
package struct DirectoryListing: Sendable, Hashable {
    /// The directory.
    package var directory: FilePath
    /// The watched folder that it lies in, or is.
    package var root: FilePath
    /// The device that the directory lies on: another one than its parent's at a mount point.
    package var device: UInt64
    /// The directory's inode.
    package var inode: UInt64
    /// Whether something is mounted there, possibly a part of the same file system.
    package var isMountPoint: Bool
    /// When an entry was last added or removed, in nanoseconds since 1970.
    package var modified: Int64
    /// The candidate files, ordered by the bytes of their names.
    package var files: [FileEntry]
    /// The subdirectories that are watched too, ordered by the bytes of their names.
    package var subdirectories: [FilePath.Component]
    /// Names of links that cannot be followed now, though they may lead somewhere: what is known under them stays.
    package var unchanged: Set<[UInt8]>
    /// Entries that are no candidates, but that somebody may look for.
    package var leftOutCount: Int

    package init(
        directory: FilePath, root: FilePath, device: UInt64, inode: UInt64, isMountPoint: Bool = false, modified: Int64,
        files: [FileEntry], subdirectories: [FilePath.Component], unchanged: Set<[UInt8]> = [],
        leftOutCount: Int = 0
    ) {
        self.directory = directory
        self.root = root
        self.device = device
        self.inode = inode
        self.isMountPoint = isMountPoint
        self.modified = modified
        self.files = files
        self.subdirectories = subdirectories
        self.unchanged = unchanged
        self.leftOutCount = leftOutCount
    }
}

/// A candidate file as it was found in a directory.
package struct FileEntry: Sendable, Hashable {
    /// Its name in the directory, as bytes.
    package var nameBytes: [UInt8]
    /// Its size in bytes.
    package var size: Int64
    /// When its content was last written, in nanoseconds since 1970.
    package var modified: Int64
    /// When anything of it was last changed, in nanoseconds since 1970.
    package var changed: Int64
    /// Its inode; that of the target for a symbolic link that is followed.
    package var inode: UInt64
    /// The device that it lies on.
    package var device: UInt64
    /// Whether it can be looked at now. If not, `settled` or `gone` follows.
    package var isSettled: Bool

    package init(
        name: FilePath.Component, size: Int64, modified: Int64, changed: Int64, inode: UInt64, device: UInt64,
        isSettled: Bool
    ) {
        self.init(
            nameBytes: name.bytes, size: size, modified: modified, changed: changed, inode: inode, device: device,
            isSettled: isSettled)
    }

    package init(
        nameBytes: [UInt8], size: Int64, modified: Int64, changed: Int64, inode: UInt64, device: UInt64,
        isSettled: Bool
    ) {
        self.nameBytes = nameBytes
        self.size = size
        self.modified = modified
        self.changed = changed
        self.inode = inode
        self.device = device
        self.isSettled = isSettled
    }
}
