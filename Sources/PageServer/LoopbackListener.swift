import Glibc
import Platform
import SystemPackage

/// A TCP socket that only programs of this machine can reach: it listens on 127.0.0.1.
package struct LoopbackListener: ~Copyable {
    private let socket: OwnedDescriptor
    package let port: UInt16

    /// Listens.
    ///
    /// - Parameter port: 0 for any that is free.
    /// - Throws: `Errno.addressInUse` if another listens there.
    package init(port: UInt16 = 0) throws(Errno) {
        let opened = Glibc.socket(
            AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard opened >= 0 else { throw Errno.last }
        // What a server before us has sent last may be under way still.
        var yes: Int32 = 1
        _ = unsafe setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        address.sin_port = port.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(opened, $0, size) == 0 && listen(opened, 64) == 0 && getsockname(opened, $0, &size) == 0
            }
        }
        guard isBound else {
            let failure = Errno.last
            Glibc.close(opened)
            throw failure
        }
        socket = OwnedDescriptor(owning: FileDescriptor(rawValue: opened))
        self.port = UInt16(bigEndian: address.sin_port)
    }

    /// Gives the socket to the caller, who closes it.
    consuming func released() -> FileDescriptor { socket.released() }
}
