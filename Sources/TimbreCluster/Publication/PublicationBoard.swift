import Logging
import Platform
import Synchronization

/// How the publication to each shard is getting on, for status and journal.
package final class PublicationBoard: Sendable {
    /// What is known of one shard.
    package enum State: Hashable, Sendable {
        case starting
        /// Changes up to this number were taken in; whether these were all.
        case published(next: Int, isCurrent: Bool)
        /// Nothing can be published, for this reason, since a time in seconds since 1970.
        case held(why: String, since: Double)
    }

    private let states: Mutex<[Int: State]>
    /// The largest number of shards that the journal was told of, if some have no address here: shards that are told of a change
    /// one after the other say different ones.
    private let toldCount = Mutex(0)
    private let logger: Logger
    private let tell: @Sendable (String) -> Void

    /// - Parameters:
    ///   - shards: The numbers of the shards.
    ///   - tell: Is given a line whenever something changed.
    package init(shards: [Int], logger: Logger, tell: @escaping @Sendable (String) -> Void) {
        states = Mutex(Dictionary(uniqueKeysWithValues: shards.map { ($0, .starting) }))
        self.logger = logger
        self.tell = tell
    }

    package func state(of shard: Int) -> State { states.withLock { $0[shard] } ?? .starting }

    func published(_ shard: Int, name: String, upTo next: Int, isCurrent: Bool) {
        let before = set(.published(next: next, isCurrent: isCurrent), of: shard)
        if case .held = before { logger.notice("shard \(shard), \(name): it is published to again") }
    }

    /// Notes why nothing can be published. The journal is told once, however often it is tried.
    func held(_ shard: Int, name: String, why: String) {
        if case .held(why, _) = state(of: shard) { return }
        set(.held(why: why, since: WallClock.seconds()), of: shard)
        logger.warning("shard \(shard), \(name): nothing is published: \(why); it is tried again until it works")
    }

    /// Notes how many shards there are, or are about to be: those that the configuration does not name cannot be published to.
    func counted(_ shardCount: Int) {
        let named = states.withLock(\.count)
        let isNew = toldCount.withLock { told in
            defer { told = max(told, shardCount) }
            return shardCount > told
        }
        guard isNew, shardCount > named else { return }
        logger.warning(
            """
            there are to be \(shardCount) shards, and timbred.toml names \(named): add the others behind them, and restart \
            timbre-cluster; until then the number of shards does not change
            """)
    }

    @discardableResult
    private func set(_ state: State, of shard: Int) -> State? {
        let (before, line) = states.withLock { states in
            let before = states[shard]
            states[shard] = state
            return (before, Self.line(states))
        }
        if before != state { tell(line) }
        return before
    }

    /// All of it in one line.
    private static func line(_ states: [Int: State]) -> String {
        let held = states.filter { if case .held = $0.value { true } else { false } }.keys.sorted()
        let behind = states.count { if case .published(_, let isCurrent) = $0.value { !isCurrent } else { false } }
        var words = "\(states.count) shards"
        if behind > 0 { words += ", \(behind) being published to" }
        if !held.isEmpty { words += ", nothing is published to \(held.map { "\($0)" }.joined(separator: ", "))" }
        return words
    }
}
