import FolderWatch
import Glibc
import Platform
import SystemPackage
import Testing
import TimbreStore

@testable import TimbreIngest

extension TestLibrary {
    /// What a watcher would say of a directory as it is on disk now.
    func listed(_ directory: String = "", unsettled: Set<String> = [], device: UInt64 = 1) throws -> FolderChange {
        let place = directory.isEmpty ? root : path(directory)
        var (files, subdirectories): ([FileEntry], [FilePath.Component]) = ([], [])
        for (name, isDirectory) in try sortedEntries(of: place) {
            if isDirectory {
                subdirectories.append(name)
            } else if let identity = FileIdentity(of: place.appending(name)) {
                files.append(
                    FileEntry(
                        name: name, size: identity.size, modified: identity.modified, changed: identity.changed,
                        inode: identity.inode,
                        device: identity.device, isSettled: !unsettled.contains(name.string)))
            }
        }
        return .listed(
            DirectoryListing(
                directory: place, root: root, device: device, inode: 1, modified: 0, files: files,
                subdirectories: subdirectories))
    }

    /// In the order of the bytes of their names, as a watcher gives them.
    private func sortedEntries(of directory: FilePath) throws -> [(name: FilePath.Component, isDirectory: Bool)] {
        try entries(of: directory).sorted { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
    }

    private func entries(of directory: FilePath) throws -> [(name: FilePath.Component, isDirectory: Bool)] {
        try OpenDirectory.entries(of: directory).compactMap { entry in
            FilePath.Component(bytes: entry.name).map { ($0, entry.kind == .directory) }
        }
    }

    /// What a watcher would say when all below the folder is listed.
    func scan(_ directories: [String] = []) throws -> [FolderChange] {
        [.scanBegan(root), try listed()] + (try directories.map { try listed($0) })
            + [.scanEnded(root, complete: true)]
    }

    /// Says that the folder is there; with another inode it is another folder.
    func online(inode: UInt64 = 7) throws {
        try turn([.folder(status(inode: inode))])
    }

    /// How the folder is when it is there.
    func status(inode: UInt64 = 7) -> FolderStatus {
        let identity = FolderIdentity(
            device: 1, inode: inode, fileSystem: FileSystemType(rawValue: 0xEF53), fileSystemID: 5)
        return FolderStatus(root: root, mode: .inotify, identity: identity, watches: 1)
    }

    /// Says that the folder is not there.
    var offline: FolderChange {
        .folder(FolderStatus(root: root, mode: .offline(reason: "gone"), identity: nil, watches: 0))
    }

    /// Waits, as a client's sync does.
    func sync(unsettled: [FilePath] = []) throws {
        state.syncs.begin(1, Promise())
        try turn([.drained(token: 1, unsettled: unsettled)])
    }

    /// Whether the sync is over.
    var isSynced: Bool { state.syncs.isFinished(1) }
}
