import SystemPackage

extension FilePath {
    /// The name as the kernel knows it, without a NUL at the end.
    package var rawBytes: [UInt8] {
        unsafe withPlatformString { text in
            var bytes: [UInt8] = []
            var next = unsafe text
            while unsafe next.pointee != 0 {
                bytes.append(UInt8(bitPattern: unsafe next.pointee))
                unsafe next += 1
            }
            return bytes
        }
    }

    /// Makes a path of a name's bytes, up to the first NUL.
    package init(rawBytes: some Sequence<UInt8>) {
        let text = rawBytes.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
        self.init(platformString: text)
    }

    /// The last component's bytes; empty for a root.
    package var nameBytes: [UInt8] { lastComponent.map { FilePath(root: nil, [$0]).rawBytes } ?? [] }
}
