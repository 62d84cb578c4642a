import Dispatch
import GRDB
import Platform
import SystemPackage

/// A database file, and the ways to open it. Only one process uses it at a time.
struct DatabaseFile {
    let path: FilePath

    /// What SQLite keeps beside it: the log of what is not in the file yet, and the index of that log.
    var log: FilePath { path.adding("-wal") }
    var logIndex: FilePath { path.adding("-shm") }

    /// Whether it was closed properly: SQLite has then folded the log into the file.
    var wasClosed: Bool { (log.fileSize ?? 0) == 0 }

    /// Opens the database for writing, creates it if there is none, and migrates an older one.
    func openForWriting() throws -> DatabasePool {
        let pool = try DatabasePool(path: path.string, configuration: Self.configuration)
        // FULL: a commit that was acknowledged survives a power cut. The pool itself has just chosen less.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        try refuseNewer(pool)
        try Schema.migrator.migrate(pool)
        // On a read-only file system SQLite opens it all the same, and only a statement that may write finds out.
        try pool.write { try $0.execute(sql: "DELETE FROM setting WHERE 0") }
        return pool
    }

    /// Opens a database of this version read-only, writing nothing, not even what SQLite keeps beside a database that is
    /// read.
    func openForReading() throws -> DatabasePool {
        let pool = try reading { try DatabasePool(path: $0, configuration: Self.readOnly) }
        try refuseNewer(pool)
        guard try pool.read(Schema.migrator.hasCompletedMigrations) else {
            throw CatalogError(path, .unusable, "it is of an earlier version and cannot be brought up to date")
        }
        return pool
    }

    /// Closes a database; if it was open for writing, the log is folded into it.
    ///
    /// SQLite does that when the last connection goes, but not if that one may only read, as the last of a pool may.
    static func close(_ pool: DatabasePool) throws {
        pool.invalidateReadOnlyConnections()
        try pool.close()
    }

    /// Opens whatever is there for reading, on one connection.
    ///
    /// - Parameter isDamaged: Whether SQLite is to read what it can where the file is shorter than its header says.
    func openAsItIs(isDamaged: Bool = false) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.qos = .unspecified
        // Source: `lockBtree` in SQLite's btree.c.
        if isDamaged { configuration.prepareDatabase { try $0.execute(sql: "PRAGMA writable_schema = ON") } }
        return try reading { [configuration] in try DatabaseQueue(path: $0, configuration: configuration) }
    }

    /// Opens a database that is in use for reading, on a connection of its own.
    func openBesideOthers() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.qos = .unspecified
        return try DatabaseQueue(path: path.string, configuration: configuration)
    }

    private func refuseNewer(_ pool: DatabasePool) throws {
        if try pool.read(Schema.migrator.hasBeenSuperseded) { throw CatalogError(path, .newer) }
    }

    /// Opens the file in a way that writes nothing. If the log is empty, the file alone is read. Otherwise the log's index
    /// is used or, where that cannot be written, rebuilt in memory.
    ///
    /// Source: "Read-Only Databases" in "Write-Ahead Logging", sqlite.org/wal.html.
    private func reading<Opened: DatabaseReader>(_ open: (String) throws -> Opened) throws -> Opened {
        if wasClosed { return try open(path.uri("immutable=1")) }
        do {
            let opened = try open(path.string)
            _ = try opened.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_schema") }
            return opened
        } catch  where StorageFailure.isOfWriting(error) {
            return try open(path.uri("readonly_shm=1"))
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
            // One connection writes, and up to eight read. Each keeps the pages that it has come by, up to a limit: with
            // eight clients at once, most of what the daemon has in memory beside the index. The system has them as well.
            let kilobytes = database.configuration.readonly ? 1000 : 8000
            // The log is cut back after a large commit.
            try database.execute(
                sql: """
                    PRAGMA temp_store = MEMORY; PRAGMA cache_size = -\(kilobytes); PRAGMA journal_size_limit = 8000000
                    """)
        }
        return configuration
    }

    private static var readOnly: Configuration {
        var configuration = configuration
        configuration.readonly = true
        return configuration
    }
}

extension FilePath {
    /// The path as SQLite takes it with a parameter. Source: "Uniform Resource Identifiers", sqlite.org/uri.html.
    fileprivate func uri(_ parameter: String) -> String {
        let plain = Set("/-._ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        let name = string.utf8.map { byte in
            plain.contains(byte)
                ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "file:\(name.joined())?\(parameter)"
    }
}
