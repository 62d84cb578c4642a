import Glibc
import SystemPackage

@testable import Varlink

/// A client that says what it likes.
final class RawClient {
    let descriptor: FileDescriptor

    init(_ path: FilePath) throws {
        descriptor = try FileDescriptor.connected(to: path)
        // A test that waits in vain fails, instead of waiting for good.
        var longest = timeval(tv_sec: 20, tv_usec: 0)
        _ = unsafe setsockopt(
            descriptor.rawValue, SOL_SOCKET, SO_RCVTIMEO, &longest, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor.rawValue) }

    func send(_ text: String) throws { try descriptor.sendAll(Array(text.utf8)) }

    /// Whether the server has said something, or hung up.
    var isTurnedAway: Bool {
        var waits = [pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)]
        return unsafe poll(&waits, 1, 0) > 0
    }

    /// What comes until the server hangs up, or, if given, until so many NULs have come.
    func receive(messages: Int = .max) throws -> String {
        var bytes: [UInt8] = []
        while bytes.count(where: { $0 == 0 }) < messages, let piece = try next() { bytes += piece }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func next() throws -> [UInt8]? {
        do {
            let piece = try descriptor.receive(upTo: 1 << 20)
            return piece.isEmpty ? nil : piece
        } catch Errno.connectionReset { return nil }
    }
}
