import GRDB
import Platform
import SystemPackage

/// A watched folder as it was last seen online.
package struct FolderRecord: Hashable, Sendable {
    package var path: FilePath
    /// Added by `timbrectl watch add`, not by the configuration.
    package var isAtRunTime: Bool
    package var device: UInt64?
    package var inode: UInt64?
    package var fileSystem: Int64?

    package init(path: FilePath, isAtRunTime: Bool, device: UInt64?, inode: UInt64?, fileSystem: Int64?) {
        self.path = path
        self.isAtRunTime = isAtRunTime
        self.device = device
        self.inode = inode
        self.fileSystem = fileSystem
    }
}

extension CatalogReader {
    /// The folders that were watched once, by path.
    package func folders() throws -> [FolderRecord] {
        try database.all("SELECT path, atRunTime, device, inode, fileSystem FROM folder ORDER BY path") { row in
            FolderRecord(
                path: FilePath(bytes: row.bytes(0)), isAtRunTime: row.flag(1),
                device: row.optional(2, row.unsigned), inode: row.optional(3, row.unsigned),
                fileSystem: row.optional(4, row.integer))
        }
    }
}

extension CatalogWriter {
    /// Keeps a folder, or what is new of it.
    package func setFolder(_ folder: FolderRecord) throws {
        let isNews = try folder.isAtRunTime && !reader.folders().contains(folder)
        if isNews { keepsakes?.isMade = true }
        try database.run(
            """
            INSERT INTO folder (path, atRunTime, device, inode, fileSystem) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (path) DO UPDATE SET atRunTime = excluded.atRunTime, device = excluded.device,
            inode = excluded.inode, fileSystem = excluded.fileSystem
            """, .bytes(folder.path.bytes), .flag(folder.isAtRunTime), .unsigned(folder.device),
            .unsigned(folder.inode), .integer(folder.fileSystem))
    }

    /// Forgets a folder, but not what was learnt in it.
    package func removeFolder(_ path: FilePath) throws {
        try database.run("DELETE FROM folder WHERE path = ?", .bytes(path.bytes))
        keepsakes?.isMade = true
    }
}
