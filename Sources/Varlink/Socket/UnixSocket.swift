import CLinux
import Platform
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// The address of a Unix socket: a path that is short enough.
@safe struct UnixAddress {
    /// The most bytes that a path can have: one less than `sun_path`, which ends with a NUL.
    static let longest = 107

    private var address = sockaddr_un()

    init(_ path: FilePath) throws(SocketError) {
        guard path.length <= Self.longest else { throw SocketError(path: path, reason: .tooLong) }
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            unsafe path.withPlatformString { text in
                unsafe room.copyMemory(from: UnsafeRawBufferPointer(start: text, count: path.length))
            }
        }
    }

    /// Hands the address to a system call such as bind(2).
    ///
    /// - Returns: The call's own result.
    func with(_ call: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
        unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe call($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

extension FileDescriptor {
    /// Makes a Unix stream socket, which programs that are started do not inherit: socket(2).
    static func unixSocket() throws(Errno) -> FileDescriptor {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Errno.last }
        return FileDescriptor(rawValue: descriptor)
    }

    /// Connects to the socket at a path.
    static func connected(to path: FilePath) throws(SocketError) -> FileDescriptor {
        let address = try UnixAddress(path)
        do throws(Errno) {
            let descriptor = try unixSocket()
            while unsafe address.with({ unsafe connect(descriptor.rawValue, $0, $1) }) != 0 {
                let error = Errno.last
                guard error == .interrupted else {
                    Glibc.close(descriptor.rawValue)
                    throw error
                }
            }
            return descriptor
        } catch { throw SocketError(path: path, error) }
    }

    /// Sends all of the bytes, or fails; a peer that is gone is an error, not a signal: sendmsg(2).
    ///
    /// - Parameter passed: A descriptor that the peer gets as well, with the first byte: SCM_RIGHTS in unix(7).
    func sendAll(_ bytes: [UInt8], passing passed: FileDescriptor? = nil) throws(Errno) {
        var sent = 0
        while sent < bytes.count {
            let beside = sent == 0 ? passed?.rawValue ?? -1 : -1
            let count = unsafe bytes.withUnsafeBytes { all in
                unsafe clinux_send_packet(
                    rawValue, all.baseAddress.map { unsafe $0 + sent }, all.count - sent, beside, 0)
            }
            if count >= 0 { sent += count } else if Errno.last != .interrupted { throw Errno.last }
        }
    }

    /// Waits for bytes and takes what there is; none at the end of the stream: recv(2).
    func receive(upTo count: Int) throws(Errno) -> [UInt8] {
        while true {
            var received = 0
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
                received = unsafe recv(rawValue, room.baseAddress, count, 0)
                filled = max(0, received)
            }
            if received >= 0 { return bytes }
            guard Errno.last == .interrupted else { throw Errno.last }
        }
    }

    /// Waits for bytes, and takes what there is with the descriptor that came beside it: recvmsg(2).
    ///
    /// - Parameter passed: Receives the descriptor, if there is one; of several only the first comes through.
    func receive(upTo count: Int, passed: inout OwnedDescriptor?) throws(Errno) -> [UInt8] {
        while true {
            var received = 0
            var beside: CInt = -1
            let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
                received = unsafe clinux_receive_packet(rawValue, room.baseAddress, count, &beside, 0)
                filled = Swift.max(0, received)
            }
            if beside >= 0 { passed = OwnedDescriptor(owning: FileDescriptor(rawValue: beside)) }
            if received >= 0 { return bytes }
            guard Errno.last == .interrupted else { throw Errno.last }
        }
    }
}
