import Glibc
import SystemPackage

extension FilePath {
    /// The path without symbolic links, as the kernel resolves it; the path itself where there is nothing yet.
    package var resolved: FilePath { realPath ?? lexicallyNormalized() }

    /// The path without symbolic links, as the kernel resolves it; nil where there is nothing.
    package var realPath: FilePath? {
        guard let real = unsafe withPlatformString({ unsafe realpath($0, nil) }) else { return nil }
        defer { unsafe free(real) }
        return unsafe FilePath(platformString: real)
    }
}
