import CLinux
import Glibc
import SystemPackage

extension FileDescriptor {
    /// Reads what one `read(2)` gives: nothing at the end.
    package func readSome(upTo count: Int) throws(Errno) -> [UInt8] {
        let number = rawValue
        var failure: Errno?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
            do throws(Errno) {
                filled = try retryingOnInterrupt { unsafe Glibc.read(number, room.baseAddress, count) }
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Reads from where the descriptor stands to the end.
    ///
    /// - Parameter limit: The most bytes that there may be.
    /// - Throws: `Errno`, which is `.fileTooLarge` if there are more.
    package func readToEnd(limit: Int = .max) throws(Errno) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let piece = try readSome(upTo: 1 << 16)
            if piece.isEmpty { return bytes }
            bytes += piece
            guard bytes.count <= limit else { throw .fileTooLarge }
        }
    }
}

extension FilePath {
    /// Reads a file whole.
    ///
    /// - Parameter limit: The most bytes that it may have.
    /// - Throws: `Errno`, which is `.fileTooLarge` if it has more.
    package func contents(limit: Int = .max) throws(Errno) -> [UInt8] {
        let file = try OwnedDescriptor.open(self, O_RDONLY)
        return try file.descriptor.readToEnd(limit: limit)
    }

    /// Reads the first word of a file that has little more than that, as most have that the kernel shows in `/proc` and
    /// `/sys`: up to the first space or control character, 64 bytes at most.
    package func firstWord() throws(Errno) -> String {
        let file = try OwnedDescriptor.open(self, O_RDONLY)
        return String(decoding: try file.descriptor.readSome(upTo: 64).prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self)
    }
}

/// Bytes in memory that have a descriptor, so that another process can be given them (`memfd_create(2)`).
package enum MemoryFile {
    /// - Parameter name: What `/proc` shows; several files may have the same.
    /// - Returns: A descriptor that is the caller's.
    /// - Throws: `Errno` if there is no memory or descriptor for it.
    package static func make(_ bytes: [UInt8], named name: String) throws -> FileDescriptor {
        let opened = unsafe clinux_memory_file(name)
        guard opened >= 0 else { throw Errno.last }
        let file = OwnedDescriptor(owning: FileDescriptor(rawValue: opened))
        _ = try file.descriptor.writeAll(bytes)
        return file.released()
    }

    /// All bytes of a file, wherever its descriptor stands.
    package static func contents(of file: FileDescriptor) throws -> [UInt8] {
        let size = try file.seek(offset: 0, from: .end)
        return try unsafe [UInt8](unsafeUninitializedCapacity: Int(size)) { room, filled in
            filled = try unsafe file.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(room))
        }
    }
}
