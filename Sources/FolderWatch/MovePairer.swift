import SystemPackage

/// Joins the two halves of each move, which the kernel tells one after the other with the same cookie.
///
/// A departure without an arrival has left the folders; as this shows only by nothing coming, it waits for a grace
/// time. The value is told the time.
package struct MovePairer {
    package typealias Instant = ContinuousClock.Instant

    /// Something that left its directory, or came into one.
    package struct Half: Sendable, Hashable {
        package var path: FilePath
        package var isDirectory: Bool
        /// Whether its name is one that is looked at.
        package var isCandidate: Bool

        package init(path: FilePath, isDirectory: Bool, isCandidate: Bool) {
            self.path = path
            self.isDirectory = isDirectory
            self.isCandidate = isCandidate
        }
    }

    /// What a move comes to.
    package enum Outcome: Sendable, Hashable {
        /// The same file or directory has another name.
        case moved(from: FilePath)
        /// It came from outside, or had a name that is not looked at, such as that of an unfinished download.
        case appeared
        /// It has got a name that is not looked at.
        case gone(FilePath)
        /// It is and was not looked at.
        case nothing
    }

    /// How long a departure waits for its arrival. The kernel queues both in one call, so that they are hardly ever
    /// farther apart than two reads.
    package let grace: Duration
    private var departures: [UInt32: (half: Half, due: Instant)] = [:]

    package init(grace: Duration = .milliseconds(100)) { self.grace = grace }

    /// Notes the first half of a move.
    package mutating func departed(_ half: Half, cookie: UInt32, at now: Instant) {
        departures[cookie] = (half, now + grace)
    }

    /// Notes the second half of a move, and says what it comes to.
    package mutating func arrived(_ half: Half, cookie: UInt32) -> Outcome {
        guard let departure = departures.removeValue(forKey: cookie)?.half, departure.isCandidate else {
            return half.isCandidate ? .appeared : .nothing
        }
        return half.isCandidate ? .moved(from: departure.path) : .gone(departure.path)
    }

    /// Takes out what left the folders, whose arrival should have come by now.
    package mutating func takeGone(at now: Instant) -> [Half] { take { $0 <= now } }

    /// Takes out what left the folders, when the queue is known to hold all that has happened.
    package mutating func takeAll() -> [Half] { take { _ in true } }

    /// When the next departure has waited for long enough; nil if none waits.
    package var deadline: Instant? { departures.values.lazy.map(\.due).min() }

    private mutating func take(where isOver: (Instant) -> Bool) -> [Half] {
        let over = departures.filter { isOver($0.value.due) }.sorted { $0.value.due < $1.value.due }
        for departure in over { departures[departure.key] = nil }
        return over.map(\.value.half).filter(\.isCandidate)
    }
}
