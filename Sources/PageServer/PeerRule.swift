import CLinux
import Platform
import SystemPackage

/// Whose connections are answered. Unlike a Unix socket, a port of the machine's has no owner: every user may connect.
package struct PeerRule: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case admitted
        case refused
        /// Who it is cannot be found out: what else protects the server has to do.
        case unknown(Errno)
    }

    /// The user whose connections are answered, beside root's.
    package var user: UInt32

    package init(user: UInt32) { self.user = user }

    /// Judges by what the kernel says of the other end.
    func verdict(_ owner: Result<UInt32, Errno>) -> Verdict {
        switch owner {
        case .success(let owner): owner == user || owner == 0 ? .admitted : .refused
        // The other end has closed already.
        case .failure(.noSuchFileOrDirectory): .refused
        case .failure(let error): .unknown(error)
        }
    }

    /// Asks the kernel who has the other end of a connection.
    static func owner(port: UInt16, ours: UInt16) -> Result<UInt32, Errno> {
        var user: UInt32 = 0
        return unsafe clinux_tcp_owner(port, ours, &user) == 0 ? .success(user) : .failure(.last)
    }
}
