import CLinux
import Glibc
import SystemPackage

/// Bytes in memory that have a descriptor, so that another process can be given them.
enum MemoryFile {
    /// - Throws: `Errno` if there is no memory or descriptor for it.
    static func make(_ bytes: [UInt8]) throws -> FileDescriptor {
        let opened = unsafe clinux_memory_file("timbred")
        guard opened >= 0 else { throw Errno(rawValue: errno) }
        let file = FileDescriptor(rawValue: opened)
        do {
            try file.writeAll(bytes)
        } catch {
            try file.close()
            throw error
        }
        return file
    }

    /// All bytes of a file, from its beginning.
    static func contents(of file: FileDescriptor) throws -> [UInt8] {
        let size = try file.seek(offset: 0, from: .end)
        var bytes = [UInt8](repeating: 0, count: Int(size))
        let count = try unsafe bytes.withUnsafeMutableBytes {
            try unsafe file.read(fromAbsoluteOffset: 0, into: $0)
        }
        return Array(bytes[..<count])
    }
}
