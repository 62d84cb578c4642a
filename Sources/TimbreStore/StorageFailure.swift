import GRDB
import SystemPackage

/// Tells a disk that cannot be written to from a mistake of ours.
package enum StorageFailure {
    /// Why writing failed, in one line, if the disk or the file is what failed: full, read-only, broken, locked.
    package static func reason(of error: any Error) -> String? {
        guard let error = error as? DatabaseError else { return nil }
        let words = error.message ?? "\(error.resultCode)"
        return switch error.resultCode {
        case .SQLITE_FULL: "the disk is full (\(words)); make room in the state directory"
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: Self.damage(words)
        case .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_BUSY, .SQLITE_NOMEM, .SQLITE_PERM:
            "the database cannot be written (\(words))"
        default: nil
        }
    }

    /// What SQLite found damaged, in its words, if that is what the error is about.
    package static func damage(of error: any Error) -> String? {
        switch error {
        case let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode):
            error.message ?? "\(error.resultCode)"
        case let error as CatalogError where error.reason == .damaged: error.detail
        default: nil
        }
    }

    /// What there is to say and to do about damage that was found.
    static func damage(_ words: String) -> String {
        "the database is damaged (\(words)); restart timbred: it is then looked through and, if need be, moved aside and "
            + "made anew from the sounds"
    }

    /// Whether the disk refuses to be written to, as it may for a while; what is on it may still be read.
    package static func isOfWriting(_ error: any Error) -> Bool {
        guard let error = error as? DatabaseError else { return false }
        return switch error.resultCode {
        case .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: true
        default: false
        }
    }

    /// How SQLite would call a failure of the system.
    static func code(of failure: Errno) -> ResultCode {
        switch failure {
        case .noSpace, .diskQuotaExceeded: .SQLITE_FULL
        case .readOnlyFileSystem, .permissionDenied, .notPermitted: .SQLITE_READONLY
        default: .SQLITE_IOERR
        }
    }
}

/// Why the database cannot be used, in one line that names the file and says what to do.
package struct CatalogError: Error, Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// The file is no SQLite database, or one of another program.
        case notACatalog
        /// A later version of timbred has written it.
        case newer
        /// SQLite finds it damaged.
        case damaged
        /// It cannot be opened, read or written.
        case unusable
    }

    /// The database in question.
    package var path: FilePath
    /// What went wrong, for a program.
    package var reason: Reason
    /// What went wrong, in SQLite's or the system's words; empty where the reason says all.
    package var detail: String

    package init(_ path: FilePath, _ reason: Reason, _ detail: String = "") {
        self.path = path
        self.reason = reason
        self.detail = detail
    }
}

extension CatalogError: CustomStringConvertible {
    package var description: String {
        let said = detail.isEmpty ? "" : " (\(detail))"
        return switch reason {
        case .notACatalog:
            "\(path): this is not a database of timbred\(said); move it away, or name another state directory"
        case .newer:
            "\(path): written by a later version of timbred; install that version again, or name another state directory"
        case .damaged:
            "\(path): the database is damaged\(said); move it away and start again: the sounds are read anew"
        case .unusable: "\(path): the database cannot be used\(said)"
        }
    }
}
