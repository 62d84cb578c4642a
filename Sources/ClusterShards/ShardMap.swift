import ShardConnections

/// How sounds are spread over the shards of a cluster: by the first bytes of their hashes, so that copies are on one shard
/// wherever they lie.
///
/// A cluster has one map. While the number of its shards changes it has two, and machines publish for both.
package struct ShardMap: Hashable, Sendable {
    /// Later maps have greater numbers.
    package var number: Int
    /// The shards are those from 1 to this.
    package var shardCount: Int
    /// Whether questions may go by it: all that was published for another map is there for this one as well.
    package var isReady: Bool

    package init(number: Int, shardCount: Int, isReady: Bool) {
        self.number = number
        self.shardCount = shardCount
        self.isReady = isReady
    }

    /// Whether it is the same map, ready or not. The number alone does not tell: that of a map which was given up before it was
    /// ready is used again.
    package func isSame(as other: ShardMap) -> Bool { number == other.number && shardCount == other.shardCount }

    /// The shard that keeps a sound.
    ///
    /// - Parameter hash: 32 bytes.
    /// - Returns: The shard's number, from 1.
    package func shard(of hash: [UInt8]) -> Int {
        Int(hash.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) } % UInt32(shardCount)) + 1
    }
}

extension [ShardMap] {
    /// Whether they are the same maps, ready or not.
    package func areSame(as others: [ShardMap]) -> Bool { elementsEqual(others) { $0.isSame(as: $1) } }
}

extension ShardConnection {
    /// The maps that a shard is part of, the oldest first.
    func shardMaps(by deadline: Instant) throws(ShardError) -> [ShardMap] {
        try ask("SELECT number, shards, ready FROM timbred.map ORDER BY number", by: deadline).map { row in
            ShardMap(number: row.integer(0), shardCount: row.integer(1), isReady: row.flag(2))
        }
    }
}
