import Glibc
import PageServer
import Platform
import SystemPackage

/// Bytes on their way to a page: one thread writes them, and the connection's own thread sends them on.
///
/// In between lies a socket of the kernel's, which holds some 200 kB.
final class PageChannel: Sendable {
    private let descriptor: FileDescriptor

    private init(owning descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { Glibc.close(descriptor.rawValue) }

    /// Makes a channel, and what the page is answered with; that ends when the channel goes out of scope.
    static func make() throws(Errno) -> (channel: PageChannel, served: ServedFile) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw Errno.last }
        return (
            PageChannel(owning: FileDescriptor(rawValue: ends[0])),
            ServedFile(owning: FileDescriptor(rawValue: ends[1]))
        )
    }

    /// Writes bytes, and waits until there is room for them.
    ///
    /// - Throws: `Errno.brokenPipe` if the page has gone.
    func send(_ bytes: [UInt8]) throws(Errno) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes {
                unsafe Glibc.send(descriptor.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0 {
                guard Errno.last == .interrupted else { throw Errno.last }
            } else {
                sent += count
            }
        }
    }

    /// Writes a few bytes if there is room for them.
    ///
    /// - Returns: Whether there was, and the page is still there.
    func offer(_ bytes: [UInt8]) -> Bool {
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        return unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(descriptor.rawValue, $0.baseAddress, $0.count, flags) == $0.count
        }
    }
}
