import CLinux
import Glibc
import SystemPackage

/// What the kernel knows of a file or directory (`stat(2)`).
package struct FileStatus {
    package enum Kind {
        case file, directory, link
        /// A pipe, a socket or a device.
        case other
    }

    package var kind: Kind
    package var isPipe: Bool
    package var isSocket: Bool
    /// In bytes.
    package var size: Int64
    /// When the content was last written, in nanoseconds since 1970.
    package var modified: Int64
    /// When anything of the file was last changed, in nanoseconds since 1970; nobody can set it back.
    package var changed: Int64
    package var inode: UInt64
    package var device: UInt64
    /// How many names the file has.
    package var links: UInt64
    /// The group that it belongs to.
    package var group: UInt32

    /// Looks at a path.
    package init(of path: FilePath, following: Bool) throws(Errno) {
        try self.init(of: path, in: FileDescriptor(rawValue: AT_FDCWD), following: following)
    }

    /// Looks at a path that begins in an open directory.
    init(of path: FilePath, in directory: FileDescriptor, following: Bool) throws(Errno) {
        var status = stat()
        let result = unsafe path.withPlatformString {
            unsafe fstatat(directory.rawValue, $0, &status, Self.flags(following))
        }
        guard result == 0 else { throw Errno.last }
        self.init(status)
    }

    /// Looks at a name in an open directory.
    init(of name: UnsafePointer<CChar>, in directory: FileDescriptor, following: Bool) throws(Errno) {
        var status = stat()
        guard unsafe fstatat(directory.rawValue, name, &status, Self.flags(following)) == 0 else { throw Errno.last }
        self.init(status)
    }

    /// Looks at what is open.
    package init(of descriptor: FileDescriptor) throws(Errno) {
        var status = stat()
        guard unsafe clinux_status(descriptor.rawValue, &status) == 0 else { throw Errno.last }
        self.init(status)
    }

    private init(_ status: stat) {
        let type = status.st_mode & S_IFMT
        kind =
            switch type {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .link
            default: .other
            }
        isPipe = type == S_IFIFO
        isSocket = type == S_IFSOCK
        size = Int64(status.st_size)
        modified = Self.nanoseconds(status.st_mtim)
        changed = Self.nanoseconds(status.st_ctim)
        inode = UInt64(status.st_ino)
        device = UInt64(status.st_dev)
        links = UInt64(status.st_nlink)
        group = status.st_gid
    }

    // A time that a file system makes up can lie beyond what 64 bits of nanoseconds hold: it then wraps, and does no harm.
    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }

    // AT_NO_AUTOMOUNT: a look must not mount anything.
    private static func flags(_ following: Bool) -> Int32 { 0x800 | (following ? 0 : AT_SYMLINK_NOFOLLOW) }
}

/// What tells a state of a file from all others, as its directory entry has it: while nothing of it changes, the file need
/// not be read again.
package struct FileIdentity: Hashable, Sendable {
    /// In bytes.
    package var size: Int64
    /// When the content was last written, in nanoseconds since 1970.
    package var modified: Int64
    /// When anything of the file was last changed, in nanoseconds since 1970: a program that rewrites a file and sets the
    /// other time back cannot set this one.
    package var changed: Int64
    package var device: UInt64
    package var inode: UInt64

    package init(size: Int64, modified: Int64, changed: Int64, device: UInt64, inode: UInt64) {
        self.size = size
        self.modified = modified
        self.changed = changed
        self.device = device
        self.inode = inode
    }

    /// The identity of an ordinary file; nil for anything else.
    package init?(_ status: FileStatus) {
        guard status.kind == .file else { return nil }
        self.init(
            size: status.size, modified: status.modified, changed: status.changed, device: status.device,
            inode: status.inode)
    }

    /// The identity of what is at a path now, following a symbolic link; nil if there is no ordinary file.
    package init?(of path: FilePath) {
        do throws(Errno) { self.init(try FileStatus(of: path, following: true)) } catch { return nil }
    }

    /// The identity of an open file; nil if it is no ordinary one.
    package init?(of descriptor: FileDescriptor) {
        do throws(Errno) { self.init(try FileStatus(of: descriptor)) } catch { return nil }
    }

    /// Whether the file need not be read again. The device is left out: it gets another number with every mount.
    package func isUnchanged(since earlier: FileIdentity) -> Bool {
        size == earlier.size && modified == earlier.modified && changed == earlier.changed && inode == earlier.inode
    }
}

/// The time of day, which people and other programs may set.
package enum WallClock {
    /// Nanoseconds since 1970, as the times of files are.
    package static func nanoseconds() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Seconds since 1970.
    package static func seconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
