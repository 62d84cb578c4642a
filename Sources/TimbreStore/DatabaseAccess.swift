import Dispatch
import GRDB
import Glibc
import Platform
import Synchronization
import SystemPackage

/// The connections to a database that may not be writable yet, on a disk that is full or read-only.
///
/// It is then opened read-only, and each write first tries to reopen it for writing.
final class DatabaseAccess: Sendable {
    private struct Connections {
        var pool: DatabasePool
        var isReadOnly = false
    }

    private let file: DatabaseFile
    private let connections: Mutex<Connections>
    /// Reads run on it concurrently; replacing the connections waits for them, and they for that.
    private let turns = DispatchQueue(label: "timbred.catalog.turns", attributes: .concurrent)

    /// - Throws: What opening the database for writing throws, if it cannot be opened for reading either.
    init(_ file: DatabaseFile) throws {
        self.file = file
        do {
            connections = Mutex(Connections(pool: try file.openForWriting()))
        } catch let failure where StorageFailure.isOfWriting(failure) {
            do {
                connections = Mutex(Connections(pool: try file.openForReading(), isReadOnly: true))
            } catch  where StorageFailure.isOfWriting(error) {
                throw failure
            }
        }
    }

    /// Whether nothing could be written up to now.
    var isReadOnly: Bool { connections.withLock { $0.isReadOnly } }

    func read<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try turns.sync { try pool.read(body) }
    }

    /// Runs `body` in one transaction. Called by one thread at a time.
    func write<Result>(_ body: (Database) throws -> Result) throws -> Result {
        if isReadOnly { try openForWriting() }
        return try pool.write(body)
    }

    /// Lets go of the pages that the connection for writing keeps. Called by the thread that writes.
    func forgetPages() throws {
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA shrink_memory") }
    }

    func makeSnapshot() throws -> DatabaseSnapshot { try turns.sync { try pool.makeSnapshot() } }

    /// Folds the log into the file and begins a read that has no need of the log: as long as it lasts, nothing is written
    /// to the file. Called by the thread that writes.
    ///
    /// A reader that finds the whole log in the file holds the lock that whoever folds the log has to have; source:
    /// "Locks" in "WAL-mode File Format", sqlite.org/walformat.html, of WAL_READ_LOCK(0).
    ///
    /// - Returns: nil while somebody reads an earlier moment, for which the log is needed, or nothing can be written.
    func freeze() throws -> DatabaseSnapshot? {
        guard !isReadOnly else { return nil }
        // PASSIVE waits for nobody.
        let isFolded = try pool.writeWithoutTransaction { database in
            try database.first("PRAGMA wal_checkpoint(PASSIVE)") { $0.int(0) == 0 && $0.int(1) == $0.int(2) } ?? false
        }
        return isFolded ? try makeSnapshot() : nil
    }

    func close() throws { try turns.sync(flags: .barrier) { try DatabaseFile.close(pool) } }

    private var pool: DatabasePool { connections.withLock { $0.pool } }

    /// - Throws: Why nothing can be written yet; reads go on as before.
    private func openForWriting() throws {
        try proveRoom()
        try turns.sync(flags: .barrier) {
            // Connections that only read keep others of the same process from more.
            try DatabaseFile.close(pool)
            do {
                let opened = try file.openForWriting()
                connections.withLock { $0 = Connections(pool: opened) }
            } catch {
                let opened = try file.openForReading()
                connections.withLock { $0 = Connections(pool: opened, isReadOnly: true) }
                throw error
            }
        }
    }

    /// Bytes that a database needs beside it when it is opened for writing, and some more.
    private static let room = 256 << 10

    /// Writes a file as large as what SQLite is going to need, and removes it again: readers are disturbed only if that
    /// works.
    private func proveRoom() throws {
        guard unsafe file.path.withPlatformString({ unsafe access($0, W_OK) }) == 0 else {
            throw DatabaseError(resultCode: .SQLITE_READONLY, message: "\(Errno.last)")
        }
        let trial = file.path.adding(".trial")
        do {
            let written = try FileDescriptor.open(
                trial, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
            try written.closeAfter {
                try written.writeAll([UInt8](repeating: 0, count: Self.room))
                if fdatasync(written.rawValue) != 0 { throw Errno.last }
            }
            try trial.removeFile()
        } catch let failure as Errno {
            do { try trial.removeFile() } catch {
                // It is overwritten by the next trial.
            }
            throw DatabaseError(resultCode: StorageFailure.code(of: failure), message: "\(failure)")
        }
    }
}
