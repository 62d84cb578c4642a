import Glibc
import Platform
import SystemPackage

/// What tests do to files: plain system calls, names as bytes.
package enum Disk {
    package static func temporaryPlace() throws -> FilePath {
        var template = Array("/tmp/folderwatch-XXXXXX".utf8CString)
        return try unsafe template.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress, let made = unsafe mkdtemp(start) else { throw Errno.last }
            return unsafe FilePath(platformString: made)
        }
    }

    package static func makeDirectory(_ path: FilePath) throws {
        let bytes = path.bytes
        for end in bytes.indices.dropFirst().filter({ bytes[$0] == 0x2F }) + [bytes.count] {
            let made = unsafe (bytes[..<end] + [0]).withUnsafeBytes { buffer in
                guard let start = unsafe buffer.assumingMemoryBound(to: CChar.self).baseAddress else {
                    return Int32(-1)
                }
                return unsafe mkdir(start, 0o755)
            }
            guard made == 0 || errno == EEXIST else { throw Errno.last }
        }
    }

    /// Writes a file, and if `aged`, makes it an hour old.
    package static func write(_ path: FilePath, _ text: String = "RIFF", aged: Bool = false) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(Array(text.utf8)) }
        if aged { try setTime(path, secondsFromNow: -3600) }
    }

    package static func setTime(_ path: FilePath, secondsFromNow seconds: Int) throws {
        let time = timespec(tv_sec: time(nil) + seconds, tv_nsec: 0)
        try check(unsafe path.withPlatformString { unsafe utimensat(AT_FDCWD, $0, [time, time], 0) })
    }

    package static func rename(_ old: FilePath, _ new: FilePath) throws {
        try check(
            unsafe old.withPlatformString { a in
                unsafe new.withPlatformString { b in unsafe Glibc.rename(a, b) }
            })
    }

    /// Lets two names change places, by `renameat2`, which the headers show to C alone.
    package static func exchange(_ one: FilePath, _ other: FilePath) throws {
        typealias Call = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
        guard let symbol = unsafe dlsym(nil, "renameat2") else { throw Errno.noFunction }
        let call = unsafe unsafeBitCast(symbol, to: Call.self)
        let exchange: UInt32 = 2
        try check(
            unsafe one.withPlatformString { a in
                unsafe other.withPlatformString { b in unsafe call(AT_FDCWD, a, AT_FDCWD, b, exchange) }
            })
    }

    package static func link(_ old: FilePath, _ new: FilePath) throws {
        try check(
            unsafe old.withPlatformString { a in
                unsafe new.withPlatformString { b in unsafe Glibc.link(a, b) }
            })
    }

    /// Makes a file that gets its name when it is written (`O_TMPFILE`), and gives it back, still open for writing.
    package static func writeUnnamed(_ path: FilePath, _ text: String = "RIFF") throws -> FileDescriptor {
        // Of the system's constant, Swift sees only the parts.
        let flags = O_WRONLY | O_CLOEXEC | O_DIRECTORY | 0o20_000_000
        let opened = unsafe path.removingLastComponent().withPlatformString { unsafe open($0, flags, 0o600) }
        guard opened >= 0 else { throw Errno.last }
        let file = FileDescriptor(rawValue: opened)
        _ = try file.writeAll(text.utf8)
        try check(
            unsafe path.withPlatformString {
                unsafe linkat(AT_FDCWD, "/proc/self/fd/\(opened)", AT_FDCWD, $0, AT_SYMLINK_FOLLOW)
            })
        return file
    }

    package static func symlink(_ target: FilePath, _ path: FilePath) throws {
        try check(
            unsafe target.withPlatformString { a in
                unsafe path.withPlatformString { b in unsafe Glibc.symlink(a, b) }
            })
    }

    package static func makeFIFO(_ path: FilePath) throws {
        try check(unsafe path.withPlatformString { unsafe mkfifo($0, 0o644) })
    }

    package static func unlink(_ path: FilePath) throws {
        try check(unsafe path.withPlatformString { unsafe Glibc.unlink($0) })
    }

    /// The files below a directory, and the directories, without following links.
    package static func tree(_ top: FilePath) -> (files: Set<FilePath>, directories: [FilePath]) {
        var files: Set<FilePath> = []
        var directories: [FilePath] = []
        var rest = [top]
        while let directory = rest.popLast() {
            let entries: [OpenDirectory.Entry]
            do throws(Errno) { entries = try OpenDirectory.entries(of: directory) } catch { continue }
            directories.append(directory)
            for entry in entries {
                let path = directory.appending(bytes: entry.name)
                if entry.kind == .directory { rest.append(path) } else { files.insert(path) }
            }
        }
        return (files, directories)
    }

    /// Removes a file, or a directory with all in it; what is gone already is no matter.
    package static func remove(_ path: FilePath) {
        let (files, directories) = tree(path)
        for file in files { _ = unsafe file.withPlatformString { unsafe Glibc.unlink($0) } }
        for directory in directories.reversed() { _ = unsafe directory.withPlatformString { unsafe rmdir($0) } }
        _ = unsafe path.withPlatformString { unsafe Glibc.unlink($0) }
    }

    private static func check(_ result: Int32) throws {
        guard result == 0 else { throw Errno.last }
    }
}

// For floods: without `FilePath`, which takes longer than the calls themselves when built for debugging.
extension Disk {
    /// Makes an empty file; false if that fails.
    package static func touch(_ path: [UInt8]) -> Bool {
        let opened = unsafe withCString(path) { unsafe Glibc.open($0, O_WRONLY | O_CREAT, 0o644) }
        return opened >= 0 && Glibc.close(opened) == 0
    }

    /// Removes a file.
    package static func unlink(_ path: [UInt8]) { _ = unsafe withCString(path) { unsafe Glibc.unlink($0) } }

    private static func withCString(_ path: [UInt8], _ call: (UnsafePointer<CChar>) -> Int32) -> Int32 {
        unsafe (path + [0]).withUnsafeBytes { buffer in
            unsafe buffer.assumingMemoryBound(to: CChar.self).baseAddress.map { unsafe call($0) } ?? -1
        }
    }
}
