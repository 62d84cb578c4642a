import CLinux
import Glibc
import SystemPackage

/// What the kernel knows of a file or directory (`stat(2)`).
struct FileStatus {
    enum Kind {
        case file, directory, link
        /// A FIFO, a socket or a device.
        case other
    }

    var kind: Kind
    /// In bytes.
    var size: Int64
    /// When the content was last written, in nanoseconds since 1970.
    var modified: Int64
    /// When anything of the file was last changed, in nanoseconds since 1970; nobody can set it back.
    var changed: Int64
    var inode: UInt64
    var device: UInt64
    /// How many names the file has.
    var links: UInt64

    private init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .link
            default: .other
            }
        size = Int64(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
        inode = UInt64(status.st_ino)
        device = UInt64(status.st_dev)
        links = UInt64(status.st_nlink)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        let seconds = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
        return seconds.overflow ? .max : seconds.partialValue &+ Int64(time.tv_nsec)
    }

    /// Looks at a path.
    init(of path: FilePath, following: Bool) throws(Errno) {
        var status = stat()
        let result = unsafe path.withPlatformString { unsafe fstatat(AT_FDCWD, $0, &status, Self.flags(following)) }
        guard result == 0 else { throw Errno(rawValue: errno) }
        self.init(status)
    }

    /// Looks at a name in an open directory.
    init(of name: UnsafePointer<CChar>, in directory: FileDescriptor, following: Bool) throws(Errno) {
        var status = stat()
        let result = unsafe fstatat(directory.rawValue, name, &status, Self.flags(following))
        guard result == 0 else { throw Errno(rawValue: errno) }
        self.init(status)
    }

    /// Looks at what is open.
    init(of descriptor: FileDescriptor) throws(Errno) {
        var status = stat()
        guard unsafe fstat(descriptor.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        self.init(status)
    }

    // AT_NO_AUTOMOUNT: a look must not mount anything.
    private static func flags(_ following: Bool) -> Int32 { 0x800 | (following ? 0 : AT_SYMLINK_NOFOLLOW) }
}

extension FolderIdentity {
    /// Finds out what lies at a path, which must be a directory that can be read.
    init(of path: FilePath) throws(Errno) {
        let folder = try File.open(path, O_RDONLY | O_DIRECTORY)
        let status = try FileStatus(of: folder.descriptor)
        var system = statfs()
        guard unsafe fstatfs(folder.descriptor.rawValue, &system) == 0 else { throw Errno(rawValue: errno) }
        let id = system.f_fsid.__val
        self.init(
            device: status.device, inode: status.inode,
            fileSystem: FileSystemType(rawValue: UInt32(truncatingIfNeeded: system.f_type)),
            fileSystemID: UInt64(UInt32(bitPattern: id.0)) | UInt64(UInt32(bitPattern: id.1)) << 32)
    }
}

/// The wall clock, in nanoseconds since 1970, as file times are.
func wallClock() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
