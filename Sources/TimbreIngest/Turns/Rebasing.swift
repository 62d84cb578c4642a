import LibraryFeed
import Platform
import SystemPackage
import TimbreLibrary
import TimbreStore

/// Files that are somewhere else now: all that is known below one folder gets the path of another, and nothing is read.
///
/// Files keep their numbers, and with them their ages. What is known at the new place already, as when that was watched
/// before, has to be the same; it is then one file with the one from the old place.
package struct Rebasing: Sendable {
    /// Where the files were, and where they are; neither lies in the other.
    package let old, new: FilePath

    package init(from old: FilePath, to new: FilePath) {
        self.old = old
        self.new = new
    }

    /// A file of the new place that is another than the one of the old place.
    package struct Conflict: Error, Hashable {
        package var path: FilePath
        /// In a clause.
        package var reason: String
    }

    /// Where a folder is now; nil if it is none of those that have moved.
    package func path(of folder: FilePath) -> FilePath? { folder.rebased(from: old, to: new) }

    /// Makes sure that nothing at the new place is in the way.
    ///
    /// - Throws: ``Conflict``
    /// - Complexity: O(*n*) in the directories of the old place, and in the files of those that are known at the new one.
    package func check(_ reader: CatalogReader) throws {
        try forEachDirectory(reader) { directory, target in
            guard let known = try reader.directory(target) else { return }
            for file in try reader.files(in: directory.id) {
                guard let there = try reader.file(file.name, in: known), !there.isSame(as: file) else { continue }
                let isRead = !there.state.isUnread && !file.state.isUnread
                throw Conflict(
                    path: target.appending(bytes: file.name),
                    reason: isRead
                        ? "known already, and not what \(old.humanReadable) had there; move it away first"
                        : "known already, and not read yet; wait for `timbrectl sync`, then try again")
            }
        }
    }

    private func forEachDirectory(
        _ reader: CatalogReader, _ body: ((id: Int64, path: [UInt8]), FilePath) throws -> Void
    ) throws {
        for directory in try reader.directories(under: old) {
            guard let target = path(of: FilePath(bytes: directory.path)) else { continue }
            try body(directory, target)
        }
    }

    /// Gives all that is known its new path.
    func apply(in turn: Turn) throws {
        try check(turn.reader)
        var returned: [FileRecord] = []
        try forEachDirectory(turn.reader) { directory, target in
            if let known = try turn.reader.directory(target) {
                // The index knows no directory without searchable files.
                turn.edit(.directory(known, path: target.bytes))
                returned += try merge(directory.id, into: known, turn)
            } else {
                try turn.writer.setPath(target.bytes, ofDirectory: directory.id)
                turn.edit(.directory(directory.id, path: target.bytes))
            }
        }
        for archive in returned where archive.isArchive { returned += try returnMembers(of: archive, turn) }
        for folder in try turn.reader.folders() { try move(folder, turn) }
        // A scan of the new place counts again; one that is under way begins anew.
        try turn.writer.forgetLeftOut(under: old)
        turn.state.partial = PartialChange()
        turn.state.syncs.moved(from: old, to: new)
        turn.tell(.directoryRenamed(from: old, to: new))
        for file in returned { try turn.tell(file.isOffline ? .offline : .back, file) }
    }

    /// Moves the files of a directory to one that is known.
    ///
    /// - Returns: Those that are back now, or away.
    private func merge(_ directory: Int64, into known: Int64, _ turn: Turn) throws -> [FileRecord] {
        var returned: [FileRecord] = []
        for file in try turn.reader.files(in: directory) {
            var moved = file
            if let there = try turn.reader.file(file.name, in: known) {
                (moved.identity, moved.isOffline) = (there.identity, there.isOffline)
                try turn.forget(there)
            }
            try turn.writer.moveFile(file.id, to: file.name, in: known)
            try turn.writer.update(moved)
            turn.edit(.rename(file.id, directory: known, name: file.name))
            guard moved.isOffline != file.isOffline else { continue }
            turn.edit(.offline([file.id], moved.isOffline))
            moved.directory = known
            returned.append(moved)
        }
        try turn.writer.removeDirectory(ifEmpty: directory)
        return returned
    }

    /// The members of an archive are there, or away, as it is itself.
    ///
    /// - Returns: Those that were not.
    private func returnMembers(of archive: FileRecord, _ turn: Turn) throws -> [FileRecord] {
        var members: [FileRecord] = []
        for var member in try turn.reader.files(under: try turn.path(of: archive))
        where member.isOffline != archive.isOffline {
            member.isOffline = archive.isOffline
            try turn.writer.update(member)
            turn.edit(.offline([member.id], member.isOffline))
            members.append(member)
        }
        return members
    }

    /// Lets a watched folder be where it is now, known by what it was at the old place: if it is another, files that are not
    /// there are away, and not gone.
    private func move(_ folder: FolderRecord, _ turn: Turn) throws {
        guard let target = path(of: folder.path) else { return }
        var moved = folder
        moved.path = target
        try turn.writer.setFolder(moved)
        try turn.writer.removeFolder(folder.path)
    }
}

extension FileRecord {
    /// Whether two files are one for the library: they hold the same, or neither can be read and they are of one size.
    fileprivate func isSame(as other: FileRecord) -> Bool {
        guard content == nil, other.content == nil else { return content == other.content }
        return !state.isUnread && state == other.state && identity.size == other.identity.size
    }
}
