import CLinux
import Platform
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// A Unix socket that clients can connect to.
///
/// Either it was handed over by systemd, and stays where it is, or it was made here, and is removed at the end.
package final class SocketListener: Sendable {
    let descriptor: FileDescriptor
    /// The socket file that is ours to remove.
    private let own: SocketFile?

    /// Who may connect to a socket that is made here.
    package struct Permissions: Sendable {
        /// Of the directory, if it has to be made.
        package var directory: FilePermissions
        package var socket: FilePermissions
        /// Whom the socket belongs to, beside its owner.
        package var group: UInt32?

        package init(directory: FilePermissions, socket: FilePermissions, group: UInt32? = nil) {
            self.directory = directory
            self.socket = socket
            self.group = group
        }

        /// For a user's own service.
        package static let user = Permissions(directory: [.ownerReadWriteExecute], socket: [.ownerReadWrite])

        /// For the system's service, whose clients are in a group.
        package static func system(group: UInt32?) -> Permissions {
            Permissions(
                directory: [.ownerReadWriteExecute, .groupReadExecute, .otherReadExecute],
                socket: group == nil ? [.ownerReadWrite] : [.ownerReadWrite, .groupReadWrite], group: group)
        }
    }

    /// Takes over a socket that listens already, and becomes its owner.
    package init(adopting descriptor: FileDescriptor) throws(Errno) {
        self.descriptor = descriptor
        own = nil
        try descriptor.setNonBlockingAndCloseOnExec()
    }

    /// Makes a socket and listens, having removed what a daemon that is dead has left at the path.
    ///
    /// - Throws: ``SocketError``, of reason `taken` if somebody answers at the path.
    package init(path: FilePath, permissions: Permissions) throws(SocketError) {
        let address = try UnixAddress(path)
        do throws(Errno) {
            try Self.makeDirectory(path.removingLastComponent(), permissions.directory)
            descriptor = try FileDescriptor.unixSocket()
        } catch { throw SocketError(path: path, error) }
        do {
            try Self.bind(descriptor, to: address, path)
            own = try Self.open(descriptor, path, permissions)
        } catch {
            Glibc.close(descriptor.rawValue)
            throw error
        }
    }

    deinit {
        own?.remove()
        Glibc.close(descriptor.rawValue)
    }

    private static func makeDirectory(_ path: FilePath, _ mode: FilePermissions) throws(Errno) {
        guard !path.isEmpty, unsafe path.withPlatformString({ unsafe mkdir($0, mode.rawValue) }) != 0 else { return }
        guard Errno.last == .fileExists else { throw Errno.last }
    }

    private static func bind(
        _ descriptor: FileDescriptor, to address: UnixAddress, _ path: FilePath
    ) throws(SocketError) {
        if unsafe address.with({ unsafe Glibc.bind(descriptor.rawValue, $0, $1) }) == 0 { return }
        guard Errno.last == .addressInUse else { throw SocketError(path: path, Errno.last) }
        guard Self.status(of: path)?.isSocket == true else {
            throw SocketError(path: path, reason: .notASocket)
        }
        do throws(SocketError) {
            let other = try FileDescriptor.connected(to: path)
            defer { Glibc.close(other.rawValue) }
            throw SocketError(path: path, reason: .taken(byProcess: Self.process(of: other)))
        } catch {
            guard error.reason == .nobody else { throw error }
        }
        _ = unsafe path.withPlatformString { unsafe unlink($0) }
        guard unsafe address.with({ unsafe Glibc.bind(descriptor.rawValue, $0, $1) }) == 0 else {
            throw SocketError(path: path, Errno.last)
        }
    }

    private static func process(of other: FileDescriptor) -> Int32? {
        do { return try Peer(of: other).process } catch { return nil }
    }

    /// Sets the permissions, then listens: nobody gets in between.
    private static func open(
        _ descriptor: FileDescriptor, _ path: FilePath, _ permissions: Permissions
    ) throws(SocketError) -> SocketFile {
        let isOpen = unsafe path.withPlatformString { name in
            // A service that runs with the group has it right already, and may not be allowed to change owners.
            if let group = permissions.group, status(of: path)?.group != group,
                unsafe lchown(name, uid_t.max, group) != 0
            {
                return false
            }
            return unsafe chmod(name, permissions.socket.rawValue) == 0 && listen(descriptor.rawValue, 64) == 0
        }
        guard isOpen else { throw SocketError(path: path, Errno.last) }
        do throws(Errno) {
            try descriptor.setNonBlockingAndCloseOnExec()
            return try SocketFile(path)
        } catch { throw SocketError(path: path, error) }
    }

    /// What is at a path; nil if nothing is, or nobody may know.
    private static func status(of path: FilePath) -> FileStatus? {
        do { return try FileStatus(of: path, following: false) } catch { return nil }
    }
}

/// A socket's file that was made here.
private struct SocketFile {
    private let path: FilePath
    private let (device, inode): (UInt64, UInt64)

    init(_ path: FilePath) throws(Errno) {
        self.path = path
        let status = try FileStatus(of: path, following: false)
        (device, inode) = (status.device, status.inode)
    }

    /// Removes the file, unless another has taken its place.
    func remove() {
        do {
            let there = try SocketFile(path)
            guard (there.device, there.inode) == (device, inode) else { return }
            _ = unsafe path.withPlatformString { unsafe unlink($0) }
        } catch {
            // Somebody has removed it already.
        }
    }
}
