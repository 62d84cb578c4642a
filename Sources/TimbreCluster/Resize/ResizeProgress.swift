import ClusterShards

/// What is missing on the shards of a new map before questions may go by it.
package struct ResizeProgress: Hashable, Sendable {
    /// Something that a shard lacks.
    package struct Gap: Hashable, Sendable {
        package enum Reason: Hashable, Sendable {
            /// The host publishes nothing there.
            case notBegun
            /// Not everything is there yet.
            case publishing
            /// It takes changes of another library than the other shards do, and refuses those of this one.
            case otherLibrary
        }

        package var host: String
        package var shard: Int
        package var reason: Reason
    }

    /// By hosts and shards.
    package let gaps: [Gap]
    /// The furthest place of each host on the shards by which questions go now.
    package let reached: [String: Int]

    /// After what time it is asked whether a host knows of the shards: its publisher may have been told that a shard is not
    /// part of the cluster, and looks again within half a minute.
    private static let patience = Duration.seconds(30)

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
        let hosts = Dictionary(grouping: publications.filter { !forgotten.contains($0.host) }, by: \.host)
        var reached: [String: Int] = [:]
        var gaps: [Gap] = []
        for (host, publications) in hosts.sorted(by: { $0.key < $1.key }) {
            let isNew = { (publication: HostPublication) in
                publication.map == goal.number && unready.contains(publication.shard)
            }
            let old = publications.filter { !isNew($0) }
            guard !old.isEmpty else { continue }
            let library = Self.library(publications, of: goal)
            // Places in the journal of another library say nothing.
            reached[host] = old.filter { library == nil || $0.library == library }.map(\.next).max() ?? 0
            // What is whole under some model is asked for by it.
            let whole = Set(old.filter(\.isComplete).map(\.model))
            let models = whole.isEmpty ? Set(old.map(\.model)) : whole
            for shard in 1...goal.shardCount {
                let here = publications.filter { $0.shard == shard }
                if let other = here.lazy.compactMap(\.library).first, other != library {
                    gaps.append(Gap(host: host, shard: shard, reason: .otherLibrary))
                } else if unready.contains(shard) {
                    let new = here.filter(isNew)
                    let isThere = models.allSatisfy { model in
                        new.contains { publication in
                            publication.model == model && publication.isComplete && publication.library == library
                                && earlier[host].map { publication.next >= $0 } ?? false
                        }
                    }
                    if isThere { continue }
                    gaps.append(Gap(host: host, shard: shard, reason: new.isEmpty ? .notBegun : .publishing))
                }
            }
        }
        (self.reached, self.gaps) = (reached, gaps)
    }

    /// The library of a host that most shards of a map take changes of, of several the one on the first shard; nil if none does.
    private static func library(_ publications: [HostPublication], of goal: ShardMap) -> String? {
        let members = publications.filter { $0.shard <= goal.shardCount && $0.library != nil }
        let shards = Dictionary(grouping: members) { $0.library }.mapValues { Set($0.map(\.shard)).sorted() }
        return shards.min { a, b in (-a.value.count, a.value[0]) < (-b.value.count, b.value[0]) }?.key
    }

    /// What is missing, for people; nil if nothing.
    ///
    /// - Parameter waited: For how long it has been waited for.
    package func words(after waited: Duration) -> String? {
        let parts = Dictionary(grouping: gaps, by: \.host).sorted { $0.key < $1.key }.map { host, gaps in
            Self.words(host, gaps, after: waited)
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// What is missing of one host: what somebody has to do something about goes before the rest.
    private static func words(_ host: String, _ gaps: [Gap], after waited: Duration) -> String {
        let others = gaps.filter { $0.reason == .otherLibrary }
        let shards = (others.isEmpty ? gaps : others).map { "\($0.shard)" }.joined(separator: ", ")
        if !others.isEmpty {
            return
                "shard \(shards) keeps another library of \(host) than the others: stop timbre-cluster on \(host), run "
                + "`timbre-cluster publish --replace-library` there, and start it again"
        }
        if gaps.contains(where: { $0.reason == .publishing }) { return "\(host) is publishing to shard \(shards)" }
        let question = "does its timbred.toml name all shards? `timbrectl status --everywhere` there says what is wrong"
        return "\(host) has not begun to publish to shard \(shards)\(waited < patience ? " yet" : " (\(question))")"
    }
}
