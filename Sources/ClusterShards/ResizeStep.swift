/// What is done on one shard when a cluster gets another number of shards, and whether the shard's maps allow it.
///
/// Two who change the number at once are kept apart by a lock, but a lock can be lost with its connection. So each step looks
/// at the maps that it finds: it never gives up a map by which questions go, unless a newer one has taken its place.
enum ResizeStep: Hashable, Sendable {
    /// The shard becomes part of a map.
    case announce
    /// Questions may go by the map.
    case makeReady
    /// All other maps are given up.
    case keep

    /// Why it must not be done; nil if it may.
    ///
    /// - Parameters:
    ///   - map: What the step is about; ready if questions go by it already on any shard.
    ///   - shard: The shard's number.
    ///   - maps: Those that the shard is part of.
    /// - Returns: What is said behind the shard's number.
    func obstacle(to map: ShardMap, on shard: Int, _ maps: [ShardMap]) -> String? {
        let own = maps.first { $0.isSame(as: map) }
        let other = maps.first { $0.number == map.number && !$0.isSame(as: map) }
        if let newer = maps.last(where: { $0.isReady && ($0.number > map.number || $0 == other) }) {
            return "was brought to \(newer.shardCount) shards meanwhile; see `timbrectl status --everywhere`"
        }
        switch self {
        case .announce:
            // What was given up elsewhere while the shard was away goes: questions go by another map of that number.
            guard let other, !map.isReady || maps.contains(where: \.isReady) else { return nil }
            return "is on the way to \(other.shardCount) shards, and not to \(map.shardCount): give that up first, by "
                + "`timbre-cluster resize --to` with the number that there are"
        case .makeReady:
            return own == nil ? "has given up the change to \(map.shardCount) shards meanwhile; run it again" : nil
        case .keep:
            // A shard that is left out has nothing to keep.
            guard shard <= map.shardCount, own?.isReady != true else { return nil }
            return
                "is not ready for \(map.shardCount) shards any more; run `timbre-cluster resize --to \(map.shardCount)`"
        }
    }

    /// Whether all maps have to go before, as one of them is another of the same number, which was given up while the shard was
    /// away.
    ///
    /// - Precondition: There is no obstacle.
    func mustForget(_ maps: [ShardMap], for map: ShardMap) -> Bool {
        self != .makeReady && maps.contains { $0.number == map.number && !$0.isSame(as: map) }
    }

    /// Whether maps are as they must be when it is done.
    func isDone(_ map: ShardMap, _ maps: [ShardMap]) -> Bool {
        switch self {
        case .announce: maps.contains { $0.isSame(as: map) }
        case .makeReady: maps.contains { $0.isSame(as: map) && $0.isReady }
        case .keep: maps.allSatisfy { $0.isSame(as: map) }
        }
    }
}
