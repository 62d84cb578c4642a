import Glibc
import SystemPackage

/// A file without a name, which vanishes with the value.
package struct TemporaryFile: ~Copyable {
    package let descriptor: FileDescriptor

    package init(_ bytes: [UInt8]) throws {
        var name = Array("/tmp/timbre-test-XXXXXX".utf8CString)
        let opened = unsafe mkstemp(&name)
        guard opened >= 0 else { throw Errno(rawValue: errno) }
        unsafe unlink(name)
        let file = FileDescriptor(rawValue: opened)
        try file.closeAfterFailure { _ = try file.writeAll(toAbsoluteOffset: 0, bytes) }
        descriptor = file
    }

    deinit { _ = close(descriptor.rawValue) }
}

extension FileDescriptor {
    fileprivate func closeAfterFailure(_ body: () throws -> Void) throws {
        do { try body() } catch {
            _ = Glibc.close(rawValue)
            throw error
        }
    }
}
