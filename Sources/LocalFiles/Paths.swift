import CommandOutput
import Platform
import SystemPackage
import TimbreWire

#if canImport(Glibc)
    import Glibc
#endif

extension WirePath {
    /// The name as the daemon knows it: absolute, with no link on the way to it, though it may be one itself.
    ///
    /// - Throws: ``Failure`` of code 66 if there is no such file.
    package init(resolvingFile path: FilePath) throws(Failure) {
        if let place = Self.place(inArchiveOf: path) {
            try self.init(resolvingFile: place.archive)
            self.init(bytes + [0x2F] + place.member)
            return
        }
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

    /// The name of a folder, free of links, or of a file as the daemon knows it: that may be a link itself.
    ///
    /// - Throws: ``Failure`` of code 66 if there is nothing of this name.
    package init(resolvingFileOrFolder path: FilePath) throws(Failure) {
        let resolved = try WirePath(resolving: path)
        let found = Probe.answer(within: .patience) {
            Result { () throws(Errno) in try FileStatus(of: path, following: true).kind == .file }
        }
        guard case .success(true) = found else {
            self = resolved
            return
        }
        try self.init(resolvingFile: path)
    }

    /// The name of a file or folder that may be gone by now: resolved if it is there, else only made absolute.
    package init(naming path: FilePath) throws(Failure) {
        do { try self.init(resolvingFile: path) } catch {
            guard error.code == .noSuchFile else { throw error }
            let here = path.isAbsolute ? path : FilePath(bytes: try WirePath(resolving: ".").bytes).pushing(path)
            self.init(here.lexicallyNormalized())
        }
    }

    /// The name of a file or folder that is there, absolute and free of links: realpath(3).
    ///
    /// Where nothing answers it is only made absolute: the daemon may know it all the same.
    package init(resolving path: FilePath) throws(Failure) {
        if let place = Self.place(inArchiveOf: path) {
            try self.init(resolving: place.archive)
            self.init(bytes + [0x2F] + place.member)
            return
        }
        switch Probe.answer(within: .patience, { Result { () throws(Errno) in try path.resolvingLinks() } }) {
        case .success(let path): self.init(path)
        case .failure(.noSuchFileOrDirectory) where path == ".":
            throw Failure(
                .noSuchFile, what: "the working directory", why: "it is gone",
                next: "change to one that is there, or name absolute paths")
        case .failure(let error):
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

extension WirePath {
    /// The place of a path inside of an archive; nil if it is one on disk, or where nothing answers.
    private static func place(inArchiveOf path: FilePath) -> ArchivePlace? {
        let path = path.lexicallyNormalized()
        guard ArchivePlace.possible(path).contains(where: { !$0.member.isEmpty }) else { return nil }
        return Probe.answer(within: .patience) { ArchivePlace(on: path) } ?? nil
    }
}

extension [UInt8] {
    /// Reads a whole file; `-` is standard input.
    ///
    /// - Throws: ``Failure``, of code 66 if there is no such file.
    package init(readingAll path: FilePath) throws(Failure) {
        let name = WirePath(path).shown
        do throws(Errno) {
            self = path == "-" ? try FileDescriptor.standardInput.readToEnd() : try path.contents()
        } catch .noSuchFileOrDirectory {
            throw Failure(.noSuchFile, what: name, why: "no such file")
        } catch { throw Failure(error, what: name) }
    }
}

extension Duration {
    /// How long a look at a path may take: on a dead server's file system it can take for ever.
    package static let patience = Duration.seconds(2)
}
