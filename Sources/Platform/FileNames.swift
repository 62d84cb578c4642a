import Glibc
import SystemPackage

extension FilePath {
    /// The path with a suffix added to its last name.
    package func adding(_ suffix: String) -> FilePath { FilePath(bytes: bytes + Array(suffix.utf8)) }

    /// The size of what is there, in bytes; nil if nothing is, or it cannot be looked at.
    package var fileSize: Int64? {
        do throws(Errno) { return try FileStatus(of: self, following: true).size } catch { return nil }
    }

    /// Renames a file. (C: `rename`.)
    ///
    /// - Throws: `Errno.fileExists` if something has the name already.
    package func rename(to other: FilePath) throws(Errno) {
        if other.fileSize != nil { throw .fileExists }
        try replace(other)
    }

    /// Renames a file over another, which is replaced. (C: `rename`.)
    package func replace(_ other: FilePath) throws(Errno) {
        let result = unsafe withPlatformString { from in
            unsafe other.withPlatformString { to in unsafe Glibc.rename(from, to) }
        }
        if result != 0 { throw Errno.last }
    }

    /// Removes a file, if there is one. (C: `unlink`.)
    package func removeFile() throws(Errno) {
        guard unsafe withPlatformString({ unsafe unlink($0) }) != 0 else { return }
        let failure = Errno.last
        if failure != .noSuchFileOrDirectory { throw failure }
    }

    /// Returns when all changes of names in this folder are on disk. (C: `fsync`.)
    package func syncFolder() throws(Errno) {
        let folder = try OwnedDescriptor.open(self, O_RDONLY | O_DIRECTORY)
        if fsync(folder.descriptor.rawValue) != 0 { throw Errno.last }
    }
}
