import GRDB

/// Tells a disk that cannot be written to from a mistake of ours.
package enum StorageFailure {
    /// Why writing failed, in one line, if the disk or the file is what failed: full, read-only, broken, locked.
    package static func reason(of error: any Error) -> String? {
        guard let error = error as? DatabaseError else { return nil }
        let words = error.message ?? "\(error.resultCode)"
        return switch error.resultCode {
        case .SQLITE_FULL: "the disk is full (\(words)); make room in the state directory"
        case .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_BUSY, .SQLITE_CORRUPT, .SQLITE_NOMEM,
            .SQLITE_PERM:
            "the database cannot be written (\(words))"
        default: nil
        }
    }
}
