import Glibc
import Platform
import SystemPackage

/// A client that sends what bytes it likes.
struct RawClient: ~Copyable {
    private let socket: OwnedDescriptor
    /// Its own.
    let port: UInt16

    init(port: UInt16) throws(Errno) {
        let opened = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard opened >= 0 else { throw Errno.last }
        let owned = OwnedDescriptor(owning: FileDescriptor(rawValue: opened))
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        _ = unsafe setsockopt(opened, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        address.sin_port = port.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isConnected = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(opened, $0, size) == 0 && getsockname(opened, $0, &size) == 0
            }
        }
        guard isConnected else { throw Errno.last }
        self.port = UInt16(bigEndian: address.sin_port)
        socket = owned
    }

    /// Sends; whether the server takes it is for the test to see.
    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(socket.descriptor.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }

    /// All that comes until the server hangs up; 20 s at the most between two pieces.
    func readToEnd() throws(Errno) -> String {
        do throws(Errno) {
            return String(decoding: try socket.descriptor.readToEnd(), as: UTF8.self)
        } catch .connectionReset {
            return ""
        }
    }

    /// What comes, until it ends in something.
    func read(until end: String) throws(Errno) -> String {
        var text = ""
        while !text.hasSuffix(end) {
            let piece = try socket.descriptor.readSome(upTo: 4096)
            guard !piece.isEmpty else { break }
            text += String(decoding: piece, as: UTF8.self)
        }
        return text
    }
}
