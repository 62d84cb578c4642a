import LibraryFeed
import Platform
import SystemPackage
import TimbreLibrary
import TimbreStore

/// Progress of removing files outside the watched folders.
struct Forgetting {
    /// The watched folders.
    var folders: [FilePath]
    /// Where to continue, in the byte order of paths.
    var directory: [UInt8] = []
}

extension Turn {
    /// Records that no other folders are watched, and begins to remove the files of others from the library: turn by
    /// turn, if they are many. A start does the same first, and so completes what was interrupted.
    func keepOnly(_ folders: [FilePath]) throws {
        for folder in try reader.folders() where !folders.contains(folder.path) {
            try writer.removeFolder(folder.path)
        }
        for known in try reader.leftOut(under: nil) {
            let path = FilePath(bytes: known.directory)
            if !folders.contains(where: { path.starts(with: $0) }) { try writer.setLeftOut(0, in: path) }
        }
        for path in state.folders.keepOnly(folders) {
            state.syncs.scanEnded(path)
            state.syncs.gone(path, isDirectory: true)
            tell(.folderRemoved(path))
        }
        state.forgetting = Forgetting(folders: folders)
        try forgetSome()
    }

    /// Records a folder that was added at run time.
    func addFolder(_ path: FilePath) throws {
        state.forgetting?.folders.append(path)
        try writer.setFolder(
            FolderRecord(path: path, isAtRunTime: true, device: nil, inode: nil, fileSystem: nil))
    }

    /// Removes files outside the watched folders from the library, as many as there is room for.
    func forgetSome() throws {
        while room > 0, let forgetting = state.forgetting {
            guard let directory = try reader.directories(from: forgetting.directory, limit: 1).first else {
                state.forgetting = nil
                return
            }
            if let folder = forgetting.folders.first(where: { FilePath(bytes: directory.path).starts(with: $0) }) {
                let isFolder = directory.path == folder.bytes && folder != "/"
                state.forgetting?.directory = isFolder ? directory.path + [0] : folder.endOfSubtree
                continue
            }
            let files = try reader.files(in: directory.id, after: [], limit: room)
            for file in files { try forget(file) }
            room -= max(1, files.count)
            guard try reader.files(in: directory.id, after: [], limit: 1).isEmpty else { continue }
            try writer.removeDirectory(ifEmpty: directory.id)
            state.forgetting?.directory = directory.path + [0]
        }
    }
}

extension FilePath {
    /// The least bytes greater than all paths below a directory.
    fileprivate var endOfSubtree: [UInt8] {
        bytes == [UInt8(ascii: "/")] ? [UInt8(ascii: "/") + 1] : bytes + [UInt8(ascii: "/") + 1]
    }
}

/// Progress of a prune, which forgets some files and contents in each turn.
struct Pruning {
    private let folder: FilePath?
    private var last: FilePlace?
    private var lastContent: Int64 = 0

    /// - Parameter folder: The offline folder to forget; nil for what was kept of deleted files.
    init(offline folder: FilePath?) { self.folder = folder }

    /// Forgets as much as a turn has room for.
    ///
    /// - Returns: Whether everything is forgotten.
    mutating func forgetSome(in turn: Turn) throws -> Bool {
        let limit = max(turn.room, 1)
        defer { turn.room -= limit }
        guard let folder else {
            let orphans = try turn.reader.orphans(after: lastContent, limit: limit)
            for content in orphans { try turn.writer.removeContent(content.id) }
            lastContent = orphans.last?.id ?? lastContent
            guard orphans.count < limit else { return false }
            try turn.writer.forgetOldChanges()
            return true
        }
        let places = try turn.reader.offlineFiles(under: folder, after: last, limit: limit)
        for place in places {
            let directory = FilePath(bytes: place.directory)
            guard let file = try turn.reader.file(at: directory.appending(bytes: place.name)) else { continue }
            try turn.forget(file)
            if let content = file.content, try turn.reader.files(ofContent: content).isEmpty {
                try turn.writer.removeContent(content)
            }
            try turn.writer.removeDirectory(ifEmpty: file.directory)
        }
        last = places.last ?? last
        return places.count < limit
    }
}
