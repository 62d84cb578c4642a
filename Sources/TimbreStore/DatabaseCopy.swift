import GRDB
import Platform
import SystemPackage

/// A database that lies somewhere without being in use, such as one that was copied out of a backup.
package struct DatabaseCopy {
    private let file: DatabaseFile

    package init(_ path: FilePath) { file = DatabaseFile(path: path) }

    /// Makes sure that this version can use it as a library.
    ///
    /// - Returns: The files that are in it, counted as ``CatalogReader/fileCounts()`` does.
    /// - Throws: ``CatalogError`` if it is none of ours, is newer than this program, or damaged, as far as a second shows.
    package func examine() throws(CatalogError) -> Int {
        do {
            // An empty file would pass as a database that is still to be made.
            guard (file.path.fileSize ?? 0) > 0 else { throw CatalogError(file.path, .notACatalog, "it is empty") }
            try file.check()
            let queue = try file.openAsItIs()
            defer { Self.close(queue) }
            if try queue.read(Schema.migrator.hasBeenSuperseded) { throw CatalogError(file.path, .newer) }
            try file.scan(queue, .small)
            return try queue.read { database in
                try database.first(
                    "SELECT count(*) FROM file WHERE state <> \(FileState.opened.rawValue)"
                ) { $0.int(0) } ?? 0
            }
        } catch {
            throw Catalog.explain(error, file.path)
        }
    }

    /// Gives the library a random name of its own, as a second one that goes its own way from here on.
    ///
    /// A database of a version that had no names yet gets one when it is opened.
    package func rename() throws {
        let queue = try DatabaseQueue(path: file.path.string)
        defer { Self.close(queue) }
        try queue.write { database in
            try database.execute(
                sql: "UPDATE setting SET value = randomblob(16) WHERE name = ?", arguments: [ChangeJournal.library])
        }
    }

    private static func close(_ queue: DatabaseQueue) {
        do { try queue.close() } catch {
            // Every statement has ended; the connection goes with the value.
        }
    }
}
