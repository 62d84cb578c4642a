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
    package func kept(prefix: String) -> [String: FileDescriptor] {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = unsafe sd_listen_fds_with_names(0, &names)
        guard count > 0 else { return [:] }
        defer { unsafe free(strings: names, count: Int(count)) }
        var kept: [String: FileDescriptor] = [:]
        for index in 0..<Int(count) {
            guard let text = unsafe names?[index] else { continue }
            let name = unsafe String(cString: text)
            guard name.hasPrefix(prefix) else { continue }
            kept[name] = FileDescriptor(rawValue: SD_LISTEN_FDS_START + CInt(index))
        }
        return kept
    }
}
