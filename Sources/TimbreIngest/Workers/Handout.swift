import CLinux
import ContentHash
import FolderWatch
import Glibc
import Platform
import SystemPackage
import TimbreExtraction
import TimbreStore

/// A file that is about to be handed to a worker, as the catalog knows it.
struct Handout: Sendable {
    var file: Int64
    var path: FilePath
    /// What it was when it was last read; nil if it never was.
    var lastRead: FileIdentity?
    /// What its sound was then, if that is known.
    var audio: AudioHash?
    /// The contents of its size: if it is one of them, nothing has to be decoded. One more than can be told to a worker
    /// says that there are too many.
    var known: [ContentHash] = []
    /// The size, in bytes, for which that was looked up.
    var size: Int64 = 0
    var mustDecode: Bool
    /// Whether a worker has died of it, or of a file before it.
    var hasCrashed = false
}

/// A file that has been opened for a worker; closed when the object goes.
final class OpenedFile: Sendable {
    let descriptor: FileDescriptor
    let identity: FileIdentity
    /// What looks at the file and closes it, where either may take for ever.
    let opener: FileOpener?

    private init(_ descriptor: FileDescriptor, _ identity: FileIdentity, _ opener: FileOpener?) {
        self.descriptor = descriptor
        self.identity = identity
        self.opener = opener
    }

    deinit {
        if let opener { opener.close(descriptor) } else { _ = close(descriptor.rawValue) }
    }

    /// Opens an ordinary file.
    ///
    /// - Parameters:
    ///   - folder: The folder below which no symbolic link may be on the way: the path itself if links may.
    ///   - opener: What closes the file, if not whoever lets it go.
    /// - Throws: `Errno` if it cannot be opened; `.noSuchFileOrDirectory` too if it is no ordinary file.
    static func open(
        _ path: FilePath, below folder: FilePath, opener: FileOpener? = nil
    ) throws(Errno) -> OpenedFile {
        // Without O_NONBLOCK, opening a pipe that has taken the name would wait for a writer.
        let descriptor = try path.open(below: folder, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        guard let identity = FileIdentity(of: descriptor) else {
            _ = close(descriptor.rawValue)
            throw .noSuchFileOrDirectory
        }
        return OpenedFile(descriptor, identity, opener)
    }

    /// Whether the file has been written to since it was opened.
    var hasChanged: Bool { FileIdentity(of: descriptor) != identity }

    /// Whether somebody has the file open for writing, as far as that can be told: not of other users' files, and not
    /// on a network's file system.
    var isOpenForWriting: Bool {
        guard opener == nil, clinux_has_writer(descriptor.rawValue) == 1 else { return false }
        var system = statfs()
        guard unsafe fstatfs(descriptor.rawValue, &system) == 0 else { return false }
        return FileSystemType(rawValue: UInt32(truncatingIfNeeded: system.f_type)).silentName == nil
    }
}

extension FileIdentity {
    /// How long a worker may have a file of this size.
    var deadline: Duration { .seconds(ExtractionRequest.longestSeconds(forSize: size)) }
}
