import GRDB
import Platform
import SystemPackage

extension CatalogReader {
    /// The number of a directory, if it holds or held files.
    package func directory(_ path: FilePath) throws -> Int64? {
        try database.first("SELECT id FROM directory WHERE path = ?", .bytes(path.bytes)) { $0.integer(0) }
    }

    /// Whether a directory lay on another file system than its watched folder when it was last listed.
    package func isMount(_ directory: Int64) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT isMount FROM directory WHERE id = ?"), arguments: [directory])
            ?? false
    }

    /// The path of a directory.
    package func path(ofDirectory id: Int64) throws -> [UInt8]? {
        try database.first("SELECT path FROM directory WHERE id = ?", .integer(id)) { $0.bytes(0) }
    }

    /// The directories at and below one, with their paths, in the order of the bytes of their paths.
    package func directories(under path: FilePath) throws -> [(id: Int64, path: [UInt8])] {
        let subtree = Subtree(path.bytes)
        return try Row.fetchAll(
            database, sql: "SELECT id, path FROM directory WHERE \(subtree.condition) ORDER BY path",
            arguments: subtree.arguments
        ).map { ($0["id"], $0.bytes("path")) }
    }

    /// All directories.
    package func allDirectories() throws -> [(id: Int64, path: [UInt8])] {
        try Row.fetchAll(database, sql: "SELECT id, path FROM directory ORDER BY path").map {
            ($0["id"], $0.bytes("path"))
        }
    }

    /// The file of a name in a directory.
    package func file(_ name: [UInt8], in directory: Int64) throws -> FileRecord? {
        try database.first(Self.fileByName, .integer(directory), .bytes(name), row: FileRecord.init)
    }

    /// The file of a path.
    package func file(at path: FilePath) throws -> FileRecord? {
        guard let directory = try directory(path.removingLastComponent()) else { return nil }
        return try file(path.nameBytes, in: directory)
    }

    /// The file of a number.
    package func file(_ id: Int64) throws -> FileRecord? {
        try database.first(Self.fileByNumber, .integer(id), row: FileRecord.init)
    }

    private static let fileByName = "SELECT \(FileRecord.columns) FROM file WHERE directory = ? AND name = ?"
    private static let fileByNumber = "SELECT \(FileRecord.columns) FROM file WHERE id = ?"

    /// The files directly in a directory, oldest first.
    package func files(in directory: Int64) throws -> [FileRecord] {
        let statement = try database.cachedStatement(
            sql: "SELECT \(FileRecord.columns) FROM file WHERE directory = ? ORDER BY id")
        return try Row.fetchAll(statement, arguments: [directory]).map(FileRecord.init)
    }

    /// The files at and below a directory, oldest first.
    package func files(under path: FilePath) throws -> [FileRecord] {
        let subtree = Subtree(path.bytes)
        return try Row.fetchAll(
            database,
            sql: """
                SELECT \(FileRecord.columns) FROM directory JOIN file ON file.directory = directory.id
                WHERE \(subtree.condition) ORDER BY file.id
                """,
            arguments: subtree.arguments
        ).map(FileRecord.init)
    }

    /// Files in a state other than indexed, oldest first.
    ///
    /// - Complexity: O(*n*) in the files that are not indexed: the condition is that of an index of these alone.
    package func files(in state: FileState) throws -> [FileRecord] {
        try Row.fetchAll(
            database, sql: "SELECT \(FileRecord.columns) FROM file WHERE state <> 1 AND state = ? ORDER BY id",
            arguments: [state.rawValue]
        ).map(FileRecord.init)
    }

    /// The files that hold a content, oldest first.
    package func files(ofContent content: Int64) throws -> [FileRecord] {
        try Row.fetchAll(
            database, sql: "SELECT \(FileRecord.columns) FROM file WHERE content = ? ORDER BY id", arguments: [content]
        ).map(FileRecord.init)
    }
}
