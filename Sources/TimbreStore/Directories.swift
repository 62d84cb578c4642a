import GRDB
import Platform
import SystemPackage

/// A directory of the catalog.
package struct DirectoryRecord: Hashable, Sendable {
    package var id: Int64
    package var path: [UInt8]
    /// Whether it lay on another file system than its watched folder when it was last listed.
    package var isMount: Bool
}

extension CatalogReader {
    /// The number of a directory, if it holds or held files.
    package func directory(_ path: FilePath) throws -> Int64? {
        try database.first("SELECT id FROM directory WHERE path = ?", .bytes(path.bytes)) { $0.integer(0) }
    }

    /// Whether a directory lay on another file system than its watched folder when it was last listed.
    package func isMount(_ directory: Int64) throws -> Bool {
        try database.first("SELECT isMount FROM directory WHERE id = ?", .integer(directory)) { $0.flag(0) } ?? false
    }

    /// The path of a directory.
    package func path(ofDirectory id: Int64) throws -> [UInt8]? {
        try database.first("SELECT path FROM directory WHERE id = ?", .integer(id)) { $0.bytes(0) }
    }

    /// The directories at and below one, with their paths, in the order of the bytes of their paths.
    package func directories(under path: FilePath) throws -> [(id: Int64, path: [UInt8])] {
        let subtree = Subtree(path.bytes)
        return try database.all(
            "SELECT id, path FROM directory WHERE \(subtree.condition) ORDER BY path", subtree.arguments
        ) { ($0.integer(0), $0.bytes(1)) }
    }

    /// All directories.
    package func allDirectories() throws -> [(id: Int64, path: [UInt8])] {
        try database.all("SELECT id, path FROM directory ORDER BY path") { ($0.integer(0), $0.bytes(1)) }
    }

    /// Some directories, in the order of the bytes of their paths.
    ///
    /// - Parameters:
    ///   - path: Only directories at and below this one; all if nil.
    ///   - start: Only those whose path comes at or behind these bytes.
    ///   - limit: How many at most.
    package func directories(
        under path: FilePath? = nil, from start: [UInt8], limit: Int
    ) throws -> [DirectoryRecord] {
        guard let path else { return try directories("path >= ?", [.bytes(start)], limit) }
        let stem = path.bytes == [UInt8(ascii: "/")] ? [] : path.bytes
        let (first, end) = (stem + [UInt8(ascii: "/")], stem + [UInt8(ascii: "/") + 1])
        // Names such as `a b` come between `a` and what is below it.
        let own = start.lexicographicallyPrecedes(path.bytes) || start == path.bytes
        let top = own && path.bytes != first ? try directories("path = ?", [.bytes(path.bytes)], 1) : []
        let from = start.lexicographicallyPrecedes(first) ? first : start
        return top + (try directories("path >= ? AND path < ?", [.bytes(from), .bytes(end)], limit - top.count))
    }

    private func directories(_ condition: String, _ arguments: [Argument], _ limit: Int) throws -> [DirectoryRecord] {
        try database.all(
            "SELECT id, path, isMount FROM directory WHERE \(condition) ORDER BY path LIMIT ?",
            arguments + [.integer(limit)]
        ) { DirectoryRecord(id: $0.integer(0), path: $0.bytes(1), isMount: $0.flag(2)) }
    }
}

extension CatalogWriter {
    /// The number of a directory, new where it is not known yet.
    package func directory(_ path: FilePath) throws -> Int64 {
        if let known = try reader.directory(path) { return known }
        try database.run("INSERT INTO directory (path) VALUES (?)", .bytes(path.bytes))
        return database.lastInsertedRowID
    }

    /// Notes whether a directory lies on another file system than its watched folder.
    package func setMount(_ isMount: Bool, directory: Int64) throws {
        try database.run("UPDATE directory SET isMount = ? WHERE id = ?", .flag(isMount), .integer(directory))
    }

    /// Renames a directory and all below it; the files keep their numbers.
    ///
    /// - Precondition: Nothing is known at or below `target`.
    /// - Returns: The directories that have a new path.
    /// - Complexity: O(*n*) in the directories, whatever the files.
    package func moveDirectory(_ path: FilePath, to target: FilePath) throws -> [(id: Int64, path: [UInt8])] {
        let (old, new) = (path.bytes, target.bytes)
        return try reader.directories(under: path).map { directory in
            let renamed = new + directory.path.dropFirst(old.count)
            try setPath(renamed, ofDirectory: directory.id)
            return (directory.id, renamed)
        }
    }

    /// Renames a directory; what is below it keeps its path.
    ///
    /// - Precondition: No other has the path.
    package func setPath(_ path: [UInt8], ofDirectory id: Int64) throws {
        try database.run("UPDATE directory SET path = ? WHERE id = ?", .bytes(path), .integer(id))
    }

    /// Forgets directories that hold no file any more: those at and below a path, or all.
    package func removeEmptyDirectories(under path: FilePath? = nil) throws {
        let subtree = path.map { Subtree($0.bytes) }
        try database.run(
            """
            DELETE FROM directory WHERE NOT EXISTS (SELECT 1 FROM file WHERE file.directory = directory.id)
            \(subtree.map { "AND " + $0.condition } ?? "")
            """, subtree?.arguments ?? [])
    }

    /// Forgets a directory, unless it holds files.
    package func removeDirectory(ifEmpty id: Int64) throws {
        try database.run(
            "DELETE FROM directory WHERE id = ? AND NOT EXISTS (SELECT 1 FROM file WHERE directory = directory.id)",
            .integer(id))
    }
}
