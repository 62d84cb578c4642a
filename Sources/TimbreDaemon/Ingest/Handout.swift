import CLinux
import Glibc
import SystemPackage
import TimbreExtraction
import TimbreStore

/// A file that is about to be handed to a worker, as the catalog knows it.
struct Handout: Sendable {
    var file: Int64
    var path: FilePath
    /// What it was when it was last read; nil if it never was.
    var lastRead: FileIdentity?
    var mustDecode: Bool
}

/// A file that has been opened for a worker.
struct OpenedFile: ~Copyable {
    let descriptor: FileDescriptor
    let identity: FileIdentity

    /// Opens an ordinary file.
    ///
    /// - Throws: `Errno` if it cannot be opened; `.noSuchFileOrDirectory` too if it is no ordinary file.
    init(_ path: FilePath, followsSymlinks: Bool) throws(Errno) {
        // Without O_NONBLOCK, opening a pipe that has taken the name would wait for a writer.
        var options: FileDescriptor.OpenOptions = [.closeOnExec, .nonBlocking]
        if !followsSymlinks { options.insert(.noFollow) }
        do { descriptor = try FileDescriptor.open(path, .readOnly, options: options) } catch {
            throw error as? Errno ?? .ioError
        }
        guard let identity = Self.identity(of: descriptor) else {
            _ = close(descriptor.rawValue)
            throw .noSuchFileOrDirectory
        }
        self.identity = identity
    }

    deinit { _ = close(descriptor.rawValue) }

    /// Whether the file has been written to since it was opened.
    var hasChanged: Bool { Self.identity(of: descriptor) != identity }

    private static func identity(of descriptor: FileDescriptor) -> FileIdentity? {
        var status = Glibc.stat()
        guard unsafe fstat(descriptor.rawValue, &status) == 0 else { return nil }
        return FileIdentity(status)
    }
}

extension FileIdentity {
    /// How long a worker may have a file of this size: generous, as a decoder that hangs is rare and a slow disk is not.
    var deadline: Duration { .seconds(min(3600, 30 + size / 1_000_000)) }
}
