import CommandOutput
import TimbreWire

/// What a follower knows of where it is, through all times that the daemon hangs up, stops and starts again.
///
/// The value is told the time, and starts nothing.
struct FollowSession {
    typealias Instant = ContinuousClock.Instant

    /// How a conversation ended.
    enum Ending {
        /// The daemon ended it: it is stopping, or the follower had fallen behind.
        case ended
        /// It broke off.
        case hungUp(Failure)
        /// No daemon answers.
        case nobody(Failure)
    }

    /// To be done before the next attempt.
    struct Wait: Equatable {
        var time: Duration
        /// What people are told; nil if they know.
        var remark: String?
    }

    /// The number of the last event that was told; nil before the first.
    private(set) var number: Int?
    private let hasSnapshot: Bool
    /// Whether anything was ever told.
    private var wasConnected = false
    /// Since when no daemon answers.
    private var aloneSince: Instant?
    private var wasLost = false

    private static let firstWait = Duration.milliseconds(100)
    private static let longestWait = Duration.seconds(2)

    init(since: Int?, hasSnapshot: Bool) {
        number = since
        self.hasSnapshot = hasSnapshot
    }

    /// What to ask for: where the last conversation ended, or a new list, if the caller wants lists.
    var parameters: Follow.Parameters {
        hasSnapshot ? Follow.Parameters(snapshot: true) : Follow.Parameters(since: number)
    }

    /// Notes what was told.
    mutating func told(_ event: Follow.Reply) {
        number = event.number
        (wasConnected, aloneSince) = (true, nil)
        wasLost = event.event == .lost
    }

    /// Decides what to do when a conversation has ended.
    ///
    /// - Returns: What to wait for; nil to go on at once.
    /// - Throws: The failure, if no daemon has ever answered.
    mutating func ended(_ ending: Ending, at now: Instant) throws(Failure) -> Wait? {
        let isNews = aloneSince == nil
        switch ending {
        case .ended where wasLost: return nil
        case .ended: break
        case .hungUp(let failure), .nobody(let failure): guard wasConnected else { throw failure }
        }
        let since = aloneSince ?? now
        aloneSince = since
        let time = min(Self.longestWait, max(Self.firstWait, (now - since) / 4))
        return Wait(time: time, remark: isNews ? "the daemon has gone; waiting for it" : nil)
    }
}
