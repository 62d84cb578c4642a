import GRDB
import Glibc
import Platform
import Synchronization
import SystemPackage

/// The truth on disk: which files there are, what they hold, and what is known of that.
///
/// One SQLite database in WAL mode. One thread writes at a time, and what it wrote is on disk when `write` returns.
/// Reads go on meanwhile, each on the state of one moment. While the disk cannot be written to, the catalog is
/// read-only; each write tries again.
package final class Catalog: Sendable {
    /// The database file.
    package let path: FilePath
    private let access: DatabaseAccess
    private let damage: DamageWatch
    private let keepsakes: KeepsakesCopy
    /// The rest of the check at start-up, for which there was no time; nil if none is needed.
    private let check: DatabaseCheck?
    /// Whether the copy of the keepsakes is out of date.
    private let isCopyOld: Atomic<Bool>

    /// Opens the database, creates it if there is none, and migrates an older one.
    ///
    /// - Throws: ``CatalogError`` if the file is not ours, is newer than this program, damaged, or cannot be used.
    package init(opening path: FilePath) throws(CatalogError) {
        self.path = path
        let file = DatabaseFile(path: path)
        let mark = DamageMark(of: path)
        do {
            try CatalogRescue(path).finish()
            check = try file.check() ? DatabaseCheck(file) : nil
            access = try DatabaseAccess(file)
            if !access.isReadOnly { try mark.clear() }
        } catch {
            throw Self.explain(error, path)
        }
        damage = DamageWatch(mark)
        keepsakes = KeepsakesCopy(of: file)
        isCopyOld = Atomic(!keepsakes.exists)
    }

    static func explain(_ error: any Error, _ path: FilePath) -> CatalogError {
        if let error = error as? CatalogError { return error }
        if let words = StorageFailure.damage(of: error) { return CatalogError(path, .damaged, words) }
        let words = (error as? DatabaseError)?.message ?? "\(error)"
        return CatalogError(path, .unusable, refusal(of: path).map { "\(words): \($0)" } ?? words)
    }

    /// Why the system does not let us read a file that is there, which SQLite does not say; nil if it does.
    ///
    /// The file is not opened for that: SQLite's locks on it would go when it is closed.
    private static func refusal(of path: FilePath) -> Errno? {
        guard unsafe path.withPlatformString({ unsafe Glibc.access($0, R_OK) }) != 0 else { return nil }
        let reason = Errno.last
        return reason == .noSuchFileOrDirectory ? nil : reason
    }

    /// Reads the state of one moment; writes do not wait for it.
    package func read<Result>(_ body: (CatalogReader) throws -> Result) throws -> Result {
        try damage.watching { try access.read { try body(CatalogReader(database: $0)) } }
    }

    /// Changes the catalog: all of `body` or, when it throws, nothing. On disk when the call returns.
    package func write<Result>(_ body: (CatalogWriter) throws -> Result) throws -> Result {
        let change = KeepsakesChange()
        let result = try damage.watching {
            try access.write { try body(CatalogWriter(database: $0, keepsakes: change)) }
        }
        if change.isMade { isCopyOld.store(true, ordering: .relaxed) }
        if isCopyOld.load(ordering: .relaxed) { copyKeepsakes() }
        return result
    }

    private func copyKeepsakes() {
        do {
            try keepsakes.write(try read { try Keepsakes(of: $0) })
            isCopyOld.store(false, ordering: .relaxed)
        } catch {
            // The next write tries again. What was to be copied is on disk.
        }
    }

    /// Keeps the state of this moment for reading, whatever is written after.
    package func snapshot() throws -> CatalogSnapshot {
        CatalogSnapshot(try access.makeSnapshot(), damage)
    }

    /// Keeps the database file as it is at this moment, so that it can be copied; writes go on.
    ///
    /// To be called by the thread that writes.
    ///
    /// - Returns: nil while somebody reads an earlier moment, or nothing can be written: it is to be tried again.
    package func freeze() throws -> FrozenDatabase? {
        guard let snapshot = try access.freeze() else { return nil }
        return try FrozenDatabase(path, CatalogSnapshot(snapshot, damage))
    }

    /// Frees the pages that are cached for the next write, up to 8 MB: the system caches them as well.
    ///
    /// To be called by the thread that writes.
    package func forgetPages() throws { try access.forgetPages() }

    /// Whether the database could not be written to when that was last tried.
    package var isReadOnly: Bool { access.isReadOnly }

    /// What to do about damage that was found since the start; nil if there was none.
    package var damageFound: String? { damage.found }

    /// Has `tell` called when damage is first found, once, on the thread that found it.
    package func whenDamaged(_ tell: @escaping @Sendable (String) -> Void) { damage.listen(tell) }

    /// Finishes the check of a large database that was not closed properly: a few seconds, for which the start had no time.
    ///
    /// - Throws: ``CatalogError`` if it is damaged, which is reported like any damage; and what SQLite throws.
    package func finishCheck() throws { try damage.watching { try check?.run() } }

    /// Folds the log into the database and closes it. Nothing may be called afterwards.
    package func close() throws {
        check?.end()
        try access.close()
    }
}

/// What can be asked of the catalog within one read.
package struct CatalogReader {
    let database: Database

    /// The size of the database without its log, in bytes.
    package func size() throws -> Int {
        try database.first("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()") { $0.int(0) }
            ?? 0
    }
}

/// What can be asked of the catalog and done to it within one transaction.
package struct CatalogWriter {
    let database: Database
    var keepsakes: KeepsakesChange?

    /// The same transaction, for reading.
    package var reader: CatalogReader { CatalogReader(database: database) }
}

/// The catalog at one moment.
package struct CatalogSnapshot: Sendable {
    private let database: any DatabaseReader
    /// Whom damage is told; nil if nobody.
    private let damage: DamageWatch?

    fileprivate init(_ snapshot: DatabaseSnapshot, _ damage: DamageWatch) {
        database = snapshot
        self.damage = damage
    }

    /// Opens the database of a library that no daemon uses meanwhile. Nothing is written, not even beside it.
    package init(reading path: FilePath) throws {
        database = try DatabaseFile(path: path).openForReading()
        damage = nil
    }

    package func read<Result>(_ body: (CatalogReader) throws -> Result) throws -> Result {
        guard let damage else { return try database.read { try body(CatalogReader(database: $0)) } }
        return try damage.watching { try database.read { try body(CatalogReader(database: $0)) } }
    }
}
