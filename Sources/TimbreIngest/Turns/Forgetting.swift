import LibraryFeed
import Platform
import SystemPackage
import TimbreLibrary
import TimbreStore

/// Progress of removing files outside the watched folders.
struct Forgetting {
    /// The watched folders.
    var folders: [FilePath]
    /// What lies in them and is not seen there: folders that are not watched on their own any more.
    var holes: [FilePath] = []
    /// Where to continue, in the byte order of paths.
    var directory: [UInt8] = []
}

extension Turn {
    /// Records that no other folders are watched, and begins to remove the files of others from the library: turn by
    /// turn, if they are many. A start does the same first, and so completes what was interrupted.
    func keepOnly(_ folders: [FilePath]) throws {
        var removed = try reader.folders().map(\.path).filter { !folders.contains($0) }
        for folder in removed { try writer.removeFolder(folder) }
        let forgotten = state.folders.keepOnly(folders)
        for path in forgotten {
            state.syncs.scanEnded(path)
            state.syncs.gone(path, isDirectory: true)
            tell(.folderRemoved(path))
        }
        dropParts()
        for known in try reader.leftOut(under: nil) {
            let path = FilePath(bytes: known.directory)
            if !state.folders.nested.isSeen(path) { try writer.setLeftOut(0, in: path) }
        }
        removed += forgotten + (state.forgetting?.holes ?? [])
        state.forgetting = Forgetting(folders: folders, holes: removed.filter { !state.folders.nested.isSeen($0) })
        try forgetSome()
    }

    /// Goes on with folders that are seen as parts of others now.
    private func dropParts() { for path in state.folders.dropParts() { state.syncs.scanEnded(path) } }

    /// Records a folder that was added at run time.
    func addFolder(_ path: FilePath) throws {
        state.forgetting?.folders.append(path)
        state.forgetting?.holes.removeAll { $0.starts(with: path) }
        state.folders.add(path)
        dropParts()
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
            if let next = forgetting.next(behind: directory.path) {
                state.forgetting?.directory = next
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

extension Forgetting {
    /// Where to go on behind a directory that stays; nil if it does not.
    fileprivate func next(behind directory: [UInt8]) -> [UInt8]? {
        let path = FilePath(bytes: directory)
        let around = folders.filter { path.starts(with: $0) }.max { $0.length < $1.length }
        guard let folder = around else { return nil }
        let inside = holes.filter { $0.starts(with: folder) }
        guard !inside.contains(where: { path.starts(with: $0) }) else { return nil }
        let isFolder = directory == folder.bytes && folder != "/"
        let end = isFolder ? directory + [0] : folder.endOfSubtree
        // What is in a hole begins with its path and a slash.
        let starts = inside.flatMap { [$0.bytes, $0.bytes + [UInt8(ascii: "/")]] } + innerFolders(of: folder)
        return starts.filter { directory.lexicographicallyPrecedes($0) && $0.lexicographicallyPrecedes(end) }
            .min { $0.lexicographicallyPrecedes($1) } ?? end
    }

    /// Where folders begin that lie in one with a hole.
    private func innerFolders(of folder: FilePath) -> [[UInt8]] {
        holes.isEmpty ? [] : folders.filter { $0 != folder && $0.starts(with: folder) }.map(\.bytes)
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
