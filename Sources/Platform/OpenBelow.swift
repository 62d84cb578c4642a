import Glibc
import SystemPackage

extension FilePath {
    /// `O_PATH`, which Glibc's module lacks: a place in the file system, not to be read; the same on x86-64 and AArch64.
    private static let pathOnly: Int32 = 0o10_000_000

    /// Opens what lies below a folder, and passes no symbolic link on the way down.
    ///
    /// `O_NOFOLLOW` guards only the last name of a path: anyone who may write in the folder could replace a name further
    /// up by a link after it was looked at. So one name is opened after the other, which works on every kernel and under
    /// every filter of system calls; the result is that of `openat2(2)` with `RESOLVE_BENEATH` and
    /// `RESOLVE_NO_SYMLINKS`.
    ///
    /// - Parameters:
    ///   - folder: A folder that is trusted: symbolic links may lead to it. It can be opened itself, as it is.
    ///   - flags: Those of `open(2)`; the descriptor is not inherited.
    /// - Returns: A descriptor that is the caller's.
    /// - Throws: `Errno.tooManySymbolicLinkLevels` if there is a link on the way, `.noSuchFileOrDirectory` too if the path
    ///   does not lie in the folder.
    package func open(below folder: FilePath, _ flags: Int32) throws(Errno) -> FileDescriptor {
        guard let names = names(below: folder), !names.contains(where: { $0.elementsEqual("..".utf8) }) else {
            throw .noSuchFileOrDirectory
        }
        guard let last = names.last else { return try OwnedDescriptor.open(self, flags).released() }
        var directory = try OwnedDescriptor.open(folder, Self.pathOnly | O_DIRECTORY)
        for name in names.dropLast() {
            do throws(Errno) {
                directory = try OwnedDescriptor.open(name, in: directory, Self.pathOnly | O_DIRECTORY | O_NOFOLLOW)
            } catch {
                throw error == .notDirectory && directory.hasLink(name) ? .tooManySymbolicLinkLevels : error
            }
        }
        return try OwnedDescriptor.open(last, in: directory, flags | O_NOFOLLOW).released()
    }

    /// What is at a path below a folder, with no symbolic link on the way to it; it may be one itself. Nil if there is nothing.
    package func kind(below folder: FilePath) -> FileStatus.Kind? {
        do throws(Errno) {
            let place = OwnedDescriptor(owning: try open(below: folder, Self.pathOnly))
            return try FileStatus(of: place.descriptor).kind
        } catch { return nil }
    }
}

extension OwnedDescriptor {
    /// Opens a name in a directory (`openat(2)`).
    fileprivate static func open(
        _ name: ArraySlice<UInt8>, in directory: borrowing OwnedDescriptor, _ flags: Int32
    ) throws(Errno) -> OwnedDescriptor {
        let (path, number) = (FilePath(bytes: Array(name)), directory.descriptor.rawValue)
        let opened = try retryingOnInterrupt {
            unsafe path.withPlatformString { unsafe openat(number, $0, flags | O_CLOEXEC) }
        }
        return OwnedDescriptor(owning: FileDescriptor(rawValue: opened))
    }

    /// Whether a name in the directory is a symbolic link.
    fileprivate borrowing func hasLink(_ name: ArraySlice<UInt8>) -> Bool {
        let directory = descriptor
        do throws(Errno) {
            return try FileStatus(of: FilePath(bytes: Array(name)), in: directory, following: false).kind == .link
        } catch { return false }
    }
}
