import CLinux
import Glibc
import Platform
import SystemPackage

/// How one folder is watched.
package struct FolderStatus: Sendable, Hashable {
    /// By what means changes are noticed.
    package enum Mode: Sendable, Hashable {
        /// The kernel tells.
        case inotify
        /// The folder is looked through again and again; the reason says why, and what to do about it.
        case polling(reason: String)
        /// The folder cannot be seen; it is waited for.
        case offline(reason: String)
    }

    /// The folder, as it was asked for.
    package var root: FilePath
    /// By what means changes are noticed.
    package var mode: Mode
    /// What was found at the path; nil while offline.
    package var identity: FolderIdentity?
    /// The inotify watches that the folder takes up.
    package var watches: Int

    package init(root: FilePath, mode: Mode, identity: FolderIdentity?, watches: Int) {
        self.root = root
        self.mode = mode
        self.identity = identity
        self.watches = watches
    }
}

/// Tells a folder from another one that is found at the same path later.
///
/// Device numbers can change when a machine starts again; the file system's own id then tells whether it is still the
/// same.
package struct FolderIdentity: Sendable, Hashable {
    /// The device number.
    package var device: UInt64
    /// The inode of the folder itself.
    package var inode: UInt64
    /// The kind of file system.
    package var fileSystem: FileSystemType
    /// The file system's id (`f_fsid`), made from its UUID on most disks; 0 where it has none.
    package var fileSystemID: UInt64

    package init(device: UInt64, inode: UInt64, fileSystem: FileSystemType, fileSystemID: UInt64) {
        self.device = device
        self.inode = inode
        self.fileSystem = fileSystem
        self.fileSystemID = fileSystemID
    }
}

extension FolderIdentity {
    /// Finds out what lies at a path, which must be a directory that can be read.
    init(of path: FilePath) throws(Errno) {
        let folder = try OwnedDescriptor.open(path, O_RDONLY | O_DIRECTORY)
        let status = try FileStatus(of: folder.descriptor)
        var system = statfs()
        guard unsafe fstatfs(folder.descriptor.rawValue, &system) == 0 else { throw Errno.last }
        let id = system.f_fsid.__val
        self.init(
            device: status.device, inode: status.inode,
            fileSystem: FileSystemType(rawValue: UInt32(truncatingIfNeeded: system.f_type)),
            fileSystemID: UInt64(UInt32(bitPattern: id.0)) | UInt64(UInt32(bitPattern: id.1)) << 32)
    }
}
