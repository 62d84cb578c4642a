import CSystemd
import Glibc
import Synchronization
import SystemPackage

/// What systemd has opened for this process, or has kept for it (`sd_listen_fds(3)`).
package enum PassedDescriptors {
    /// The listening Unix stream sockets that systemd has opened for this process under a name.
    ///
    /// They are marked close-on-exec. Each call names the same descriptors; the caller is their owner.
    ///
    /// - Parameter name: `FileDescriptorName=` of the socket unit.
    /// - Throws: `Errno` if systemd's variables are malformed.
    package static func listeners(named name: String) throws(Errno) -> [FileDescriptor] {
        var listeners: [FileDescriptor] = []
        for (given, descriptor) in try all.get() where given == name {
            guard sd_is_socket_unix(descriptor.rawValue, CInt(SOCK_STREAM.rawValue), 1, nil, 0) > 0 else { continue }
            listeners.append(descriptor)
        }
        return listeners
    }

    /// All of them, with the names that systemd has given them.
    ///
    /// Asked once: by the next time, they may have been closed, or be other files.
    fileprivate static let all: Result<[(name: String, descriptor: FileDescriptor)], Errno> = {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = unsafe sd_listen_fds_with_names(0, &names)
        guard count >= 0 else { return .failure(Errno(rawValue: -count)) }
        defer { unsafe free(strings: names, count: Int(count)) }
        return .success(
            (0..<Int(count)).map { index in
                let name = unsafe names?[index].map { unsafe String(cString: $0) } ?? ""
                return (name, FileDescriptor(rawValue: SD_LISTEN_FDS_START + CInt(index)))
            })
    }()

    private static func free(strings: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, count: Int) {
        for index in 0..<count { unsafe Glibc.free(strings?[index]) }
        unsafe Glibc.free(strings)
    }
}

/// The descriptors that systemd keeps from the end of the service to its next start (`FileDescriptorStoreMax=`).
package struct DescriptorStore: Sendable {
    package init() {}

    /// Whether a service manager is there to keep descriptors.
    package var isPresent: Bool { unsafe getenv("NOTIFY_SOCKET") != nil }

    /// Has systemd keep a copy of a descriptor for the next start.
    ///
    /// - Parameter name: Of ASCII letters, digits and punctuation without colons, 255 at most.
    package func store(_ descriptor: FileDescriptor, named name: String) {
        var descriptors = [descriptor.rawValue]
        // systemd is not to poll it: what is kept has no other end that could hang up.
        _ = unsafe sd_pid_notify_with_fds(0, 0, "FDSTORE=1\nFDPOLL=0\nFDNAME=\(name)", &descriptors, 1)
    }

    /// Has systemd drop what it keeps under a name.
    package func drop(named name: String) { _ = unsafe sd_notify(0, "FDSTOREREMOVE=1\nFDNAME=\(name)") }

    /// Waits until systemd has received all messages: it ignores those of a process that has ended.
    package func waitUntilHeard() { _ = sd_notify_barrier(0, 5_000_000) }

    /// What systemd has kept under names that begin with a text, by name. The caller is the owner: the same cannot be had
    /// twice.
    ///
    /// - Throws: `Errno` if systemd's variables are malformed.
    package func kept(prefix: String) throws(Errno) -> [String: FileDescriptor] {
        var kept: [String: FileDescriptor] = [:]
        for (name, descriptor) in try PassedDescriptors.all.get() where name.hasPrefix(prefix) {
            guard Self.taken.withLock({ $0.insert(descriptor.rawValue).inserted }) else { continue }
            kept[name] = descriptor
        }
        return kept
    }

    /// The numbers of those that were had: by now they may be other files.
    private static let taken = Mutex(Set<CInt>())
}
