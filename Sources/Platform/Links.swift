import Glibc
import SystemPackage

extension FilePath {
    /// The path without symbolic links, as the kernel resolves it (`realpath(3)`).
    ///
    /// - Throws: `Errno` if nothing is there, or the way there cannot be searched.
    package func resolvingLinks() throws(Errno) -> FilePath {
        guard let real = unsafe withPlatformString({ unsafe realpath($0, nil) }) else { throw Errno.last }
        defer { unsafe free(real) }
        return unsafe FilePath(platformString: real)
    }

    /// The path without symbolic links, as the kernel resolves it; nil where there is nothing.
    package var realPath: FilePath? {
        do throws(Errno) { return try resolvingLinks() } catch { return nil }
    }

    /// The path without symbolic links, as the kernel resolves it; the path itself where there is nothing yet.
    package var resolved: FilePath { realPath ?? lexicallyNormalized() }

    /// What a symbolic link leads to, which need not exist (`readlink(2)`).
    package func linkTarget() throws(Errno) -> FilePath {
        var length = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(PATH_MAX)) { room, filled in
            length = unsafe withPlatformString { name in
                let start = unsafe UnsafeMutableRawPointer(room.baseAddress)?.assumingMemoryBound(to: CChar.self)
                return unsafe start.map { unsafe readlink(name, $0, Int(PATH_MAX)) } ?? -1
            }
            filled = max(length, 0)
        }
        guard length >= 0 else { throw Errno.last }
        return FilePath(bytes: bytes)
    }

    /// Whether a directory is there now, or a symbolic link to one, be it that it may not be read.
    package var isDirectory: Bool {
        do throws(Errno) {
            _ = try OwnedDescriptor.open(self, O_RDONLY | O_DIRECTORY | O_NONBLOCK)
            return true
        } catch { return error == .permissionDenied }
    }
}
