import Glibc
import Platform
import SystemPackage
import TimbreStore

/// A backup that is read into the state directory, to take the library's place at the next start.
///
/// It is read into a folder whose name ends in `.part`. When all of it is there, proven and on disk, the folder loses that
/// ending, at one instant: what ``PendingRestore`` finds is either nothing or a whole library.
package struct StagedRestore {
    private let folders: RestoreFolders
    private var state: FilePath { folders.state }

    /// - Parameters:
    ///   - database: The database in the state directory.
    ///   - time: In seconds since 1970.
    package init(besides database: FilePath, at time: Double) {
        folders = RestoreFolders(unusedIn: database.removingLastComponent(), at: time)
    }

    /// Where the library that is there now will lie.
    package var aside: FilePath { folders.aside }

    /// What was read from a backup.
    package struct Outcome: Hashable, Sendable {
        package var manifest: BackupManifest
        /// Where the configuration of the backup will lie, for people to compare with; nil if it is the present one, or none.
        package var configuration: FilePath?
    }

    /// Reads a backup, and has it restored by the next start.
    ///
    /// - Parameters:
    ///   - source: Open for reading; a file, or a pipe.
    ///   - configuration: The present configuration file, which need not be there.
    ///   - isCopy: Whether the library gets a name of its own, because the one that the backup was made of lives on elsewhere.
    ///   - goOn: Is told, now and then, how many bytes were read; throws to end it.
    /// - Throws: ``BackupError`` if it is none, or cannot be read, `Errno` if it cannot be written down here, ``CatalogError``
    ///   if the database in it is of no use, and what `goOn` throws. Nothing is left then.
    package func receive(
        _ source: FileDescriptor, besides configuration: FilePath, asCopy isCopy: Bool,
        _ goOn: (_ done: Int64) throws -> Void
    ) throws -> Outcome {
        try folders.removeParts()
        do {
            let manifest = try read(source, goOn)
            let database = folders.part.appending(LibraryBackup.Name.database)
            let copy = DatabaseCopy(database)
            let count = try copy.examine()
            guard count == manifest.files else {
                throw BackupError.damaged(
                    "\(CountedNoun.text(count, "file")) \(count == 1 ? "is" : "are") in it, and \(manifest.files) should be"
                )
            }
            if isCopy { try copy.rename() }
            let isNews = try keepConfiguration(unlessSameAs: configuration)
            try commit()
            return Outcome(manifest: manifest, configuration: isNews ? folders.configuration : nil)
        } catch {
            try folders.removeParts()
            throw error
        }
    }

    private func read(_ source: FileDescriptor, _ goOn: (Int64) throws -> Void) throws -> BackupManifest {
        var reader = try BackupReader(source)
        try folders.part.makePrivateFolder()
        var names: Set<String> = []
        while let name = try reader.next() {
            // What a later version of the same format has more, this one can do without.
            guard RestoreFolders.restored.contains(name) else {
                try reader.contents { _ in }
                continue
            }
            guard names.insert(name).inserted else { throw BackupError.damaged("\(name) is in it twice") }
            let file = try OwnedDescriptor.open(folders.part.appending(name), O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
            let start = reader.readCount
            var done: Int64 = 0
            try reader.contents { bytes in
                try goOn(start + done)
                try file.descriptor.writeAll(bytes)
                done += Int64(bytes.count)
            }
            if fsync(file.descriptor.rawValue) != 0 { throw Errno.last }
        }
        guard names.contains(LibraryBackup.Name.database) else { throw BackupError.damaged("no database is in it") }
        return reader.manifest
    }

    /// - Returns: Whether there is one that is another than the present one.
    private func keepConfiguration(unlessSameAs present: FilePath) throws(Errno) -> Bool {
        let restored = folders.part.appending(LibraryBackup.Name.configuration)
        guard restored.fileSize != nil else { return false }
        do throws(Errno) {
            guard try present.contents() == restored.contents() else { return true }
        } catch {
            // None to compare with.
            return true
        }
        try restored.removeFile()
        return false
    }

    private func commit() throws {
        let database = try OwnedDescriptor.open(folders.part.appending(LibraryBackup.Name.database), O_RDONLY)
        if fsync(database.descriptor.rawValue) != 0 { throw Errno.last }
        try folders.part.syncFolder()
        // Of two that wait for a start, the later one counts.
        try RestoreFolders.removeWaiting(in: state)
        try folders.part.replace(folders.staged)
        try state.syncFolder()
    }
}
