import GRDB
import GRDBSQLite
import Platform
import SystemPackage

/// A database file that SQLite leaves as it is while this value is there: the library at one moment, to be copied.
///
/// What was committed before is in the file, and what is committed meanwhile goes to the log alone, which grows until this
/// ends; nobody waits. SQLite's own ways to copy, its backup and `VACUUM INTO`, want a file by its name: they would first
/// put a second library into the state directory, the only place where the service may write.
package final class FrozenDatabase: Sendable {
    /// The library at that moment.
    package let moment: CatalogSnapshot
    /// Bytes of the file.
    package let size: Int64
    private let path: FilePath
    /// When the file was last changed, in nanoseconds since 1970.
    private let changed: Int64

    init(_ path: FilePath, _ moment: CatalogSnapshot) throws {
        self.path = path
        self.moment = moment
        changed = try FileStatus(of: path, following: true).changed
        size = try moment.read { Int64(try $0.size()) }
    }

    /// Reads a piece of the file, all of it.
    ///
    /// SQLite reads it: a file that is opened besides and closed would take its locks away, as "How To Corrupt An SQLite
    /// Database File", sqlite.org/howtocorrupt.html, says in 2.2.
    ///
    /// - Precondition: The piece is not beyond the end.
    package func bytes(_ piece: Range<Int64>) throws -> [UInt8] {
        precondition(piece.lowerBound >= 0 && piece.upperBound <= size)
        return try moment.read { reader in try reader.database.fileBytes(piece) }
    }

    /// Whether nothing has been written to the file since this began, as must be.
    package var isUntouched: Bool {
        do throws(Errno) { return try FileStatus(of: path, following: true).changed == changed } catch { return false }
    }
}

extension Database {
    /// Reads a piece of the database's file, past all that SQLite keeps in memory.
    fileprivate func fileBytes(_ piece: Range<Int64>) throws -> [UInt8] {
        var file: UnsafeMutablePointer<sqlite3_file>?
        let found = unsafe sqlite3_file_control(sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, &file)
        guard found == SQLITE_OK, let file = unsafe file, let read = unsafe file.pointee.pMethods?.pointee.xRead else {
            throw DatabaseError(resultCode: .SQLITE_MISUSE, message: "the database has no file")
        }
        var code = SQLITE_OK
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: piece.count) { room, used in
            unsafe code = read(file, room.baseAddress, CInt(piece.count), piece.lowerBound)
            used = code == SQLITE_OK ? piece.count : 0
        }
        guard code == SQLITE_OK else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code), message: "the database cannot be read")
        }
        return bytes
    }
}
