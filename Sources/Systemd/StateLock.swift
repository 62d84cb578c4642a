import Glibc
import Platform
import SystemPackage

/// The right to use a state directory, held by one process at a time.
///
/// The lock is the kernel's (`flock(2)`) on the file `lock` in the directory, which names the process that holds it. It
/// goes with the process, however that ends. There is no `deinit` to end it sooner: a value that the optimizer sees no
/// more use of would let a second daemon in.
package struct StateLock: ~Copyable {
    private let descriptor: FileDescriptor

    /// Makes the directory if need be, for its owner alone, and takes the lock.
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
            // A file that is there can be locked all the same.
            do {
                return try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow])
            } catch Errno.noSuchFileOrDirectory {
                throw Errno.readOnlyFileSystem
            }
        }
    }

    /// Gives the directory up to others.
    ///
    /// The file is left: were it removed, two processes could each lock a file of that name.
    package consuming func release() { _ = Glibc.close(descriptor.rawValue) }
}

/// A state directory that this process cannot have, and why.
package struct StateLockError: Error, Hashable, CustomStringConvertible {
    /// What a caller can act on.
    package enum Reason: Hashable, Sendable {
        /// Another daemon uses the directory; its process, if the lock names it.
        case held(by: Int32?)
        /// The directory or its lock cannot be made or written.
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
    /// Makes this folder, and those it lies in, for their owner alone; one that exists stays as it is.
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
    /// Locks the file and writes this process's number into it, as far as the disk takes it: the lock is what counts.
    fileprivate func take() throws(Errno) {
        while flock(rawValue, LOCK_EX | LOCK_NB) != 0 {
            let failure = Errno.last
            if failure != .interrupted { throw failure }
        }
        // On a full disk there is room only where there was a number before.
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
