import Platform
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// What goes wrong with a socket before anybody speaks.
package struct SocketError: Error, Hashable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        /// The path has more bytes than the kernel takes.
        case tooLong
        /// Nobody listens there.
        case nobody
        /// Another process listens there.
        case taken(byProcess: Int32?)
        /// There is something at the path that is not a socket.
        case notASocket
        case notPermitted
        case other(Errno)
    }

    package var path: FilePath
    package var reason: Reason

    package init(path: FilePath, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    init(path: FilePath, _ error: Errno) {
        self.path = path
        reason =
            switch error {
            case .noSuchFileOrDirectory, .connectionRefused, .notDirectory: .nobody
            case .permissionDenied, .notPermitted: .notPermitted
            default: .other(error)
            }
    }

    /// One line for people, without the path.
    package var explanation: String {
        switch reason {
        case .tooLong: "the path has \(path.length) bytes, and a socket's can have \(UnixAddress.longest)"
        case .nobody: "nobody listens there"
        case .taken(let process?): "taken by another daemon (process \(process))"
        case .taken(nil): "taken by another daemon"
        case .notASocket: "there is something else at this path"
        case .notPermitted: "not permitted"
        case .other(let error): "\(error)"
        }
    }

    package var description: String { "\(path): \(explanation)" }
}

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

    /// Sends all of the bytes, or fails; a peer that is gone is an error, not a signal: send(2).
    func sendAll(_ bytes: [UInt8]) throws(Errno) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { all in
                unsafe send(
                    rawValue, all.baseAddress.map { unsafe $0 + sent }, all.count - sent, CInt(MSG_NOSIGNAL))
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
}
