import Platform
import Synchronization
import SystemPackage

/// What happens in the library, in the order of the commits, for any number of followers.
///
/// Ingest tells what happened, after each commit, and waits for nobody. A follower reads at its own pace from the one ring
/// that all share: there is no queue for each. What has been told can be found in the library by then.
package final class Feed: Sendable {
    private struct State {
        var ring: FeedRing
        /// Followers that have read everything, and wait to be woken.
        var waiting: [UInt64: EventSignal] = [:]
        var followerCount = 0
        var nextFollower: UInt64 = 0
        var isClosed = false
    }

    /// What a follower finds.
    package enum Reading: Sendable {
        /// Nothing more has happened. The follower's signal is raised when something does.
        case nothing
        /// What happened next; the first batch may begin before the number that was asked for.
        case batches(ArraySlice<FeedBatch>)
        /// Some of what happened is not kept any more: all up to this number.
        case lost(upTo: Int64)
        /// Nothing more will be told; this was the last number.
        case closed(at: Int64)
    }

    /// There are as many followers as there may be.
    package struct Full: Error, Hashable {}

    /// Followers at one time: they keep a connection each, and some have to be left for questions.
    package static let mostFollowers = 100
    /// Happenings that are kept: some 10 MB of them, and half a minute of the fastest indexing.
    package static let capacity = 32_768

    private let state: Mutex<State>

    /// - Parameter start: Nothing has this number, the first thing that happens has the next. By default it is another with
    ///   every start of the service, so that a number of the run before is not taken for one of this.
    package init(capacity: Int = Feed.capacity, start: Int64 = .random(in: 1...4_000_000) * 1_000_000_000) {
        state = Mutex(State(ring: FeedRing(capacity: capacity, start: start)))
    }

    /// The number of the last thing that happened.
    package var last: Int64 { state.withLock { $0.ring.last } }

    /// Whether a follower has read everything, and waits for more.
    var isWaitedFor: Bool { state.withLock { !$0.waiting.isEmpty } }

    /// Tells what happened, at seconds since 1970.
    package func tell(_ happenings: [Happening], at time: Double) {
        guard !happenings.isEmpty else { return }
        wake { $0.ring.append(happenings, at: time) }
    }

    /// Lets every follower end.
    package func close() { wake { $0.isClosed = true } }

    private func wake(_ change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            defer { state.waiting = [:] }
            return state.waiting
        }
        for signal in waiting.values { signal.raise() }
    }

    /// Begins to follow.
    ///
    /// - Throws: ``Full``, and `Errno` if the kernel gives no more descriptors.
    package func follow() throws -> Follower {
        let signal = try EventSignal()
        let number = try state.withLock { state throws(Full) in
            guard state.followerCount < Self.mostFollowers else { throw Full() }
            state.followerCount += 1
            state.nextFollower += 1
            return state.nextFollower
        }
        return Follower(feed: self, number: number, signal: signal)
    }

    fileprivate func read(after number: Int64, as follower: Follower) -> Reading {
        state.withLock { state in
            guard let batches = state.ring.batches(after: number) else { return .lost(upTo: state.ring.last) }
            if !batches.isEmpty { return .batches(batches) }
            if state.isClosed { return .closed(at: state.ring.last) }
            state.waiting[follower.number] = follower.signal
            return .nothing
        }
    }

    fileprivate func leave(_ follower: UInt64) {
        state.withLock { state in
            state.waiting[follower] = nil
            state.followerCount -= 1
        }
    }
}

/// One who follows a feed, until the value goes.
package final class Follower: Sendable {
    private let feed: Feed
    fileprivate let number: UInt64
    /// Raised when there is something new, after a reading found nothing.
    package let signal: EventSignal

    fileprivate init(feed: Feed, number: UInt64, signal: EventSignal) {
        self.feed = feed
        self.number = number
        self.signal = signal
    }

    deinit { feed.leave(number) }

    /// What happened after a number.
    package func read(after number: Int64) -> Feed.Reading {
        signal.lower()
        return feed.read(after: number, as: self)
    }
}
