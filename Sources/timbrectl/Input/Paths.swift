import SystemPackage
import TimbreWire

#if canImport(Glibc)
    import Glibc
#endif

extension WirePath {
    init(_ path: FilePath) {
        self.init(
            unsafe path.withPlatformString { text in
                unsafe UnsafeBufferPointer(start: text, count: path.length).map(UInt8.init(bitPattern:))
            })
    }

    /// The name as the daemon knows it: absolute, with no link on the way to it, though it may be one itself.
    ///
    /// - Throws: ``Failure`` of code 66 if there is no such file.
    init(resolvingFile path: FilePath) throws(Failure) {
        guard let name = path.lexicallyNormalized().lastComponent, name.kind == .regular,
            path.lastComponent?.kind == .regular
        else {
            try self.init(resolving: path)
            return
        }
        let parent = path.removingLastComponent()
        let folder = try WirePath(resolving: parent.isEmpty ? "." : parent)
        let slash: [UInt8] = folder.bytes == [0x2F] ? [] : [0x2F]
        self.init(folder.bytes + slash + WirePath(FilePath(root: nil, [name])).bytes)
    }

    /// The name of a file or folder that may be gone by now: resolved if it is there, else only made absolute.
    init(naming path: FilePath) throws(Failure) {
        do { try self.init(resolvingFile: path) } catch {
            guard error.code == .noSuchFile else { throw error }
            let here = path.isAbsolute ? path : FilePath(exactly: try WirePath(resolving: ".")).pushing(path)
            self.init(here.lexicallyNormalized())
        }
    }

    /// The name of a file or folder that is there, absolute and free of links: realpath(3).
    ///
    /// Where nothing answers it is only made absolute: the daemon may know it all the same.
    init(resolving path: FilePath) throws(Failure) {
        switch InTime.look({ Resolution(of: path) }) {
        case .found(let bytes): self.init(bytes)
        case .failed(.noSuchFileOrDirectory) where path == ".":
            throw Failure(
                .noSuchFile, what: "the working directory", why: "it is gone",
                next: "change to one that is there, or name absolute paths")
        case .failed(let error):
            throw Failure(
                error == .permissionDenied ? .notPermitted : .noSuchFile, what: WirePath(path).shown, why: "\(error)")
        case nil:
            let here = unsafe getcwd(nil, 0)
            defer { unsafe free(here) }
            let base = unsafe here.map { unsafe FilePath(platformString: $0) } ?? "/"
            self.init(base.pushing(path).lexicallyNormalized())
        }
    }
}

/// What realpath(3) says of a path.
private enum Resolution: Sendable {
    case found([UInt8])
    case failed(Errno)

    init(of path: FilePath) {
        let resolved: [UInt8]? = unsafe path.withPlatformString { text in
            guard let real = unsafe realpath(text, nil) else { return nil }
            defer { unsafe free(real) }
            return unsafe UnsafeBufferPointer(start: real, count: strlen(real)).map(UInt8.init(bitPattern:))
        }
        self = resolved.map { .found($0) } ?? .failed(Errno(rawValue: errno))
    }
}
