import CSystemd
import Glibc
import SystemPackage

/// The descriptors that systemd keeps from the end of the service to its next start (`FileDescriptorStoreMax=`).
extension ServiceManager {
    /// Whether there is anybody to keep something.
    package var isPresent: Bool { unsafe getenv("NOTIFY_SOCKET") != nil }

    /// Gives a descriptor away for the next start; ours stays open.
    ///
    /// - Parameter name: Of ASCII letters, digits and punctuation without colons, 255 at most.
    package func store(_ descriptor: FileDescriptor, named name: String) {
        var descriptors = [descriptor.rawValue]
        // Nobody has to write into what is kept, or to hang up on it.
        _ = unsafe sd_pid_notify_with_fds(0, 0, "FDSTORE=1\nFDPOLL=0\nFDNAME=\(name)", &descriptors, 1)
    }

    /// Has systemd drop what it keeps under a name.
    package func drop(named name: String) { _ = unsafe sd_notify(0, "FDSTOREREMOVE=1\nFDNAME=\(name)") }

    /// Waits until systemd has taken in all that it was told: of a process that has ended it takes nothing.
    package func waitUntilHeard() { _ = sd_notify_barrier(0, 5_000_000) }

    /// What systemd has kept under names that begin with a text, by name. The caller is the owner.
    ///
    /// - Throws: `Errno` if systemd's variables are malformed.
    package func kept(prefix: String) throws(Errno) -> [String: FileDescriptor] {
        var kept: [String: FileDescriptor] = [:]
        for (name, descriptor) in try Self.given.get() where name.hasPrefix(prefix) { kept[name] = descriptor }
        return kept
    }
}
