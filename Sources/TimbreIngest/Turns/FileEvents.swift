import FolderWatch
import LibraryFeed
import Platform
import SystemPackage
import TimbreLibrary
import TimbreStore

/// What the watcher reports of single names: a file that is finished, one that is being written, one that is gone.
struct FileEvents {
    let turn: Turn

    /// A file has been left alone: it is new, changed, or the same as before.
    func settled(_ path: FilePath) throws { try look(at: path, isSettled: true) }

    /// A file appeared, or is being written, and is not ready.
    func pending(_ path: FilePath) throws { try look(at: path, isSettled: false) }

    /// A file, or a directory with all below it, is not there any more.
    ///
    /// - Returns: Whether all of it has been dealt with.
    func gone(_ path: FilePath, isDirectory: Bool) throws -> Bool {
        turn.state.syncs.gone(path, isDirectory: isDirectory)
        if isDirectory {
            try turn.writer.forgetLeftOut(under: path)
            turn.state.folders.directoryGone(path)
            return try Sweep(turn: turn).files(under: path) { _, file in try turn.vanish(file, isCertain: true) }
        } else if let file = try turn.reader.file(at: path) {
            try turn.vanish(file, isCertain: true)
        }
        return true
    }

    /// A file, or a directory with all below it, has another name.
    ///
    /// - Returns: Whether all of it has been dealt with.
    func moved(from: FilePath, to: FilePath, isDirectory: Bool) throws -> Bool {
        turn.state.syncs.moved(from: from, to: to)
        if isDirectory { return try directoryMoved(from: from, to: to) }
        guard let file = try turn.reader.file(at: from) else { return true }
        let directory = try turn.writer.directory(to.removingLastComponent())
        if let replaced = try turn.reader.file(to.nameBytes, in: directory), replaced.id != file.id {
            try turn.forget(replaced)
        }
        try turn.writer.moveFile(file.id, to: to.nameBytes, in: directory)
        turn.edit(.directory(directory, path: to.removingLastComponent().bytes))
        turn.edit(.rename(file.id, directory: directory, name: to.nameBytes))
        if file.isArchive { try membersMoved(from: from, to: to) }
        guard file.state.isListed else { return true }
        var renamed = FileHappening(.renamed, file, at: to)
        renamed.earlierPath = from
        turn.tell(.file(renamed))
        return true
    }

    /// An archive has another name: so have its members.
    private func membersMoved(from: FilePath, to: FilePath) throws {
        for file in try turn.reader.files(under: to) { try turn.forget(file) }
        try turn.writer.removeEmptyDirectories(under: to)
        let directories = try turn.writer.moveDirectory(from, to: to)
        for directory in directories { turn.edit(.directory(directory.id, path: directory.path)) }
        if !directories.isEmpty { turn.tell(.directoryRenamed(from: from, to: to)) }
    }

    private func directoryMoved(from: FilePath, to: FilePath) throws -> Bool {
        // A scan of the new place follows, and counts again.
        try turn.writer.forgetLeftOut(under: from)
        guard try Sweep(turn: turn).files(under: to, { _, file in try turn.forget(file) }) else { return false }
        // Directories that are left there hold nothing; their names are needed now.
        try turn.writer.removeEmptyDirectories(under: to)
        for directory in try turn.writer.moveDirectory(from, to: to) {
            turn.edit(.directory(directory.id, path: directory.path))
        }
        turn.tell(.directoryRenamed(from: from, to: to))
        return true
    }

    private func look(at path: FilePath, isSettled: Bool) throws {
        guard turn.state.folders.root(of: path) != nil else { return }
        if turn.mayHang(path) { return try noteUnseen(path, isSettled: isSettled) }
        guard let found = FileIdentity(of: path) else {
            // Gone again already; the watcher will say so in its own time.
            return noSyncWaits(for: path)
        }
        let directory = try turn.writer.directory(path.removingLastComponent())
        let name = path.nameBytes
        guard let known = try turn.reader.file(name, in: directory) else {
            let file = try turn.writer.addFile(name, in: directory, identity: found, at: turn.time)
            try turn.tell(.found, file, at: path)
            if isSettled { turn.state.enqueue(file.id, path: path, isUrgent: true) }
            return
        }
        // Somebody is writing it: a sync does not wait for that to end.
        guard isSettled else { return noSyncWaits(for: path) }
        if try turn.confirm(known, as: found) {
            noSyncWaits(for: path)
        } else {
            turn.state.enqueue(known.id, path: path, isUrgent: true, seen: found)
        }
    }

    /// Records a file without looking at it: whether it has changed is seen when it is opened.
    private func noteUnseen(_ path: FilePath, isSettled: Bool) throws {
        let directory = try turn.writer.directory(path.removingLastComponent())
        let known = try turn.reader.file(path.nameBytes, in: directory)
        let file =
            try known ?? turn.writer.addFile(path.nameBytes, in: directory, identity: .unknown, at: turn.time)
        if known == nil { try turn.tell(.found, file, at: path) }
        if isSettled {
            turn.state.enqueue(file.id, path: path, isUrgent: true, seen: .unknown)
        } else if known != nil {
            noSyncWaits(for: path)
        }
    }

    private func noSyncWaits(for path: FilePath) {
        turn.state.syncs.gone(path, isDirectory: false)
    }
}

extension FileIdentity {
    /// The identity of a file that nobody has looked at.
    static let unknown = FileIdentity(size: 0, modified: 0, changed: 0, device: 0, inode: 0)
}
