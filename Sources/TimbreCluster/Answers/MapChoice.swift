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
    ///
    var best: ShardMap? {
        let candidates = Set(known.values.joined().filter(\.isReady)).sorted { $0.number > $1.number }
            .filter { !isOutOfDate($0) }
        return candidates.first { map in
            known.allSatisfy { number, maps in number > map.shardCount || maps.contains(map) }
        } ?? candidates.first
    }

    /// Whether a shard beyond a map is ready for a newer one: as those beyond become ready last, the shards of the map were
    /// restored from a time before.
    func isOutOfDate(_ map: ShardMap) -> Bool {
        known.contains { number, maps in
            number > map.shardCount && maps.contains { $0.isReady && $0.number > map.number }
        }
    }

    /// How many shards there will be, if that is about to change. Shards beyond those that there are have no say: nobody asks them
    /// whether the change was given up.
    var nextCount: Int? {
        guard let best else { return nil }
        let maps = known.filter { $0.key <= best.shardCount }.values.joined()
        guard let newest = maps.max(by: { $0.number < $1.number }) else { return nil }
        return newest.number > best.number ? newest.shardCount : nil
    }
}
