import CLinux
import Glibc
import Platform
import SystemPackage

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

/// A kind of file system, by the magic number that `statfs(2)` gives.
package struct FileSystemType: RawRepresentable, Sendable, Hashable {
    /// The magic number, as in `linux/magic.h`.
    package var rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The names of file systems behind which a server or another program stands, as `/proc/self/mountinfo` has them: when
    /// that is dead, looking at a path on it can block for ever. An automounter waits for the server, too. All
    /// types that begin with `fuse` belong to them.
    static let served: Set<String> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "ceph", "afs", "coda", "ncpfs", "vboxsf", "vmhgfs",
        "lustre", "gpfs", "gfs2", "ocfs2", "autofs",
    ]

    /// The name of a file system that sends no events for what others change in it; nil for all that do.
    ///
    /// Source: `linux/magic.h` and the file systems' own headers. A FUSE mount tells what is changed through it, but
    /// not what is changed behind it.
    package var silentName: String? {
        switch rawValue {
        case 0x6969: "NFS"
        case 0xFF53_4D42, 0xFE53_4D42, 0x517B: "SMB"
        case 0x6573_5546: "FUSE"
        case 0x0102_1997: "9P"
        case 0x00C3_6400: "Ceph"
        case 0x5346_414F, 0x6B41_4653: "AFS"
        case 0x7375_7245: "Coda"
        case 0x564C: "NCP"
        case 0x786F_4256: "VirtualBox shared folder"
        case 0xBACB_ACBC: "VMware shared folder"
        case 0x0BD0_0BD0: "Lustre"
        case 0x4750_4653: "GPFS"
        case 0x0116_1970: "GFS2"
        case 0x7461_636F: "OCFS2"
        default: nil
        }
    }
}
