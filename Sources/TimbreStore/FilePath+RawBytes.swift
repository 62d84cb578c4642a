import Glibc
import SystemPackage

extension FilePath {
    /// The name as the kernel knows it, without a NUL at the end.
    package var rawBytes: [UInt8] {
        unsafe withPlatformString { text in
            unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
        }
    }

    /// Makes a path of a name's bytes, up to the first NUL.
    package init(rawBytes: [UInt8]) {
        self = unsafe (rawBytes + [0]).withUnsafeBytes { bytes in
            let text = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress
            return unsafe text.map { unsafe FilePath(platformString: $0) } ?? FilePath()
        }
    }

    /// The last component's bytes; empty for a root.
    package var nameBytes: [UInt8] {
        let bytes = rawBytes
        return Array(bytes[(bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)...])
    }
}
