import GRDB
import Platform
import SystemPackage

/// A searchable file, and what it holds.
package struct Holding: Hashable, Sendable {
    /// The file's number.
    package var file: Int64
    /// The number of the content.
    package var content: Int64

    package init(file: Int64, content: Int64) {
        self.file = file
        self.content = content
    }
}

extension CatalogReader {
    /// Contents that two or more files hold that are searchable and not offline, oldest first.
    ///
    /// - Parameter path: Only files at and below this folder count; all if nil.
    /// - Complexity: O(*n*) in the files, in the order of an index of theirs.
    package func sharedContents(under path: FilePath?) throws -> [Int64] {
        let (source, arguments) = Self.searchable(under: path)
        return try Int64.fetchAll(
            database, sql: "SELECT content \(source) GROUP BY content HAVING count(*) > 1 ORDER BY content",
            arguments: arguments)
    }

    /// All searchable files that are not offline, oldest first.
    ///
    /// - Parameter path: Only files at and below this folder; all if nil.
    package func holdings(under path: FilePath?) throws -> [Holding] {
        let (source, arguments) = Self.searchable(under: path)
        let rows = try Row.fetchCursor(
            database, sql: "SELECT file.id, file.content \(source) ORDER BY file.id", arguments: arguments)
        var holdings: [Holding] = []
        while let row = try rows.next() { holdings.append(Holding(file: row["id"], content: row["content"])) }
        return holdings
    }

    private static func searchable(under path: FilePath?) -> (source: String, arguments: StatementArguments) {
        let condition = "file.state = \(FileState.indexed.rawValue) AND NOT file.isOffline AND file.content IS NOT NULL"
        guard let path else { return ("FROM file WHERE \(condition)", []) }
        let subtree = Subtree(path.bytes)
        return (
            "FROM directory JOIN file ON file.directory = directory.id WHERE \(condition) AND \(subtree.condition)",
            subtree.arguments
        )
    }
}
