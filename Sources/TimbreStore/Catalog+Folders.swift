import GRDB
import Platform
import SystemPackage

extension CatalogReader {
    /// The folders that were watched once, by path.
    package func folders() throws -> [FolderRecord] {
        try Row.fetchAll(database, sql: "SELECT * FROM folder ORDER BY path").map { row in
            let (device, inode): (Int64?, Int64?) = (row["device"], row["inode"])
            return FolderRecord(
                path: FilePath(bytes: row.bytes("path")), isAtRunTime: row["atRunTime"],
                device: device.map { UInt64(bitPattern: $0) }, inode: inode.map { UInt64(bitPattern: $0) },
                fileSystem: row["fileSystem"])
        }
    }

    /// The size of the database without its log, in bytes.
    package func size() throws -> Int {
        try Int.fetchOne(
            database, sql: "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()") ?? 0
    }
}

extension CatalogWriter {
    /// Keeps a folder, or what is new of it.
    package func setFolder(_ folder: FolderRecord) throws {
        let isNews = try folder.isAtRunTime && !reader.folders().contains(folder)
        if isNews { keepsakes?.isMade = true }
        try database.execute(
            sql: """
                INSERT INTO folder (path, atRunTime, device, inode, fileSystem) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (path) DO UPDATE SET atRunTime = excluded.atRunTime, device = excluded.device,
                inode = excluded.inode, fileSystem = excluded.fileSystem
                """,
            arguments: [
                folder.path.bytes.blob, folder.isAtRunTime, folder.device.map { Int64(bitPattern: $0) },
                folder.inode.map { Int64(bitPattern: $0) }, folder.fileSystem,
            ])
    }

    /// Forgets a folder, but not what was learnt in it.
    package func removeFolder(_ path: FilePath) throws {
        try database.execute(sql: "DELETE FROM folder WHERE path = ?", arguments: [path.bytes.blob])
        keepsakes?.isMade = true
    }
}
