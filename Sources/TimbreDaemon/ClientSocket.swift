import Glibc
import SystemPackage
import Systemd
import TimbreConfiguration
import TimbreWire

/// The socket that clients connect to, and what they may do.
enum ClientSocket {
    /// The socket that systemd has opened, or a new one.
    static func listener(_ paths: ServicePaths) throws -> WireListener {
        if let handed = try PassedDescriptors.listeners(named: "timbred").first {
            return try WireListener(adopting: handed)
        }
        let permissions: WireListener.Permissions = paths.scope == .system ? .system(group: group) : .user
        return try WireListener(path: paths.socket, permissions: permissions)
    }

    /// Who may do what: the service's own user may do everything; if it serves the machine, members of the group may
    /// look.
    static func policy(_ paths: ServicePaths) -> AccessPolicy {
        AccessPolicy(owner: geteuid(), group: paths.scope == .system ? group : nil)
    }

    private static var group: UInt32? {
        guard let group = unsafe getgrnam("timbred") else { return nil }
        return unsafe group.pointee.gr_gid
    }
}
