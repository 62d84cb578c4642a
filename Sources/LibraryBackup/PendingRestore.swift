import Glibc
import Platform
import SystemPackage

/// A restore that is finished by the start, before anybody opens the library.
///
/// Each step is one rename, and from whichever the last start was cut off at, this one goes on: as long as the restored
/// database is still in its folder, what is in the state directory is the old library, of which the rest is moved aside;
/// then the restored files follow, the database first.
package struct PendingRestore {
    private let database: FilePath
    private var state: FilePath { database.removingLastComponent() }

    /// What was done.
    package struct Outcome: Hashable, Sendable {
        /// Where the library lies that was there before.
        package var aside: FilePath
    }

    /// - Parameter database: The database in the state directory.
    package init(of database: FilePath) { self.database = database }

    /// Puts a library in its place that was read from a backup, and removes what is left of a backup that was not read to its
    /// end.
    ///
    /// - Returns: nil if there was none.
    /// - Throws: `Errno`; the next start then goes on.
    package func finish() throws(Errno) -> Outcome? {
        try RestoreFolders.removeParts(in: state)
        guard let folders = try RestoreFolders.waiting(in: state) else { return nil }
        let restored = folders.staged.appending(LibraryBackup.Name.database)
        if restored.fileSize != nil {
            try moveAside(folders)
            try restored.replace(database)
        }
        let events = folders.staged.appending(LibraryBackup.Name.events)
        if events.fileSize != nil { try events.replace(database.adding("-events")) }
        let configuration = folders.staged.appending(LibraryBackup.Name.configuration)
        if configuration.fileSize != nil { try configuration.replace(folders.configuration) }
        try state.syncFolder()
        try folders.staged.removeFolder()
        try state.syncFolder()
        return Outcome(aside: folders.aside)
    }

    /// What belongs to a database, by the ends of the files' names; the index of its log is of no use without it.
    private static let suffixes = ["", "-wal", "-events", "-events-new", ".keepsakes", ".suspect"]

    private func moveAside(_ folders: RestoreFolders) throws(Errno) {
        try folders.aside.makePrivateFolder()
        for file in Self.suffixes.map(database.adding) + [folders.configuration] where file.fileSize != nil {
            try file.replace(folders.aside.appending(bytes: file.nameBytes))
        }
        try database.adding("-shm").removeFile()
        try folders.aside.syncFolder()
        try state.syncFolder()
    }
}
