import Glibc
import SystemPackage

// FilePath's own views of its components cost far more than a look at the bytes, which is all that a tree needs.

extension FilePath.Component {
    /// The bytes of the name, whatever they mean.
    package var bytes: [UInt8] {
        unsafe withPlatformString { start in
            unsafe UnsafeRawBufferPointer(start: start, count: strlen(start)).map { $0 }
        }
    }

    /// Takes the bytes of a name; nil if they are none.
    package init?(bytes: some Sequence<UInt8>) {
        guard let name = FilePath(bytes: Array(bytes)).lastComponent else { return nil }
        self = name
    }
}

extension FilePath {
    /// Takes the bytes of a path, up to the first zero.
    package init(bytes: [UInt8]) {
        self = unsafe (bytes + [0]).withUnsafeBytes { buffer in
            let start = unsafe buffer.assumingMemoryBound(to: CChar.self).baseAddress
            return unsafe start.map { unsafe FilePath(platformString: $0) } ?? FilePath()
        }
    }

    /// The bytes of the path.
    package var bytes: [UInt8] {
        unsafe withPlatformString { start in
            unsafe UnsafeRawBufferPointer(start: start, count: strlen(start)).map { $0 }
        }
    }

    /// The path as text on one line, for logs and messages.
    package var humanReadable: String { String(escaping: bytes, for: .line) }

    /// The bytes after the last slash.
    package var nameBytes: [UInt8] {
        let bytes = bytes
        return Array(bytes[(bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...])
    }

    /// The directory that an absolute path lies in; `/` lies in itself.
    package var parent: FilePath {
        let bytes = bytes
        let slash = bytes.lastIndex(of: UInt8(ascii: "/"))
        return FilePath(bytes: Array(bytes[..<(slash.map { max($0, 1) } ?? 0)]))
    }

    /// The path of a name in this directory.
    package func appending(bytes name: [UInt8]) -> FilePath {
        let start = bytes
        return FilePath(bytes: start.last == UInt8(ascii: "/") ? start + name : start + [UInt8(ascii: "/")] + name)
    }

    /// What follows a directory's path, without the slash between; nil if this does not lie in it and is not it.
    package func bytes(below directory: FilePath) -> ArraySlice<UInt8>? {
        guard lies(in: directory) else { return nil }
        let bytes = bytes
        let length = directory.length
        return bytes.count > length ? bytes[length...].drop { $0 == UInt8(ascii: "/") } : []
    }

    /// Whether this is a directory or lies in it, going by the names.
    package func lies(in directory: FilePath) -> Bool {
        unsafe withPlatformString { own in
            unsafe directory.withPlatformString { other in
                let length = unsafe strlen(other)
                guard unsafe strncmp(own, other, length) == 0 else { return false }
                // A directory's path ends in a slash only at the root.
                let isRoot = unsafe length > 0 && other[length - 1] == 0x2F
                return unsafe isRoot || own[length] == 0 || own[length] == 0x2F
            }
        }
    }

    /// The same path below another directory, if it lies below the first, or is it.
    package func rebased(from old: FilePath, to new: FilePath) -> FilePath? {
        bytes(below: old).map { $0.isEmpty ? new : new.appending(bytes: Array($0)) }
    }

    /// The names on the way from a directory to this path; nil if this does not lie in it.
    package func names(below directory: FilePath) -> [ArraySlice<UInt8>]? {
        bytes(below: directory)?.split(separator: UInt8(ascii: "/"))
    }

    /// The directories that the path lies in, nearest first, up to `/`.
    package var ancestors: [FilePath] {
        var ancestors: [FilePath] = []
        var path = self
        while path.removeLastComponent() { ancestors.append(path) }
        return ancestors
    }
}

extension [UInt8] {
    /// Whether the bytes come before others in the order of bytes, a beginning of others before these.
    package func precedes(_ other: [UInt8]) -> Bool {
        unsafe withUnsafeBytes { own in
            unsafe other.withUnsafeBytes { other in
                let common = Swift.min(own.count, other.count)
                guard let start = own.baseAddress, let otherStart = other.baseAddress else {
                    return own.count < other.count
                }
                let order = unsafe memcmp(start, otherStart, common)
                return order == 0 ? own.count < other.count : order < 0
            }
        }
    }
}
