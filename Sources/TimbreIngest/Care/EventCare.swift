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

    /// Finds the events of some contents.
    ///
    /// - Parameter transact: Makes a turn.
    /// - Returns: Whether it is known now that all contents have theirs.
    /// - Throws: `Errno` if they cannot be kept, and what the catalog throws.
    mutating func workSome(
        _ catalog: Catalog, _ table: EventTable, _ transact: ((Turn) throws -> Void) throws -> Void
    ) throws -> Bool {
        guard let file = table.file else {
            isDue = false
            return false
        }
        let contents = try catalog.read { try $0.contentsWithoutEvents(limit: Self.mostContents) }
        if contents.isEmpty {
            isDue = false
            backoff.succeeded()
            return true
        }
        var (found, frames): ([(content: Int64, extent: EventExtent)], Int) = ([], 0)
        for content in contents where frames < Self.many {
            let bands = try catalog.read { try $0.bands(of: content) }
            let count = bands.count / FeatureFrames.bandStride
            found.append((content, try file.append(SoundEvents(in: bands), frameCount: count)))
            frames += count
        }
        try file.synchronize()
        try transact { turn in try turn.setEvents(found) }
        backoff.succeeded()
        return false
    }
}

extension Turn {
    /// Notes where the events of contents are, and that the files that hold them have them.
    fileprivate func setEvents(_ found: [(content: Int64, extent: EventExtent)]) throws {
        for (content, extent) in found where try reader.content(content) != nil {
            try writer.setEvents(extent, of: content)
            for file in try reader.files(ofContent: content) where file.state == .indexed {
                edit(.events(EventTable.Entry(file: file.id, content: content, extent: extent)))
            }
        }
    }
}
