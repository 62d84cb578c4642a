import Logging
import Platform
import SystemPackage
import TimbreIngest
import TimbreLibrary
import TimbreStore

/// Ingest at work on a thread of its own, by its door alone, over a library that a test has made; no folder is watched.
/// It is stopped when the value goes.
package final class BackgroundIngest {
    package let ingest: Ingest
    /// Closes its database when it goes, which must be later.
    private let owner: AnyObject
    private let ended = Promise<Void, any Error>()

    package static let settings = IngestSettings(
        workers: 2, settle: .milliseconds(250), longest: .seconds(3600), followsSymlinks: false)

    package convenience init(_ test: StoredLibrary) throws { try self.init(test, test.catalog, test.library) }
    package convenience init(_ test: FullDiskLibrary) throws { try self.init(test, test.catalog, test.library) }

    private init(_ owner: AnyObject, _ catalog: Catalog, _ library: LiveLibrary) throws {
        self.owner = owner
        let ingest = try Ingest(
            catalog: catalog, library: library,
            surroundings: IngestSurroundings(extractor: "/nowhere/timbre-extract", boot: "this"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        self.ingest = ingest
        try DetachedThread.start { [ended] in
            // Of no folder it is known where it lies: nothing is forgotten.
            let start = IngestStart(folders: [], haveAllAnswered: false)
            ended.fulfil(Result { try ingest.run(Self.settings, start) {} })
        }
    }

    deinit { stop() }

    /// Ends it, and waits until it has ended.
    package func stop() {
        ingest.stop()
        do { _ = try ended.wait(atMost: .seconds(20)) } catch { preconditionFailure("\(error)") }
    }
}
