import Glibc
import Platform
import SystemPackage
import TimbreWire

/// A file that is being written, and comes to its name when it is whole.
///
/// Until then it is a hidden file beside it, or, where the name is that of a link, a pipe or a device, one without a name.
struct NewFile: ~Copyable {
    let descriptor: FileDescriptor
    private let path: FilePath
    /// The hidden file's name; nil if the file has none.
    private var hidden: FilePath?
    private let replacesOthers: Bool

    /// Makes a file.
    ///
    /// - Parameters:
    ///   - path: Its name in the end; `-` is standard output.
    ///   - replacesOthers: Whether a file that has this name now may give way.
    /// - Throws: ``Failure``, of code 64 if there is such a file and it may not.
    init(_ path: FilePath, replacesOthers: Bool) throws(Failure) {
        self.path = path
        self.replacesOthers = replacesOthers
        let name = WirePath(path).shown
        let kind = Self.kind(of: path, following: true)
        if kind == .directory { throw Failure(.usage, what: name, why: "a folder", next: "-d takes one") }
        if kind == .file, !replacesOthers, path != "-" { throw Self.exists(path) }
        if path == "-" || kind == .other || Self.kind(of: path, following: false) == .link {
            descriptor = try OutsideSound.namelessFile(for: name)
            return
        }
        // Made of bytes: the folder's name may be no text.
        var template = (path.removingLastComponent().pushing(".timbrectl-XXXXXX").bytes + [0]).map {
            CChar(bitPattern: $0)
        }
        let opened = unsafe mkstemp(&template)
        guard opened >= 0 else {
            let error = Errno.last
            guard error == .noSuchFileOrDirectory else { throw Failure(error, what: name) }
            throw Failure(.noSuchFile, what: name, why: "its folder is not there")
        }
        let mask = umask(0)
        umask(mask)
        _ = fcntl(opened, F_SETFD, FD_CLOEXEC)
        fchmod(opened, 0o666 & ~mask)
        descriptor = FileDescriptor(rawValue: opened)
        hidden = FilePath(bytes: template.dropLast().map { UInt8(bitPattern: $0) })
    }

    private static func kind(of path: FilePath, following: Bool) -> FileStatus.Kind? {
        do throws(Errno) { return try FileStatus(of: path, following: following).kind } catch { return nil }
    }

    private static func exists(_ path: FilePath) -> Failure {
        Failure(.usage, what: WirePath(path).shown, why: "there is such a file", next: "--force replaces it")
    }

    /// Gives the file its name, or passes it on to what has the name.
    consuming func finish() throws(Failure) {
        do {
            if let hidden {
                // Nobody else's file is replaced, not even one that was made meanwhile.
                if !replacesOthers { try claim() }
                try hidden.rename(to: path)
                self.hidden = nil
            } else if path == "-" {
                try copy(to: .standardOutput)
            } else {
                let target = try FileDescriptor.open(
                    path, .writeOnly, options: [.create, .truncate, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
                try target.closeAfter { try copy(to: target) }
            }
        } catch { throw Failure(error, what: WirePath(path).shown) }
    }

    private func claim() throws {
        do {
            try FileDescriptor.open(
                path, .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite
            ).close()
        } catch Errno.fileExists { throw Self.exists(path) }
    }

    private func copy(to target: FileDescriptor) throws {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var place: Int64 = 0
        while true {
            let count = try unsafe piece.withUnsafeMutableBytes {
                try unsafe descriptor.read(fromAbsoluteOffset: place, into: $0)
            }
            guard count > 0 else { return }
            try target.writeAll(piece.prefix(count))
            place += Int64(count)
        }
    }

    deinit {
        close(descriptor.rawValue)
        if let hidden { _ = unsafe hidden.withPlatformString { unsafe unlink($0) } }
    }
}

extension FilePath {
    fileprivate func rename(to other: FilePath) throws(Errno) {
        let result = unsafe withPlatformString { from in
            unsafe other.withPlatformString { unsafe Glibc.rename(from, $0) }
        }
        guard result == 0 else { throw .last }
    }
}
