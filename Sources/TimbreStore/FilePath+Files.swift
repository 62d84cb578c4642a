import Glibc
import Platform
import SystemPackage

extension FilePath {
    /// The path with something more at the end of its last name.
    func adding(_ suffix: String) -> FilePath { FilePath(bytes: bytes + Array(suffix.utf8)) }

    /// The size of what is there, in bytes; nil if nothing is, or it cannot be looked at.
    var fileSize: Int64? {
        do { return Int64(try stat().size) } catch { return nil }
    }

    /// Gives a file another name, which nothing has yet. (C: `rename`.)
    func rename(to other: FilePath) throws(Errno) {
        if other.fileSize != nil { throw .fileExists }
        try replace(other)
    }

    /// Gives a file the name of another, which is no more then. (C: `rename`.)
    func replace(_ other: FilePath) throws(Errno) {
        let result = unsafe withPlatformString { from in
            unsafe other.withPlatformString { to in unsafe Glibc.rename(from, to) }
        }
        if result != 0 { throw Errno.last }
    }

    /// Removes a file, if there is one. (C: `unlink`.)
    func removeFile() throws(Errno) {
        guard unsafe withPlatformString({ unsafe unlink($0) }) != 0 else { return }
        let failure = Errno.last
        if failure != .noSuchFileOrDirectory { throw failure }
    }

    /// Has the names in this folder on disk before it returns.
    func syncFolder() throws {
        let folder = try FileDescriptor.open(self, .readOnly, options: [.directory, .closeOnExec])
        try folder.closeAfter {
            if fsync(folder.rawValue) != 0 { throw Errno.last }
        }
    }
}
