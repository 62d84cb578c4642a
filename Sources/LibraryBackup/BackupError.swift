import SystemPackage

/// What is wrong with a backup.
package enum BackupError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Not a backup of timbred.
    case notABackup
    /// Cut short or changed.
    case damaged(String)
    /// A later version has made it.
    case newer(version: String)
    /// The file cannot be read.
    case unreadable(Errno)
    /// The file cannot be written.
    case unwritable(Errno)

    package var description: String {
        switch self {
        case .notABackup: "not a backup of timbred"
        case .damaged(let what): "a damaged backup: \(what)"
        case .newer(let version): "made by timbred \(version), a later version: install that or a later one"
        case .unreadable(let error), .unwritable(let error): "\(error)"
        }
    }
}
