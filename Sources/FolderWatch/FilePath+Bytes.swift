import Glibc
import SystemPackage

extension FilePath.Component {
    /// The bytes of the name, whatever they mean.
    var bytes: [UInt8] {
        unsafe withPlatformString { start in
            unsafe UnsafeBufferPointer(start: start, count: strlen(start)).map { UInt8(bitPattern: $0) }
        }
    }
}

extension FilePath {
    /// Takes the bytes of a path, up to the first zero.
    init(bytes: [UInt8]) {
        self = unsafe (bytes + [0]).map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { buffer in
            unsafe buffer.baseAddress.map { unsafe FilePath(platformString: $0) } ?? FilePath()
        }
    }

    /// The bytes of the path.
    var bytes: [UInt8] {
        unsafe withPlatformString { start in
            unsafe UnsafeBufferPointer(start: start, count: length).map { UInt8(bitPattern: $0) }
        }
    }

    /// The same path below another directory, if it lies below the first, or is it.
    func rebased(from old: FilePath, to new: FilePath) -> FilePath? {
        var rest = self
        return rest.removePrefix(old) ? new.pushing(rest) : nil
    }

    /// The directories that the path lies in, nearest first, up to `/`.
    var ancestors: [FilePath] {
        var ancestors: [FilePath] = []
        var path = self
        while path.removeLastComponent() { ancestors.append(path) }
        return ancestors
    }
}
