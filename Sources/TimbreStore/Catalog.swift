import Dispatch
import GRDB
import SystemPackage

/// The truth on disk: which files there are, what they hold, and what was learnt of it.
///
/// One SQLite database in WAL mode. Writes come from one thread at a time and are on disk when `write` returns; reads
/// go on beside them, each on the state of one moment.
package final class Catalog: Sendable {
    /// The database file.
    package let path: FilePath
    private let pool: DatabasePool

    /// Opens the database, makes it where there is none, and brings an older one up to date.
    ///
    /// - Throws: ``CatalogError`` if the file is not ours, is newer than this program, or cannot be used.
    package init(opening path: FilePath) throws(CatalogError) {
        self.path = path
        do {
            try Self.refuseForeign(path)
            pool = try DatabasePool(path: path.string, configuration: Self.configuration)
            let migrator = Schema.migrator
            if try pool.read({ try migrator.hasBeenSuperseded($0) }) { throw CatalogError(path, .newer) }
            try migrator.migrate(pool)
        } catch {
            throw Self.explain(error, path)
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.label = "timbred.catalog"
        configuration.maximumReaderCount = 8
        configuration.busyMode = .timeout(10)
        // Any other class has Dispatch ask for thread priorities that a service is not given, and say so in the journal.
        configuration.qos = .unspecified
        configuration.prepareDatabase { database in
            // FULL: a commit that was acknowledged survives a power cut. The log is cut back after a large one.
            try database.execute(
                sql: """
                    PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;
                    PRAGMA journal_size_limit = 8000000
                    """)
        }
        return configuration
    }

    /// An SQLite file that carries another program's mark is left alone.
    private static func refuseForeign(_ path: FilePath) throws {
        var configuration = Configuration()
        configuration.readonly = true
        do {
            let file = try FileDescriptor.open(path, .readOnly)
            let size = try file.closeAfter { try file.seek(offset: 0, from: .end) }
            if size == 0 { return }
        } catch Errno.noSuchFileOrDirectory {
            return
        }
        let queue = try DatabaseQueue(path: path.string, configuration: configuration)
        let (mark, isBlank) = try queue.read { database in
            (
                try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0,
                try Bool.fetchOne(
                    database,
                    sql: "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema WHERE tbl_name <> 'grdb_migrations')") ?? false
            )
        }
        // The mark comes with the first tables: a start that was cut short before leaves neither.
        guard mark == Schema.applicationID || (mark == 0 && isBlank) else {
            throw CatalogError(path, .notACatalog, "its application id is \(mark)")
        }
    }

    private static func explain(_ error: any Error, _ path: FilePath) -> CatalogError {
        switch error {
        case let error as CatalogError: error
        case let error as DatabaseError where error.resultCode == .SQLITE_NOTADB:
            CatalogError(path, .notACatalog, error.message ?? "")
        case let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT:
            CatalogError(path, .damaged, error.message ?? "")
        case let error as DatabaseError: CatalogError(path, .unusable, error.message ?? "\(error.resultCode)")
        default: CatalogError(path, .unusable, "\(error)")
        }
    }

    /// Reads the state of one moment; writes do not wait for it.
    package func read<Result>(_ body: (CatalogReader) throws -> Result) throws -> Result {
        try pool.read { try body(CatalogReader(database: $0)) }
    }

    /// Changes the catalog: all of `body` or, when it throws, nothing. On disk when the call returns.
    package func write<Result>(_ body: (CatalogWriter) throws -> Result) throws -> Result {
        try pool.write { try body(CatalogWriter(database: $0)) }
    }

    fileprivate func makeSnapshot() throws -> DatabaseSnapshot { try pool.makeSnapshot() }

    /// Folds the log into the database and closes it. No call may follow.
    package func close() throws { try pool.close() }
}

/// What can be asked of the catalog within one read.
package struct CatalogReader {
    let database: Database
}

/// What can be asked of the catalog and done to it within one transaction.
package struct CatalogWriter {
    let database: Database

    /// The same transaction, for reading.
    package var reader: CatalogReader { CatalogReader(database: database) }
}

extension Catalog {
    /// Keeps the state of this moment for reading, whatever is written after.
    package func snapshot() throws -> CatalogSnapshot { CatalogSnapshot(snapshot: try makeSnapshot()) }
}

/// The catalog at one moment.
package struct CatalogSnapshot: Sendable {
    fileprivate let snapshot: DatabaseSnapshot

    package func read<Result>(_ body: (CatalogReader) throws -> Result) throws -> Result {
        try snapshot.read { try body(CatalogReader(database: $0)) }
    }
}
