import Logging
import Platform
import SystemPackage
import TimbreIngest
import TimbreLibrary
import TimbreStore

/// Ingest at work on a thread of its own, by its door alone; stopped when the value goes.
package final class BackgroundIngest {
    package let ingest: Ingest
    private let ended = Promise<Void, any Error>()

    package static let settings = IngestSettings(
        workers: 2, settle: .milliseconds(250), longest: .seconds(3600), followsSymlinks: false)

    package init(_ catalog: Catalog, _ library: LiveLibrary) throws {
        ingest = try Ingest(
            catalog: catalog, library: library,
            surroundings: IngestSurroundings(extractor: "/nowhere/timbre-extract", boot: "this"),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let (ingest, ended) = (ingest, ended)
        try DetachedThread.start {
            let start = IngestStart(folders: [], haveAllAnswered: false)
            ended.fulfil(Result { try ingest.run(Self.settings, start) {} })
        }
    }

    package convenience init(_ test: StoredLibrary) throws { try self.init(test.catalog, test.library) }

    deinit { stop() }

    /// Ends it and waits until it has.
    package func stop() {
        ingest.stop()
        do { _ = try ended.wait(atMost: .seconds(20)) } catch { preconditionFailure("\(error)") }
    }
}
