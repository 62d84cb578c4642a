import ClusterShards

/// What is missing on the shards of a new map before questions may go by it.
package struct ResizeProgress: Hashable, Sendable {
    /// Something that a shard lacks.
    package struct Gap: Hashable, Sendable {
        package var host: String
        package var shard: Int
        /// Whether the host has begun to publish there.
        package var isBegun: Bool
    }

    /// By hosts and shards.
    package let gaps: [Gap]
    /// The furthest place of each host on the shards by which questions go now.
    package let reached: [String: Int]

    /// - Parameters:
    ///   - publications: Those on all shards.
    ///   - unready: The shards that are not ready for the goal.
    ///   - earlier: What hosts had reached when this was last looked at. A host goes on publishing for all maps; it is not behind
    ///     if it has as much on the new shards as it had on the others a moment ago.
    ///   - forgotten: Hosts that are not waited for.
    package init(
        _ publications: [HostPublication], goal: ShardMap, unready: Set<Int>, earlier: [String: Int],
        without forgotten: Set<String>
    ) {
        var reached: [String: Int] = [:]
        var there: [String: [Int: HostPublication]] = [:]
        for publication in publications where !forgotten.contains(publication.host) {
            if publication.map == goal.number, unready.contains(publication.shard) {
                there[publication.host, default: [:]][publication.shard] = publication
            } else {
                reached[publication.host] = max(reached[publication.host] ?? 0, publication.next)
            }
        }
        self.reached = reached
        gaps = reached.keys.sorted().flatMap { host in
            unready.sorted().compactMap { shard in
                let publication = there[host]?[shard]
                if let publication, publication.isComplete, let place = earlier[host], publication.next >= place {
                    return nil
                }
                return Gap(host: host, shard: shard, isBegun: publication != nil)
            }
        }
    }

    /// What is missing, for people; nil if nothing.
    package var words: String? {
        let hosts = Dictionary(grouping: gaps, by: \.host).sorted { $0.key < $1.key }
        let parts = hosts.map { host, gaps in
            let shards = gaps.map { "\($0.shard)" }.joined(separator: ", ")
            let isBegun = gaps.contains(where: \.isBegun)
            return isBegun
                ? "\(host) is publishing to shard \(shards)"
                : "\(host) has not begun to publish to shard \(shards) (does its timbred.toml name all shards?)"
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }
}
