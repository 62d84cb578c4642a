import GRDB
import Platform
import SystemPackage

/// How many files are in each state.
package struct FileCounts: Hashable, Sendable {
    package var indexed = 0
    package var pending = 0
    package var failed = 0
    package var skipped = 0
    package var offline = 0
    package var total: Int { indexed + pending + failed + skipped + offline }
}

extension CatalogReader {
    /// How many files are in each state, all or those at and below a directory; those offline are counted apart.
    ///
    /// - Complexity: O(*n*) in the directories: ``Schema/census`` knows the rest.
    package func fileCounts(under path: FilePath? = nil) throws -> FileCounts {
        let subtree = path.map { Subtree($0.bytes) }
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT census.state, sum(count) FROM
                \(subtree.map { "directory CROSS JOIN census ON directory.id = census.directory WHERE " + $0.condition }
                    ?? "census") GROUP BY census.state
                """, arguments: subtree?.arguments ?? [])
        var counts = FileCounts()
        while let row = try rows.next() {
            let count: Int = row[1]
            switch row[0] as Int {
            case FileState.indexed.rawValue: counts.indexed = count
            case FileState.pending.rawValue: counts.pending = count
            case FileState.failed.rawValue: counts.failed = count
            case FileState.skipped.rawValue: counts.skipped = count
            default: counts.offline = count
            }
        }
        return counts
    }

    /// How many contents there are, failed ones included.
    package func contentCount() throws -> Int {
        try database.first("SELECT count FROM tally WHERE thing = ?", .integer(Schema.contentTally)) { $0.int(0) } ?? 0
    }

    /// How many contents were decoded.
    ///
    /// - Complexity: O(*n*) in the contents.
    package func decodedContentCount() throws -> Int {
        try Int.fetchOne(database, sql: "SELECT count(*) FROM content WHERE failure IS NULL") ?? 0
    }
}
