import CLinux
import Glibc
import SystemPackage
import Testing

/// What becomes of open files that come with a packet.
struct ReceivedDescriptorTests {
    /// A worker that sends open files with its answers would else fill the daemon's table of them.
    @Test func ofSeveralDescriptorsAllButTheFirstAreClosed() throws {
        var sockets: [Int32] = [-1, -1]
        try #require(unsafe socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &sockets) == 0)
        let (first, second) = (try FileDescriptor.pipe(), try FileDescriptor.pipe())
        try send([first.writeEnd.rawValue, second.writeEnd.rawValue], to: sockets[0])
        try first.writeEnd.close()
        try second.writeEnd.close()

        var (byte, received): (UInt8, Int32) = (0, -1)
        #expect(unsafe clinux_receive_packet(sockets[1], &byte, 1, &received, 0) == 1)
        #expect(!isClosed(first.readEnd))
        #expect(isClosed(second.readEnd))
        try FileDescriptor(rawValue: received).close()
        #expect(isClosed(first.readEnd))
        for descriptor in sockets + [first.readEnd.rawValue, second.readEnd.rawValue] { close(descriptor) }
    }

    /// Whether nobody has the other end of a pipe.
    private func isClosed(_ pipe: FileDescriptor) -> Bool {
        var waits = [pollfd(fd: pipe.rawValue, events: 0, revents: 0)]
        return unsafe poll(&waits, 1, 0) == 1 && waits[0].revents & Int16(POLLHUP) != 0
    }

    /// Sends a packet of one byte with some descriptors (`sendmsg(2)`, `SCM_RIGHTS`).
    private func send(_ descriptors: [Int32], to socket: Int32) throws {
        var header = cmsghdr()
        header.cmsg_level = SOL_SOCKET
        header.cmsg_type = Int32(SCM_RIGHTS)
        header.cmsg_len = MemoryLayout<cmsghdr>.size + descriptors.count * MemoryLayout<Int32>.size
        var control = unsafe withUnsafeBytes(of: header) { unsafe Array($0) }
        control += unsafe descriptors.withUnsafeBytes { unsafe Array($0) }
        var byte: UInt8 = 1
        let sent = unsafe withUnsafeMutableBytes(of: &byte) { bytes in
            var part = unsafe iovec(iov_base: bytes.baseAddress, iov_len: 1)
            return unsafe withUnsafeMutablePointer(to: &part) { part in
                unsafe control.withUnsafeMutableBytes { control in
                    var message = unsafe msghdr()
                    unsafe (message.msg_iov, message.msg_iovlen) = unsafe (part, 1)
                    unsafe (message.msg_control, message.msg_controllen) = (control.baseAddress, control.count)
                    return unsafe sendmsg(socket, &message, 0)
                }
            }
        }
        guard sent == 1 else { throw Errno(rawValue: errno) }
    }
}
