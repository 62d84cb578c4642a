import CLinux
import Glibc
import Platform
import SystemPackage

/// One end of two connected sockets over which packets go, each with an open file beside it or without one
/// (`SOCK_SEQPACKET`).
package struct PacketSocket: Sendable {
    package let descriptor: FileDescriptor

    package init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    /// Makes both ends, which programs that are started do not inherit; the caller closes them.
    static func pair() throws(Errno) -> (PacketSocket, PacketSocket) {
        var ends: [Int32] = [-1, -1]
        guard unsafe socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw .last
        }
        return (PacketSocket(FileDescriptor(rawValue: ends[0])), PacketSocket(FileDescriptor(rawValue: ends[1])))
    }

    func close() { _ = Glibc.close(descriptor.rawValue) }

    /// Sends a packet, and waits while there is no room for it.
    ///
    /// - Parameter file: Sent along; the caller's descriptor stays the caller's.
    /// - Throws: `Errno.brokenPipe` or `.connectionReset` if the other end has gone.
    package func send(_ packet: [UInt8], with file: FileDescriptor? = nil) throws(Errno) {
        while true {
            let sent = unsafe packet.withUnsafeBytes { bytes in
                unsafe clinux_send_packet(
                    descriptor.rawValue, bytes.baseAddress, bytes.count, file?.rawValue ?? -1, 0)
            }
            if sent == packet.count { return }
            let error = Errno.last
            guard error == .interrupted else { throw error }
        }
    }

    /// Takes the next packet.
    ///
    /// - Parameters:
    ///   - count: Bytes in it at the most.
    ///   - isWaiting: Whether to wait for it.
    /// - Returns: The packet, empty at the end, and the file that came with it, which is the caller's to close.
    /// - Throws: `Errno.wouldBlock` if there is none yet, and `.connectionReset`, once, if the other end has gone and had
    ///   not read all that was sent.
    package func receive(
        upTo count: Int, isWaiting: Bool = true
    ) throws(Errno) -> (packet: [UInt8], file: FileDescriptor?) {
        let flags = isWaiting ? 0 : Int32(MSG_DONTWAIT)
        while true {
            var (length, file) = (0, Int32(-1))
            let packet = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, used in
                length = unsafe clinux_receive_packet(
                    descriptor.rawValue, room.baseAddress, room.count, &file, flags)
                used = max(length, 0)
            }
            if length >= 0 { return (packet, file >= 0 ? FileDescriptor(rawValue: file) : nil) }
            let error = Errno.last
            guard error == .interrupted else { throw error }
        }
    }
}
