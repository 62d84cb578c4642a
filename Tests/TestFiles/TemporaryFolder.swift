import Foundation
import Platform
import SystemPackage

/// The folder that holds Package.swift.
package let repository = URL(filePath: #filePath).appending(path: "../../..").standardized

/// A folder of a test's own, removed with all that lies in it when the value goes.
package final class TemporaryFolder {
    package let path: FilePath

    package init() throws {
        var template = Array("/tmp/timbred-test.XXXXXX\0".utf8).map { CChar(bitPattern: $0) }
        guard unsafe mkdtemp(&template) != nil else { throw Errno.last }
        path = FilePath(platformString: template)
    }

    deinit { Disk.remove(path) }

    package func makeFolder(_ name: String) throws {
        guard unsafe path.appending(name).withPlatformString({ unsafe mkdir($0, 0o700) }) == 0 else {
            throw Errno.last
        }
    }

    package func write(_ text: String, to name: String) throws -> FilePath { try write(Array(text.utf8), to: name) }

    package func write(_ bytes: [UInt8], to name: String) throws -> FilePath {
        let file = path.appending(name)
        let descriptor = try FileDescriptor.open(
            file, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
        _ = try descriptor.closeAfter { try descriptor.writeAll(bytes) }
        return file
    }

    package func remove(_ name: String) throws {
        guard unsafe path.appending(name).withPlatformString({ unsafe unlink($0) }) == 0 else {
            throw Errno.last
        }
    }

    package func move(_ from: String, to: String) throws {
        try Disk.rename(path.pushing(FilePath(from)), path.pushing(FilePath(to)))
    }
}

/// The bytes of a file.
package func contents(of path: FilePath) throws -> [UInt8] {
    let file = try FileDescriptor.open(path, .readOnly)
    return try file.closeAfter {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = try unsafe bytes.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
        return Array(bytes[..<count])
    }
}
