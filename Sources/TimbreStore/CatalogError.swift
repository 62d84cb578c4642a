import SystemPackage

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
