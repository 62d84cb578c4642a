import CLinux
import Platform
import SystemPackage

extension Peer {
    /// Asks the kernel who is at the other end of a connected Unix socket.
    ///
    /// These are the identities that the process had when it connected (or listened, for one that accepts).
    init(of socket: FileDescriptor) throws(Errno) {
        var peer = clinux_peer()
        guard unsafe clinux_peer_credentials(socket.rawValue, &peer) == 0 else { throw Errno.last }
        self.init(
            user: peer.user, groups: [peer.group] + Self.otherGroups(of: socket), process: peer.process,
            connection: socket)
    }

    /// The groups beside the main one (SO_PEERGROUPS, since Linux 4.13); none if the kernel does not tell.
    private static func otherGroups(of socket: FileDescriptor) -> [UInt32] {
        // A user can be in 65 536 groups, and is in a handful: the kernel says how much room it wants.
        let peerGroups: Int32 = 59
        var size: socklen_t = 0
        _ = unsafe getsockopt(socket.rawValue, SOL_SOCKET, peerGroups, nil, &size)
        var groups = [UInt32](repeating: 0, count: Int(size) / MemoryLayout<UInt32>.size)
        guard !groups.isEmpty, unsafe getsockopt(socket.rawValue, SOL_SOCKET, peerGroups, &groups, &size) == 0 else {
            return []
        }
        return Array(groups.prefix(Int(size) / MemoryLayout<UInt32>.size))
    }
}
