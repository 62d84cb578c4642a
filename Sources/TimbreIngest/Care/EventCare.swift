import EventStore
import Platform
import SoundEvents
import SoundFeatures
import SystemPackage
import TimbreLibrary
import TimbreStore

/// Finds the events of contents that have none, a few at a time, when there is nothing else to do: of libraries that
/// earlier versions made, of what could not be kept when it came, and of what was not there for a while.
///
/// Nothing is decoded for that. The value is told the time.
struct EventCare {
    typealias Instant = ContinuousClock.Instant

    /// Where the events of a content are now.
    struct Found: Hashable {
        var content: Int64
        var extent: EventExtent
    }

    /// Whether some contents may have none yet: so it is at the start.
    private(set) var isDue = true
    private var backoff = Backoff(first: .seconds(10), longest: .seconds(600))

    /// Frames whose events are found at a time, unless one content has more: 20 minutes, some 0.1 s.
    private static let many = 50_000
    private static let mostContents = 200

    /// When to try again after a failure.
    var next: Instant? { isDue ? backoff.retry : nil }

    func mayWork(at now: Instant) -> Bool { isDue && backoff.mayTry(at: now) }

    /// Notes that some content has none.
    mutating func note() { isDue = true }

    /// Notes that events could not be found or kept.
    ///
    /// - Returns: Whether that is news.
    @discardableResult
    mutating func failed(_ failure: any Error, at now: Instant) -> Bool {
        let words = "\(failure)"
        let isNews = backoff.reason != words
        isDue = true
        backoff.failed(at: now, why: words)
        return isNews
    }

    /// Notes that what was found is stored.
    mutating func succeeded() { backoff.succeeded() }

    /// Finds the events of some contents; they are on disk then, for a turn to say where they are.
    ///
    /// - Returns: None if all contents have theirs; nil if there is no file for them.
    /// - Throws: `Errno` if they cannot be kept, and what the catalog throws.
    mutating func findSome(_ catalog: Catalog, _ table: EventTable) throws -> [Found]? {
        guard let file = table.file else {
            isDue = false
            return nil
        }
        let contents = try catalog.read { try $0.contentsWithoutEvents(limit: Self.mostContents) }
        if contents.isEmpty {
            isDue = false
            backoff.succeeded()
            return []
        }
        var (found, frames): ([Found], Int) = ([], 0)
        for content in contents where frames < Self.many {
            let bands = try catalog.read { try $0.bands(of: content) }
            let count = bands.count / FeatureFrames.bandStride
            found.append(Found(content: content, extent: try file.append(SoundEvents(in: bands), frameCount: count)))
            frames += count
        }
        try file.synchronize()
        return found
    }
}

extension Turn {
    /// Notes where the events of contents are, and that the files that hold them have them.
    func setEvents(_ found: [EventCare.Found]) throws {
        for item in found where try reader.content(item.content) != nil {
            try writer.setEvents(item.extent, of: item.content)
            for file in try reader.files(ofContent: item.content) where file.state == .indexed {
                edit(.events(EventTable.Entry(file: file.id, content: item.content, extent: item.extent)))
            }
        }
    }
}
