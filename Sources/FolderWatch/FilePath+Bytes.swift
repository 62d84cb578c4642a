import SystemPackage

extension FilePath.Component {
    /// The bytes of the name, whatever they mean.
    var bytes: [UInt8] {
        unsafe withPlatformString { start in
            var bytes: [UInt8] = []
            var next = unsafe start
            while unsafe next.pointee != 0 {
                unsafe bytes.append(UInt8(bitPattern: next.pointee))
                unsafe next += 1
            }
            return bytes
        }
    }
}

extension FilePath {
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
