import SystemPackage

/// The process at the other end of a connection, as the kernel vouches for it.
package struct Peer: Hashable, Sendable {
    package var user: UInt32
    /// Its main group first, then all others.
    package var groups: [UInt32]
    package var process: Int32
    /// The connection, open for as long as a call is being answered; nil if there is none that could end.
    package var connection: FileDescriptor?

    package init(user: UInt32, groups: [UInt32], process: Int32, connection: FileDescriptor? = nil) {
        self.user = user
        self.groups = groups
        self.process = process
        self.connection = connection
    }
}

/// Who may do what.
package struct AccessPolicy: Hashable, Sendable {
    /// The service's own user, who may do everything, as may root.
    package var owner: UInt32
    /// A group whose members may look; nil if there is none.
    package var group: UInt32?

    package init(owner: UInt32, group: UInt32? = nil) {
        self.owner = owner
        self.group = group
    }

    /// Decides what a client may do.
    package func access(of peer: Peer) -> Access {
        if peer.user == owner || peer.user == 0 { return .change }
        if let group, peer.groups.contains(group) { return .read }
        return .nothing
    }
}
