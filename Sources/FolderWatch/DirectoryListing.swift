import Platform
import SystemPackage

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
    /// Whether something is mounted there, be it a part of the same file system.
    package var isMountPoint: Bool
    /// When an entry was last added or removed, in nanoseconds since 1970.
    package var modified: Int64
    /// The candidate files, ordered by the bytes of their names.
    package var files: [FileEntry]
    /// The subdirectories that are watched too, ordered by the bytes of their names.
    package var subdirectories: [FilePath.Component]
    /// Entries that are no candidates, but that somebody may look for.
    package var leftOutCount: Int

    package init(
        directory: FilePath, root: FilePath, device: UInt64, inode: UInt64, isMountPoint: Bool = false, modified: Int64,
        files: [FileEntry], subdirectories: [FilePath.Component], leftOutCount: Int = 0
    ) {
        self.directory = directory
        self.root = root
        self.device = device
        self.inode = inode
        self.isMountPoint = isMountPoint
        self.modified = modified
        self.files = files
        self.subdirectories = subdirectories
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
