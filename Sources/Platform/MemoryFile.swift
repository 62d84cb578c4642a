import CLinux
import Glibc
import SystemPackage

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
