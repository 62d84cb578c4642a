import ClusterShards

/// By which map a question goes: decided from those that shards were part of when they were last asked.
///
/// Between the moment at which a first shard is ready for a new map, and that at which a last one is, all still have the old
/// one; so there is always a map for which all are ready.
struct MapChoice {
    /// The maps of each shard that has said so, by its number.
    var known: [Int: [ShardMap]] = [:]

    /// The newest map for which all its shards are ready, as far as is known of them. Else the newest for which any is: one that
    /// was restored from an older backup knows nothing of it, and is missing then.
    var best: ShardMap? {
        let candidates = Set(known.values.joined().filter(\.isReady)).sorted { $0.number > $1.number }
        return candidates.first { map in
            known.allSatisfy { number, maps in number > map.shardCount || maps.contains(map) }
        } ?? candidates.first
    }

    /// How many shards there will be, if that is about to change.
    var nextCount: Int? {
        guard let newest = known.values.joined().max(by: { $0.number < $1.number }), let best else { return nil }
        return newest.number > best.number ? newest.shardCount : nil
    }
}
