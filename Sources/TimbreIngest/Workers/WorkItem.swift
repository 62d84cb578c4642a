import CLinux
import ContentHash
import FolderWatch
import Glibc
import Platform
import SoundFeatures
import SystemPackage
import TimbreExtraction
import TimbreStore

/// A file that is about to be handed to a worker, as the catalog knows it.
struct WorkItem: Sendable {
    var file: Int64
    var path: FilePath
    /// Its identity when it was last read; nil if it never was.
    var lastRead: FileIdentity?
    /// The hash of its sound then, if known.
    var audio: AudioHash?
    /// The known contents of its size: if it is one of them, nothing has to be decoded. One more than a worker can be
    /// told means that there are too many.
    var known: [ContentHash] = []
    /// The size that this was looked up for, in bytes.
    var size: Int64 = 0
    var mustDecode: Bool
    /// Whether a worker has died of it.
    var hasCrashed = false
    /// What is to be done with it if it is an archive.
    var archive: ArchiveStep?
    /// The archive's identity when it was gone through for what is in it: if it is another by now, that is done anew.
    var listed: FileIdentity?
    /// The content that it holds, if nothing but its tags is to be read.
    var tagsOf: Int64?

    /// Whether nothing but tags is to be read: its own, or those of what is in it.
    var isForTags: Bool {
        if case .tags? = archive { true } else { tagsOf != nil }
    }
}

/// What a worker is to do with an archive.
enum ArchiveStep: Hashable, Sendable {
    /// Tell what is in it.
    case list
    /// Decode the members of these numbers.
    case decode(Set<Int>)
    /// Read the tags of the members of these extensions, from this number on.
    case tags(Set<FileSuffix>, from: Int)
}

extension ArchiveStep {
    /// Whether the worker may begin with a member of this number.
    func mayBegin(_ number: Int) -> Bool {
        switch self {
        case .list: false
        case .decode(let wanted): wanted.contains(number)
        case .tags(_, let first): number >= first
        }
    }
}

/// A file that has been opened for a worker; closed when the object goes.
final class OpenedFile: Sendable {
    let descriptor: FileDescriptor
    let identity: FileIdentity
    /// Checks and closes the file where that may hang.
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
    ///   - folder: No symbolic link may be on the way below this folder; the path itself if links are allowed.
    ///   - opener: Closes the file in the end, if it may not be closed just anywhere.
    /// - Throws: `Errno` if it cannot be opened; `.noSuchFileOrDirectory` too if it is no ordinary file.
    static func open(
        _ path: FilePath, below folder: FilePath, opener: FileOpener? = nil
    ) throws(Errno) -> OpenedFile {
        // Without O_NONBLOCK, opening a pipe that has taken the file's name would wait for a writer.
        let descriptor = try path.open(below: folder, O_RDONLY | O_NONBLOCK | O_NOCTTY)
        guard let identity = FileIdentity(of: descriptor) else {
            _ = close(descriptor.rawValue)
            throw .noSuchFileOrDirectory
        }
        return OpenedFile(descriptor, identity, opener)
    }

    /// Whether the file has been written to since it was opened.
    var hasChanged: Bool { FileIdentity(of: descriptor) != identity }

    /// Whether somebody has the file open for writing, as far as can be told: not for other users' files, and not on
    /// network file systems.
    var isOpenForWriting: Bool {
        guard opener == nil, descriptor.hasWriter == true else { return false }
        var system = statfs()
        guard unsafe fstatfs(descriptor.rawValue, &system) == 0 else { return false }
        return FileSystemType(rawValue: UInt32(truncatingIfNeeded: system.f_type)).silentName == nil
    }
}

extension FileIdentity {
    /// How long a worker may have a file of this size.
    var deadline: Duration { .seconds(ExtractionRequest.longestSeconds(forSize: size)) }
}
