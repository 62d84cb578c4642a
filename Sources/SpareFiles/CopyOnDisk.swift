import Glibc
import Platform
import SystemPackage
import TimbreWire

/// A file of a group of duplicates as it is on disk at this moment, with all of its names that are in the group.
struct CopyOnDisk {
    /// A name of the file.
    struct Name {
        var file: DuplicateFile
        /// Whether it is the file's own name, and no symbolic link on the way leads to it.
        var isDirect: Bool
    }

    var names: [Name]
    /// In bytes.
    let size: Int64
    /// When it was last changed, in nanoseconds since 1970.
    let modified: Int64
    /// How many names it has on its disk, here and elsewhere.
    let links: Int
    let isReadable: Bool
    let identity: Identity

    /// By what it is known that two are one file: its number and its times, as one that is mounted at two places may have two
    /// devices.
    struct Identity: Hashable {
        fileprivate var inode: UInt64
        fileprivate var changed: Int64
        fileprivate var size: Int64
    }

    /// The hash of what the library heard in it.
    var content: String { names[0].file.content }
    /// By how many decibels it is louder than the group's first file.
    var level: Double { names[0].file.level ?? 0 }

    /// Looks at a file.
    ///
    /// - Throws: ``SparePlan/Reason`` if it is not there any more, or not what the library knows.
    init(_ file: DuplicateFile) throws(SparePlan.Reason) {
        let path = FilePath(bytes: file.path.bytes)
        let status: FileStatus
        do throws(Errno) { status = try FileStatus(of: path, following: true) } catch {
            throw error == .notDirectory && ArchivePlace(on: path) != nil ? .packed : .gone
        }
        guard status.kind == .file, status.size == file.size,
            file.modified.map({ $0 == Double(status.modified) / 1e9 }) ?? true
        else { throw .changed }
        names = [Name(file: file, isDirect: path.realPath == path)]
        (size, modified, links) = (status.size, status.modified, Int(clamping: status.links))
        identity = Identity(inode: status.inode, changed: status.changed, size: status.size)
        isReadable = Self.canRead(path)
    }

    /// Whether the first byte can be read.
    private static func canRead(_ path: FilePath) -> Bool {
        do {
            let opened = try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
            return try opened.closeAfter {
                var byte: UInt8 = 0
                return try unsafe withUnsafeMutableBytes(of: &byte) { unsafe try opened.read(into: $0) } == 1
            }
        } catch { return false }
    }
}
