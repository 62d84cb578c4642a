import GRDB
import GRDBSQLite
import Testing

@testable import TimbreStore

struct PageCacheTests {
    /// The bytes of the pages that a connection has in memory.
    private func cached(_ database: Database) -> Int {
        var (now, most) = (Int32(0), Int32(0))
        unsafe sqlite3_db_status(database.sqliteConnection, SQLITE_DBSTATUS_CACHE_USED, &now, &most, 0)
        return Int(now)
    }

    @Test func aConnectionThatReadsKeepsOneMegabyteOfWhatItHasGoneThrough() throws {
        let temporary = try TemporaryCatalog()
        try temporary.catalog.write { writer in
            try writer.database.execute(
                sql: """
                    CREATE TABLE filling (number INTEGER PRIMARY KEY, bytes BLOB);
                    WITH RECURSIVE numbers (number) AS (VALUES (1) UNION ALL SELECT number + 1 FROM numbers LIMIT 5000)
                    INSERT INTO filling SELECT number, zeroblob(1000) FROM numbers
                    """)
        }
        let kept = try temporary.catalog.read { reader in
            let length = try Int.fetchOne(reader.database, sql: "SELECT sum(length(hex(bytes))) FROM filling")
            #expect(length == 10_000_000)
            return cached(reader.database)
        }
        // Eight such connections are to fit in 10 MB, and what is often come by into each.
        #expect((700_000...1_300_000).contains(kept))
    }
}
