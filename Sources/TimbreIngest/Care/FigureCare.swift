import SoundFeatures
import TimbreDescriptors
import TimbreLibrary
import TimbreStore

/// Computes the plain figures of contents that have none, a few at a time, when there is nothing else to do: of libraries
/// that earlier versions made, and of all if figures have come to mean something else.
///
/// Nothing is decoded for that. New sounds come with theirs. The value is told the time.
struct FigureCare {
    typealias Instant = ContinuousClock.Instant

    /// What was found of a content.
    struct Found: Hashable {
        var content: Int64
        /// See ``SoundFigures/bytes``.
        var figures: [UInt8]
    }

    /// Whether some contents may have none yet: so it is at the start.
    private(set) var isDue = true
    private var backoff = Backoff(first: .seconds(10), longest: .seconds(600))

    /// Contents, and frames unless one content has more, that are looked at at a time: some 50 ms.
    private static let mostContents = 200
    private static let many = 50_000

    /// When to try again after a failure.
    var next: Instant? { isDue ? backoff.retry : nil }

    func mayWork(at now: Instant) -> Bool { isDue && backoff.mayTry(at: now) }

    /// Notes that figures could not be stored: the reason is reported elsewhere.
    mutating func failed(_ failure: any Error, at now: Instant) { backoff.failed(at: now, why: "\(failure)") }

    /// Notes that what was found is stored.
    mutating func succeeded() { backoff.succeeded() }

    /// Computes the figures of some contents, for a turn to store.
    ///
    /// - Returns: None if all contents have theirs.
    mutating func findSome(_ catalog: Catalog) throws -> [Found] {
        let contents = try catalog.read { try $0.contentsWithoutFigures(limit: Self.mostContents) }
        if contents.isEmpty {
            isDue = false
            backoff.succeeded()
        }
        var (found, frames): ([Found], Int) = ([], 0)
        for content in contents where frames < Self.many {
            let bands = try catalog.read { try $0.bands(of: content) }
            found.append(Found(content: content, figures: SoundFrames.figureBytes(of: bands)))
            frames += bands.count / FeatureFrames.bandStride
        }
        return found
    }
}

extension Turn {
    /// Stores figures, and gives them to the files that hold the contents.
    func setFigures(_ found: [FigureCare.Found]) throws {
        for item in found {
            try writer.setFigures(item.figures, of: item.content)
            let figures = SoundFigures(bytes: item.figures)
            for file in try reader.files(ofContent: item.content) where file.state == .indexed {
                edit(.figures(file.id, figures))
            }
        }
    }
}
