import Glibc
import SystemPackage

/// A directory open for reading, closed when its owner goes out of scope (`opendir(3)`).
@safe package struct OpenDirectory: ~Copyable {
    /// A name in the directory, and what it stands for, if the file system says so by itself.
    package struct Entry {
        package var name: [UInt8]
        package var kind: FileStatus.Kind?
    }

    package let descriptor: FileDescriptor
    private let stream: OpaquePointer
    /// What was read last; its memory is the stream's, until the next is read.
    private var current: UnsafePointer<dirent>?

    /// Opens a directory.
    ///
    /// - Parameter folder: A folder that the directory is, or lies in, without a symbolic link on the way down.
    package static func open(_ path: FilePath, below folder: FilePath) throws(Errno) -> OpenDirectory {
        let opened = try path.open(below: folder, O_RDONLY | O_DIRECTORY)
        guard let stream = unsafe fdopendir(opened.rawValue) else {
            let error = Errno.last
            _ = Glibc.close(opened.rawValue)
            throw error
        }
        return unsafe OpenDirectory(descriptor: opened, stream: stream)
    }

    /// The entries of a directory, in no particular order.
    ///
    /// - Parameter folder: As of ``open(_:below:)``; if nil, symbolic links may lead to the directory.
    package static func entries(of path: FilePath, below folder: FilePath? = nil) throws(Errno) -> [Entry] {
        var directory = try open(path, below: folder ?? path)
        var entries: [Entry] = []
        while let entry = try directory.next() { entries.append(entry) }
        return entries
    }

    /// Whether there is nothing in a directory.
    package static func isEmpty(_ path: FilePath) throws(Errno) -> Bool {
        var directory = try open(path, below: path)
        return try directory.next() == nil
    }

    private init(descriptor: FileDescriptor, stream: OpaquePointer) {
        self.descriptor = descriptor
        unsafe self.stream = unsafe stream
    }

    deinit { unsafe closedir(stream) }

    /// The next entry, in no particular order; nil at the end. `.` and `..` are left out.
    package mutating func next() throws(Errno) -> Entry? {
        while true {
            errno = 0
            unsafe current = nil
            guard let entry = unsafe readdir(stream) else {
                if errno != 0 { throw Errno.last }
                return nil
            }
            let name = unsafe Self.name(entry)
            let length = unsafe strlen(name)
            // One dot, or two.
            if unsafe length <= 2 && name[0] == 0x2E && (length == 1 || name[1] == 0x2E) { continue }
            unsafe current = UnsafePointer(entry)
            let bytes = unsafe UnsafeRawBufferPointer(start: name, count: length)
            return unsafe Entry(name: Array(bytes), kind: Self.kind(entry.pointee.d_type))
        }
    }

    /// Looks at the entry that was read last.
    package func status(following: Bool) throws(Errno) -> FileStatus {
        guard let entry = unsafe current else { throw .noSuchFileOrDirectory }
        return try unsafe FileStatus(of: Self.name(entry), in: descriptor, following: following)
    }

    private static func name(_ entry: UnsafePointer<dirent>) -> UnsafePointer<CChar> {
        // Glibc declares an array of fixed length, which the name may exceed.
        let offset = MemoryLayout<dirent>.offset(of: \.d_name) ?? 0
        return unsafe UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
    }

    private static func kind(_ type: UInt8) -> FileStatus.Kind? {
        switch Int(type) {
        case DT_REG: .file
        case DT_DIR: .directory
        case DT_LNK: .link
        case DT_UNKNOWN: nil
        default: .other
        }
    }
}
