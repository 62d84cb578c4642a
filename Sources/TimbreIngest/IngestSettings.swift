import FolderWatch
import LibraryFeed
import Logging
import SoundFeatures
import SystemPackage
import TimbreIndex
import TimbreLibrary
import TimbreStore

/// What ingest takes from the configuration.
package struct IngestSettings: Sendable, Equatable {
    /// Extraction processes.
    package var workers: Int
    /// How long a file must have been left alone before it is read.
    package var settle: Duration
    /// Longer sounds are skipped.
    package var longest: Duration
    package var followsSymlinks: Bool
    /// Which names are left out.
    package var filter: NameFilter
    /// How much of an archive is unpacked.
    package var archives: ArchiveLimits

    package init(
        workers: Int, settle: Duration, longest: Duration, followsSymlinks: Bool, filter: NameFilter = NameFilter(),
        archives: ArchiveLimits = ArchiveLimits()
    ) {
        self.workers = workers
        self.settle = settle
        self.longest = longest
        self.followsSymlinks = followsSymlinks
        self.filter = filter
        self.archives = archives
    }
}

/// What stays the same for as long as ingest runs.
package struct IngestSurroundings: Sendable {
    /// The program that decodes sounds.
    package var extractor: FilePath
    /// Which boot of the machine this is.
    package var boot: String

    package init(extractor: FilePath, boot: String) {
        self.extractor = extractor
        self.boot = boot
    }
}

/// What a loop is made of.
struct IngestParts {
    var catalog: Catalog
    var library: LiveLibrary
    var feed: Feed
    var surroundings: IngestSurroundings
    var settings: IngestSettings
    var isPaused: Bool
    var logger: Logger
    var board: IngestStatusBoard
    /// What has to be done at the start; nil if nothing.
    var opening: IngestStart?
    var fileOpening = FileOpening()
    var packPlan = PackPlan(size: TimbreIndex.filesPerPack)
    /// Tells the service manager what ingest is doing.
    var announce: (String) -> Void = { _ in }
    /// Asks the watcher to look at everything again.
    var lookAgain: () -> Void = {}
}

/// Ingest cannot do now what it was asked for.
package struct IngestBusy: Error, Hashable, Sendable {
    package var reason: String

    package static let stopping = IngestBusy(reason: "timbred is stopping")
    static let paused = IngestBusy(reason: "ingest is paused; timbrectl resume lets it go on")
}
