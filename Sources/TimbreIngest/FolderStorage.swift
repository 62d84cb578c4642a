import Platform
import SystemPackage

/// Keeps on disk which folders are watched, and the library in step with that: only ingest writes.
///
/// Calls block until the change is on disk. They throw ``IngestBusy`` when ingest has ended, and whatever the catalog throws;
/// then nothing has happened.
package struct FolderStorage: Sendable {
    private let ingest: Ingest

    package init(ingest: Ingest) { self.ingest = ingest }

    /// Records a folder that was added at run time.
    ///
    /// - Parameter note: Called as soon as this is on disk, before any other change of the folders.
    package func add(_ path: FilePath, then note: @escaping @Sendable () -> Void) throws {
        try ingest.perform { loop in
            try loop.transact { try $0.addFolder(path) }
            note()
        }
    }

    /// Records that only these folders are watched, and begins to remove the files of all others from the library; what
    /// was learnt from them is kept.
    ///
    /// - Parameter folders: Evaluated on the ingest thread, in order with other changes of the folders.
    package func keepOnly(_ folders: @autoclosure @escaping @Sendable () -> [FilePath]) throws {
        try ingest.perform { loop in try loop.transact { try $0.keepOnly(folders()) } }
    }

    /// Waits until the library has no files left outside the watched folders. If nothing can be stored, it returns at
    /// once, and ingest carries on as soon as it can.
    ///
    /// - Parameter goOn: Throws to end the wait.
    package func waitUntilForgotten(_ goOn: () throws -> Void) throws {
        while try ingest.perform({ $0.intake.isForgetting }) { try goOn() }
    }

    /// Gives all that is known below a folder another path, and keeps only these folders, as ``keepOnly(_:)`` does, in one
    /// transaction.
    ///
    /// - Parameter note: Called as soon as this is on disk, before any other change of the folders.
    /// - Throws: ``Rebasing/Conflict``; then nothing has happened.
    package func rebase(
        _ rebasing: Rebasing, keeping folders: [FilePath], then note: @escaping @Sendable () -> Void
    ) throws {
        try ingest.perform { loop in
            try loop.transact { turn in
                try rebasing.apply(in: turn)
                try turn.keepOnly(folders)
            }
            note()
        }
    }
}
