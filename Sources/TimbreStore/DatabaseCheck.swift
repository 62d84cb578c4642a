import Dispatch
import GRDB
import Platform
import Synchronization
import SystemPackage

/// A check of a database that is in use, which can be stopped.
final class DatabaseCheck: Sendable {
    private enum State {
        case waiting
        case running(DatabaseQueue)
        case over
    }

    private let file: DatabaseFile
    private let state = Mutex(State.waiting)

    init(_ file: DatabaseFile) { self.file = file }

    /// Checks the database, within a time limit.
    ///
    /// - Throws: ``CatalogError`` if it is damaged, and what SQLite throws.
    func run() throws {
        let queue: DatabaseQueue? = try state.withLock { state in
            guard case .waiting = state else { return nil }
            let queue = try file.openBesideOthers()
            state = .running(queue)
            return queue
        }
        guard let queue else { return }
        defer { end() }
        try file.scan(queue, .whileInUse)
    }

    /// Stops the check, if it is running; it cannot be started again.
    func end() {
        let queue: DatabaseQueue? = state.withLock { state in
            defer { state = .over }
            guard case .running(let queue) = state else { return nil }
            return queue
        }
        guard let queue else { return }
        queue.interrupt()
        do { try queue.close() } catch {
            // It was only read; there is nothing to lose.
        }
    }
}

extension DatabaseFile {
    /// How thoroughly a database is checked before it is used.
    ///
    /// SQLite checks some 500 MB a second (measured, from memory), so that checking all of a large database would slow
    /// down every start. Damage that is missed here is found when it is read; see ``DamageMark``.
    struct Effort {
        var pragma: String
        var limit: DispatchTimeInterval
        /// Whether a database that cannot be checked in time counts as damaged.
        var mustFinish = false

        /// After a crash, in which the disk may have lost something: as much as a start has time for.
        static let afterCrash = Effort(pragma: "quick_check(1)", limit: .milliseconds(100))
        /// The rest, once the start is over.
        static let whileInUse = Effort(pragma: "quick_check(1)", limit: .seconds(10))
        static let small = Effort(pragma: "quick_check(1)", limit: .seconds(1))
        /// After SQLite has found damage.
        static let afterDamage = Effort(pragma: "integrity_check(1)", limit: .seconds(20), mustFinish: true)
    }

    /// Databases up to this size, in bytes, are checked at every start.
    private static let small: Int64 = 64 << 20

    /// Checks that the file is a database of ours and is not damaged. A file that does not exist passes.
    ///
    /// - Returns: Whether the check has to be finished while the database is in use, as there was no time for all of it.
    /// - Throws: ``CatalogError`` if it belongs to another program or is damaged, and what SQLite throws.
    @discardableResult
    func check() throws -> Bool {
        guard let size = path.fileSize, size > 0 else { return false }
        let isMarked = DamageMark(of: path).isSet
        let isUnfinished = !isMarked && !wasClosed && size > Self.small
        let effort: Effort? = isMarked ? .afterDamage : isUnfinished ? .afterCrash : size <= Self.small ? .small : nil
        let queue = try openAsItIs()
        try refuseForeign(queue)
        if let effort { try scan(queue, effort) }
        return isUnfinished
    }

    /// An SQLite file that carries another program's mark is left alone.
    private func refuseForeign(_ queue: DatabaseQueue) throws {
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

    func scan(_ queue: DatabaseQueue, _ effort: Effort) throws {
        let alarm = DispatchWorkItem { queue.interrupt() }
        DispatchQueue.global().asyncAfter(deadline: .now() + effort.limit, execute: alarm)
        defer { alarm.cancel() }
        do {
            let found = try queue.read { try String.fetchOne($0, sql: "PRAGMA \(effort.pragma)") } ?? "no answer"
            if found != "ok" {
                throw CatalogError(path, .damaged, found.split(separator: "\n").joined(separator: "; "))
            }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT {
            if effort.mustFinish {
                throw CatalogError(path, .damaged, "it was found damaged, and is too large to be looked through")
            }
        }
    }
}
