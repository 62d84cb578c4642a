import Glibc
import Platform
import SystemPackage

/// The right to use a state directory, held by one process at a time.
///
/// This is a `flock(2)` on the file `lock` in the directory, which names the process that holds it. The kernel releases
/// it when the process ends, however it does. There is no `deinit` to release it earlier: the optimizer ends values
/// after their last use, which would let a second daemon in.
package struct StateLock: ~Copyable {
    private let descriptor: FileDescriptor

    /// Takes the lock; makes the directory if need be, for its owner alone.
    ///
    /// - Throws: ``StateLockError`` if another process holds the lock, or the directory cannot be used.
    package init(directory: FilePath) throws(StateLockError) {
        descriptor = try Self.lockedFile(in: directory)
    }

    private static func lockedFile(in directory: FilePath) throws(StateLockError) -> FileDescriptor {
        let file: FileDescriptor
        do {
            try directory.makeFolder()
            file = try Self.file(directory.appending("lock"))
        } catch {
            throw StateLockError(directory: directory, reason: .unusable("\(error)"))
        }
        do {
            try file.take()
            return file
        } catch {
            let reason: StateLockError.Reason =
                error == .wouldBlock ? .held(by: file.processNamed()) : .unusable("\(error)")
            _ = Glibc.close(file.rawValue)
            throw StateLockError(directory: directory, reason: reason)
        }
    }

    private static func file(_ path: FilePath) throws -> FileDescriptor {
        do {
            return try FileDescriptor.open(
                path, .readWrite, options: [.create, .closeOnExec, .noFollow], permissions: .ownerReadWrite)
        } catch Errno.readOnlyFileSystem {
            // An existing file can still be locked.
            do {
                return try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow])
            } catch Errno.noSuchFileOrDirectory {
                throw Errno.readOnlyFileSystem
            }
        }
    }

    /// Releases the directory.
    ///
    /// The file stays: if it were removed, two processes could each lock a file of that name.
    package consuming func release() { _ = Glibc.close(descriptor.rawValue) }
}

/// A state directory that this process cannot have, and why.
package struct StateLockError: Error, Hashable, CustomStringConvertible {
    /// What a caller can act on.
    package enum Reason: Hashable, Sendable {
        /// Another daemon uses the directory; its process, if the lock names it.
        case held(by: Int32?)
        /// The directory or its lock cannot be created or written.
        case unusable(String)
    }

    /// The state directory.
    package var directory: FilePath
    /// What went wrong.
    package var reason: Reason

    package var description: String {
        switch reason {
        case .held(let process?): "\(directory): in use by another timbred, process \(process)".escaped(for: .line)
        case .held(nil): "\(directory): in use by another timbred".escaped(for: .line)
        case .unusable(let detail): "\(directory): cannot be used: \(detail)".escaped(for: .line)
        }
    }
}

extension FilePath {
    /// Creates this folder and its parents for their owner alone; what exists stays as it is.
    fileprivate func makeFolder() throws(Errno) {
        guard unsafe withPlatformString({ unsafe mkdir($0, 0o700) }) != 0 else { return }
        let failure = Errno.last
        if failure == .fileExists { return }
        guard failure == .noSuchFileOrDirectory, !removingLastComponent().isEmpty, self != removingLastComponent()
        else { throw failure }
        try removingLastComponent().makeFolder()
        guard unsafe withPlatformString({ unsafe mkdir($0, 0o700) }) != 0 else { return }
        let again = Errno.last
        if again != .fileExists { throw again }
    }
}

extension FileDescriptor {
    /// Locks the file and writes this process's number into it, if the disk takes it: only the lock counts.
    fileprivate func take() throws(Errno) {
        while flock(rawValue, LOCK_EX | LOCK_NB) != 0 {
            let failure = Errno.last
            if failure != .interrupted { throw failure }
        }
        // On a full disk, only an existing number can be overwritten.
        let number = Array("\(getpid())\n".utf8)
        let count = unsafe number.withUnsafeBytes { unsafe Glibc.pwrite(rawValue, $0.baseAddress, $0.count, 0) }
        _ = ftruncate(rawValue, count > 0 ? Int(count) : 0)
    }

    /// The process that the file names.
    fileprivate func processNamed() -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.pread(rawValue, $0.baseAddress, $0.count, 0) }
        return Int32(String(decoding: bytes.prefix(max(count, 0)).prefix { $0 > UInt8(ascii: " ") }, as: UTF8.self))
    }
}
