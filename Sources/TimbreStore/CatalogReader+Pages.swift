import GRDB
import Platform
import SystemPackage

/// Where a file lies. Places are in the order of the bytes of their directories' paths, then of their names.
package struct FilePlace: Hashable, Sendable {
    /// The directory's path.
    package var directory: [UInt8]
    package var name: [UInt8]

    package init(directory: [UInt8], name: [UInt8]) {
        self.directory = directory
        self.name = name
    }
}

/// A directory of the catalog.
package struct DirectoryRecord: Hashable, Sendable {
    package var id: Int64
    package var path: [UInt8]
    /// Whether it lay on another file system than its watched folder when it was last listed.
    package var isMount: Bool
}

/// What is gone through a part at a time, as it may be a million files.
extension CatalogReader {
    /// Some directories, in the order of the bytes of their paths.
    ///
    /// - Parameters:
    ///   - path: Only directories at and below this one; all if nil.
    ///   - start: Only those whose path comes at or behind these bytes.
    ///   - limit: How many at most.
    package func directories(
        under path: FilePath? = nil, from start: [UInt8], limit: Int
    ) throws -> [DirectoryRecord] {
        guard let path else { return try directories("path >= ?", [start.blob], limit) }
        let stem = path.bytes == [UInt8(ascii: "/")] ? [] : path.bytes
        let (first, end) = (stem + [UInt8(ascii: "/")], stem + [UInt8(ascii: "/") + 1])
        // Names such as `a b` come between `a` and what is below it.
        let own = start.lexicographicallyPrecedes(path.bytes) || start == path.bytes
        let top = own && path.bytes != first ? try directories("path = ?", [path.bytes.blob], 1) : []
        let from = start.lexicographicallyPrecedes(first) ? first : start
        return top + (try directories("path >= ? AND path < ?", [from.blob, end.blob], limit - top.count))
    }

    private func directories(
        _ condition: String, _ arguments: StatementArguments, _ limit: Int
    ) throws -> [DirectoryRecord] {
        let statement = try database.cachedStatement(
            sql: "SELECT id, path, isMount FROM directory WHERE \(condition) ORDER BY path LIMIT ?")
        return try Row.fetchAll(statement, arguments: arguments + [limit]).map { row in
            DirectoryRecord(id: row[0], path: row.bytes(at: 1), isMount: row[2])
        }
    }

    /// Some files directly in a directory, in the order of the bytes of their names.
    ///
    /// - Parameters:
    ///   - name: Only those behind this one; none is behind no name.
    ///   - limit: How many at most.
    package func files(in directory: Int64, after name: [UInt8], limit: Int) throws -> [FileRecord] {
        var files: [FileRecord] = []
        try database.each(
            "SELECT \(FileRecord.columns) FROM file WHERE directory = ? AND name > ? ORDER BY name LIMIT ?",
            .integer(directory), .bytes(name), .integer(limit)
        ) { files.append(FileRecord($0)) }
        return files
    }
}
