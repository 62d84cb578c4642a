import Platform
import SystemPackage

/// What a watcher knows that the one after it needs in order to go on where it stopped, with the same kernel queue.
package struct WatchState: Sendable, Equatable {
    /// A folder that inotify told of.
    struct Folder: Sendable, Equatable {
        var path: FilePath
        var identity: FolderIdentity
        /// Whether all that had happened in it was told: if not, it has to be scanned.
        var isComplete: Bool
        /// Parents before their children.
        var directories: [WatchMap.Directory]
        /// What is mounted at or below it: of that, inotify says nothing.
        var mounts: [MountTable.Place]
    }

    /// A file that is held back until it has settled.
    struct HeldFile: Sendable, Equatable {
        var path: FilePath
        var writer: Settler.Writer
    }

    var cookieWatch: Int32?
    var folders: [Folder] = []
    var held: [HeldFile] = []
    /// Directories that could not be read.
    var unreadable: [FilePath] = []
    /// Files that can change without a word from the directories that they are in.
    var indirect: [FilePath] = []

    init() {}

    /// The files that are held back.
    package var heldFiles: [FilePath] { held.map(\.path) }

    /// Has files looked at that somebody behind the watcher had not got round to.
    package mutating func hold(_ files: [FilePath]) {
        let known = Set(heldFiles)
        held += files.filter { !known.contains($0) }.map { HeldFile(path: $0, writer: .gone) }
    }

    /// Has folders scanned of which somebody behind the watcher had not taken in everything.
    package mutating func rescan(_ directories: [FilePath]) {
        for index in folders.indices where directories.contains(where: { $0.lies(in: folders[index].path) }) {
            folders[index].isComplete = false
        }
    }
}

extension WatchState {
    private static let mark = Array("timbred watches, 2".utf8)

    /// The state as bytes that ``init(parsing:)`` reads.
    package var bytes: [UInt8] {
        var writer = ByteFieldWriter()
        writer.write(Self.mark)
        writer.write(cookieWatch)
        writer.write(folders.count)
        for folder in folders { folder.write(to: &writer) }
        writer.write(held.count)
        for file in held {
            writer.write(file.path.bytes)
            writer.write(file.writer.number)
        }
        writer.write(unreadable.count)
        for directory in unreadable { writer.write(directory.bytes) }
        writer.write(indirect.count)
        for file in indirect { writer.write(file.bytes) }
        return writer.bytes
    }

    /// Reads what ``bytes`` gave; nil if it is anything else.
    package init?(parsing bytes: [UInt8]) {
        var reader = ByteFieldReader(bytes)
        do throws(ByteFieldReader.Mismatch) {
            guard try reader.bytes() == Self.mark else { return nil }
            cookieWatch = try reader.numberIfAny()
            folders = try reader.list { reader throws(ByteFieldReader.Mismatch) in try Folder(from: &reader) }
            held = try reader.list { reader throws(ByteFieldReader.Mismatch) in
                let path = FilePath(bytes: try reader.bytes())
                guard let writer = Settler.Writer(number: try reader.number()) else { throw ByteFieldReader.Mismatch() }
                return HeldFile(path: path, writer: writer)
            }
            unreadable = try reader.list { reader throws(ByteFieldReader.Mismatch) in
                FilePath(bytes: try reader.bytes())
            }
            indirect = try reader.list { reader throws(ByteFieldReader.Mismatch) in
                FilePath(bytes: try reader.bytes())
            }
        } catch {
            return nil
        }
        guard reader.isAtEnd else { return nil }
    }
}

extension WatchState.Folder {
    fileprivate func write(to writer: inout ByteFieldWriter) {
        writer.write(path.bytes)
        writer.write(identity.device)
        writer.write(identity.inode)
        writer.write(identity.fileSystem.rawValue)
        writer.write(identity.fileSystemID)
        writer.write(isComplete ? 1 : 0)
        writer.write(directories.count)
        for directory in directories {
            writer.write(directory.depth)
            writer.write(directory.name)
            writer.write(directory.watch)
        }
        writer.write(mounts.count)
        for mount in mounts {
            writer.write(mount.point.bytes)
            writer.write(mount.device)
        }
    }

    fileprivate init(from reader: inout ByteFieldReader) throws(ByteFieldReader.Mismatch) {
        path = FilePath(bytes: try reader.bytes())
        identity = FolderIdentity(
            device: try reader.number(), inode: try reader.number(),
            fileSystem: FileSystemType(rawValue: try reader.number()), fileSystemID: try reader.number())
        isComplete = try reader.number(Int.self) == 1
        directories = try reader.list { reader throws(ByteFieldReader.Mismatch) in
            WatchMap.Directory(
                depth: try reader.number(), name: try reader.bytes(), watch: try reader.numberIfAny())
        }
        mounts = try reader.list { reader throws(ByteFieldReader.Mismatch) in
            MountTable.Place(point: FilePath(bytes: try reader.bytes()), device: try reader.bytes())
        }
    }
}

extension Settler.Writer {
    fileprivate var number: Int {
        switch self {
        case .gone: 0
        case .present: 1
        case .unseen: 2
        }
    }

    fileprivate init?(number: Int) {
        switch number {
        case 0: self = .gone
        case 1: self = .present
        case 2: self = .unseen
        default: return nil
        }
    }
}
