import Glibc
import PageServer
import Platform
import SystemPackage
import TimbreWire

/// A sound of the library that the page may have, and what it is to look like when it is opened again.
struct PlayableSound: Hashable, Sendable {
    let path: FilePath
    /// The watched folder that it lies in.
    let folder: FilePath
    let form: SoundForm
    /// In bytes.
    let size: UInt64
    /// In seconds.
    let duration: Double
    /// When it was written last, in nanoseconds since 1970.
    private let modified: Int64
    /// Where it is in an archive, and the archive as it was; nil if it is a file of its own.
    private var packed: Packed?

    private struct Packed: Hashable, Sendable {
        var place: ArchivePlace
        var archive: FileIdentity
    }

    /// Opens a file, and makes sure that it is what the library knows.
    ///
    /// - Parameter members: Unpacks it if it is in an archive.
    /// - Throws: ``SoundRefusal``
    init(_ known: Info.Reply, folders: [FilePath], members: UnpackedMembers) throws(SoundRefusal) {
        path = FilePath(bytes: known.file.path.bytes)
        guard let folder = folders.filter(path.lies(in:)).max(by: { $0.length < $1.length }) else { throw .outside }
        self.folder = folder
        if let place = ArchivePlace(on: path), place.archive.lies(in: folder) {
            let (archive, identity) = try Self.openArchive(place, below: folder)
            let member = try members.member(place, of: archive.descriptor, identity)
            guard member.content == known.file.content, let size = known.file.size else { throw .changed }
            (self.size, duration, modified) = (UInt64(size), known.file.duration ?? 0, 0)
            form = try Self.form(of: member.file)
            packed = Packed(place: place, archive: identity)
            return
        }
        let (file, status) = try Self.open(path, below: folder)
        // The library's times have the precision of a floating-point number of seconds.
        guard status.size == known.file.size ?? -1,
            abs(Double(status.modified) * 1e-9 - (known.modified ?? 0)) < 1e-5
        else { throw .changed }
        size = UInt64(status.size)
        duration = known.file.duration ?? 0
        modified = status.modified
        form = try Self.form(of: file)
    }

    private static func form(of file: ServedFile) throws(SoundRefusal) -> SoundForm {
        do { return SoundForm(head: try file.beginning(SoundForm.headLength)) } catch {
            throw .unreadable(error as? Errno ?? .ioError)
        }
    }

    private static func openArchive(
        _ place: ArchivePlace, below folder: FilePath
    ) throws(SoundRefusal) -> (ServedFile, FileIdentity) {
        let (file, status) = try open(place.archive, below: folder)
        guard let identity = FileIdentity(status) else { throw .changed }
        return (file, identity)
    }

    /// Opens the file again.
    ///
    /// - Throws: ``SoundRefusal/changed`` if it is another by now.
    func opened(_ members: UnpackedMembers) throws(SoundRefusal) -> ServedFile {
        if let packed {
            let (archive, identity) = try Self.openArchive(packed.place, below: folder)
            guard identity == packed.archive else { throw .changed }
            return try members.member(packed.place, of: archive.descriptor, identity).file
        }
        let (file, status) = try Self.open(path, below: folder)
        guard status.size == size, status.modified == modified else { throw .changed }
        return file
    }

    private static func open(_ path: FilePath, below folder: FilePath) throws(SoundRefusal) -> (ServedFile, FileStatus)
    {
        do throws(Errno) {
            let flags = O_RDONLY | O_NONBLOCK
            let descriptor: FileDescriptor
            do throws(Errno) { descriptor = try path.open(below: folder, flags) } catch .tooManySymbolicLinkLevels {
                // The daemon has read it through that link; what lies outside of the folders is out of our reach.
                descriptor = try OwnedDescriptor.open(path, flags).released()
            }
            let file = ServedFile(owning: descriptor)
            let status = try FileStatus(of: descriptor)
            guard status.kind == .file else { throw .invalidArgument }
            return (file, status)
        } catch { throw error == .noSuchFileOrDirectory ? .changed : .unreadable(error) }
    }
}

/// Why a sound is not served.
enum SoundRefusal: Error, Hashable, Sendable {
    /// The library does not have it in this state.
    case notIndexed(FileState)
    /// It lies in no folder that was watched when the page was started.
    case outside
    /// It is not what the library has read.
    case changed
    case unreadable(Errno)
    /// It cannot be unpacked.
    case packed(String)

    var status: Int {
        switch self {
        case .notIndexed, .changed: 409
        case .outside, .unreadable, .packed: 403
        }
    }

    /// A line to show.
    var reason: String {
        switch self {
        case .notIndexed(let state): "the file is \(state.rawValue)"
        case .outside: "its folder was not watched when this page was started: start it again"
        case .changed: "the file has changed or is gone; in a moment the library will know"
        case .unreadable(.permissionDenied):
            "the file cannot be read; if its drive came later than this page, start the page again"
        case .packed(let reason): "it cannot be unpacked: \(reason)"
        case .unreadable(let error): "the file cannot be read: \(error)"
        }
    }
}
