import CommandOutput
import Glibc
import Platform
import SystemPackage
import TimbreWire

/// A file that is being written, and comes to its name when it is whole.
///
/// Until then it has no name, so that nothing of it is left wherever this ends; where the file system has no such files, it is
/// a hidden one beside. Where the name is that of a link, a pipe or a device, it gets the contents.
package struct NewFile: ~Copyable {
    package let descriptor: FileDescriptor
    private let path: FilePath
    /// The hidden file's name; nil if the file has none.
    private var hidden: FilePath?
    /// Whether the file lies where it belongs and lacks a name.
    private var isUnnamed = false
    private let replacesOthers: Bool

    /// Makes a file.
    ///
    /// - Parameters:
    ///   - path: Its name in the end; `-` is standard output.
    ///   - replacesOthers: Whether a file that has this name now may give way.
    ///   - isPrivate: Whether nobody else may read it, whatever the mask of the process says.
    ///   - hint: What somebody may do who names a folder.
    /// - Throws: ``Failure``, of code 64 if there is such a file and it may not, or if there is a folder.
    package init(
        _ path: FilePath, replacesOthers: Bool, isPrivate: Bool = false, ifFolder hint: String? = "name a file in it"
    ) throws(Failure) {
        self.path = path
        self.replacesOthers = replacesOthers
        let name = WirePath(path).shown
        let kind = Self.kind(of: path, following: true)
        if kind == .directory { throw Failure(.usage, what: name, why: "a folder", next: hint) }
        if kind == .file, !replacesOthers, path != "-" { throw Self.exists(path) }
        if path == "-" || kind == .other || Self.kind(of: path, following: false) == .link {
            descriptor = try OutsideSound.namelessFile(for: name)
            return
        }
        if let unnamed = Self.unnamedFile(in: path.folder, mode: isPrivate ? 0o600 : 0o666) {
            descriptor = unnamed
            isUnnamed = true
            return
        }
        // Made of bytes: the folder's name may be no text.
        var template = (path.folder.appending(".timbrectl-XXXXXX").bytes + [0]).map { CChar(bitPattern: $0) }
        let opened = unsafe mkstemp(&template)
        guard opened >= 0 else {
            let error = Errno.last
            guard error == .noSuchFileOrDirectory else { throw Failure(error, what: name) }
            throw Failure(.noSuchFile, what: name, why: "its folder is not there")
        }
        let mask = umask(0)
        umask(mask)
        _ = fcntl(opened, F_SETFD, FD_CLOEXEC)
        fchmod(opened, (isPrivate ? 0o600 : 0o666) & ~mask)
        descriptor = FileDescriptor(rawValue: opened)
        hidden = FilePath(bytes: template.dropLast().map { UInt8(bitPattern: $0) })
    }

    /// A file without a name (O_TMPFILE); nil where there can be none, or no file at all.
    private static func unnamedFile(in folder: FilePath, mode: mode_t) -> FileDescriptor? {
        // Of the system's constant, Swift sees only the parts.
        let flags = O_RDWR | O_CLOEXEC | 0o20_000_000 | O_DIRECTORY
        let opened = unsafe folder.withPlatformString { unsafe open($0, flags, mode) }
        return opened >= 0 ? FileDescriptor(rawValue: opened) : nil
    }

    private static func kind(of path: FilePath, following: Bool) -> FileStatus.Kind? {
        do throws(Errno) { return try FileStatus(of: path, following: following).kind } catch { return nil }
    }

    private static func exists(_ path: FilePath) -> Failure {
        Failure(.usage, what: WirePath(path).shown, why: "there is such a file", next: "--force replaces it")
    }

    /// Gives the file its name, or passes it on to what has the name.
    ///
    /// - Parameter onDisk: Whether it is on disk when this returns, and the name never stands for less than all of it.
    package consuming func finish(onDisk: Bool = false) throws(Failure) {
        do {
            if onDisk, fsync(descriptor.rawValue) != 0 { throw Errno.last }
            if isUnnamed { try giveName() }
            if let hidden {
                // Nobody else's file is replaced, not even one that was made meanwhile.
                if !replacesOthers { try claim() }
                try hidden.rename(to: path)
                self.hidden = nil
            } else if isUnnamed {
                // It has its name.
            } else if path == "-" {
                try copy(to: .standardOutput)
            } else {
                let target = try FileDescriptor.open(
                    path, .writeOnly, options: [.create, .truncate, .closeOnExec],
                    permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
                try target.closeAfter { try copy(to: target) }
            }
            if onDisk { try path.folder.syncFolder() }
        } catch Errno.brokenPipe { throw Output.endUnread() } catch { throw Failure(error, what: WirePath(path).shown) }
    }

    /// Names a file that has no name: at once if no other may have it, or as a hidden file that takes the place of another.
    private mutating func giveName() throws {
        guard replacesOthers else {
            do throws(Errno) { try link(to: path) } catch {
                if error == .fileExists { throw Self.exists(path) }
                throw error
            }
            return
        }
        let hidden = path.folder.appending(".timbrectl-\(UInt64.random(in: 0 ... .max))")
        try link(to: hidden)
        self.hidden = hidden
    }

    private func link(to name: FilePath) throws(Errno) {
        let result = unsafe name.withPlatformString {
            unsafe linkat(AT_FDCWD, "/proc/self/fd/\(descriptor.rawValue)", AT_FDCWD, $0, AT_SYMLINK_FOLLOW)
        }
        guard result == 0 else { throw .last }
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
    /// The folder that a name lies in, which may be the working directory.
    fileprivate var folder: FilePath {
        let folder = removingLastComponent()
        return folder.isEmpty ? "." : folder
    }

    fileprivate func rename(to other: FilePath) throws(Errno) {
        let result = unsafe withPlatformString { from in
            unsafe other.withPlatformString { unsafe Glibc.rename(from, $0) }
        }
        guard result == 0 else { throw .last }
    }
}
