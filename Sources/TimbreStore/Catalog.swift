import GRDB
import Synchronization
import SystemPackage

/// The truth on disk: which files there are, what they hold, and what was learnt of it.
///
/// One SQLite database in WAL mode. Writes come from one thread at a time and are on disk when `write` returns; reads
/// go on beside them, each on the state of one moment. Where the disk cannot be written to, there are reads alone until
/// a write finds that it can.
package final class Catalog: Sendable {
    /// The database file.
    package let path: FilePath
    private let access: DatabaseAccess
    private let damage: DamageWatch
    private let keepsakes: KeepsakesCopy
    /// What the start had no time for; nil if it is not needed.
    private let check: DatabaseCheck?
    /// Whether the copy of the keepsakes is older than what they are.
    private let isCopyOld: Atomic<Bool>

    /// Opens the database, makes it where there is none, and brings an older one up to date.
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

    private static func explain(_ error: any Error, _ path: FilePath) -> CatalogError {
        if let error = error as? CatalogError { return error }
        if let words = StorageFailure.damage(of: error) { return CatalogError(path, .damaged, words) }
        return CatalogError(path, .unusable, (error as? DatabaseError)?.message ?? "\(error)")
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

    /// Lets go of the pages of the database that are kept for the next write, up to 8 MB: the system has them as well.
    ///
    /// Called by the thread that writes.
    package func forgetPages() throws { try access.forgetPages() }

    /// Whether nothing can be written for now, so far as is known.
    package var isReadOnly: Bool { access.isReadOnly }

    /// What to do about damage that was come upon since the start; nil while there was none.
    package var damageFound: String? { damage.found }

    /// Has damage told of when it is come upon, once, on the thread that did.
    package func whenDamaged(_ tell: @escaping @Sendable (String) -> Void) { damage.listen(tell) }

    /// Looks a large database through whose last use did not end well, for some seconds: the start had no time for it.
    ///
    /// - Throws: ``CatalogError`` if it is damaged; that has been told of as any damage is. And what SQLite throws.
    package func lookThroughIfOwed() throws { try damage.watching { try check?.run() } }

    /// Folds the log into the database and closes it. No call may follow.
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
