import ClusterShards
import ContentHash
import ShardConnections
import TimbreWire

/// Lists the files of all shards, or draws some of them.
struct ClusterListing: Sendable {
    let pool: ShardPool

    /// How long a shard may take to put all its files in order.
    private static let patience = Duration.seconds(60)

    /// - Parameter end: Until when shards are waited for.
    func random(_ parameters: Random.Parameters, by end: ShardPool.Instant) throws -> Random.Reply {
        if let obstacle = ShardFilter.obstacle(in: parameters.filter) {
            throw LibraryError.notEverywhere(reason: obstacle)
        }
        let (count, seed) = (parameters.count ?? 10, parameters.seed ?? .random(in: 0 ... .max))
        let filter = try ShardFilter(parameters.filter)
        let replies = pool.ask(by: end) { shard, map, deadline throws(ShardError) in
            try shard.draw(count, seed: seed, filter: filter, for: map, by: deadline)
        }
        // The least numbers of all are as random as the least of each.
        let drawn = replies.compactMap(\.found).joined().sorted { a, b in
            (a.draw, a.hostName, a.id) < (b.draw, b.hostName, b.id)
        }
        return Random.Reply(files: drawn.prefix(count).map(FileItem.init), missing: .missing(replies))
    }

    func list(_ parameters: List.Parameters, _ send: (List.Reply) throws -> Void) throws -> List.Reply {
        if parameters.filter != nil {
            throw LibraryError.notEverywhere(reason: "a list of all machines takes no filters; name a folder")
        }
        let (host, under) = parameters.directory.map { ShardFilter.place($0.bytes) } ?? (nil, nil)
        let replies = pool.ask(atMost: Self.patience, keeps: false) { shard, map, deadline throws(ShardError) in
            try shard.beginListing(host: host, under: under, for: map, by: deadline)
            return ListedShard(shard: shard, files: try shard.nextOfListing(by: deadline)[...])
        }
        var missing = [MissingShard].missing(replies) ?? []
        var shards = replies.compactMap { reply in reply.found.map { (reply, $0) } }
        var items: [FileItem] = []
        while true {
            shards.removeAll { $0.1.files.isEmpty }
            guard let next = shards.indices.min(by: { shards[$0].1.precedes(shards[$1].1) }) else { break }
            items.append(FileItem(shards[next].1.files.removeFirst()))
            if items.count == 500 {
                try send(List.Reply(files: items))
                items = []
            }
            guard shards[next].1.files.isEmpty else { continue }
            do throws(ShardError) {
                shards[next].1.files = try shards[next].1.shard.nextOfListing(by: .now + Self.patience)[...]
            } catch {
                let reply = shards[next].0
                missing.append(MissingShard(shard: reply.shard, why: "\(reply.name): \(error.words)"))
            }
        }
        return List.Reply(files: items, missing: missing.isEmpty ? nil : missing)
    }
}

/// A shard whose files are being listed, and the next of them.
private struct ListedShard: Sendable {
    let shard: Shard
    var files: ArraySlice<ShardFile>

    /// - Precondition: Both have files left.
    func precedes(_ other: ListedShard) -> Bool {
        let (a, b) = (files[files.startIndex], other.files[other.files.startIndex])
        if a.hostName != b.hostName { return a.hostName.utf8.lexicographicallyPrecedes(b.hostName.utf8) }
        return a.path.lexicographicallyPrecedes(b.path)
    }
}

extension FileItem {
    fileprivate init(_ file: ShardFile) {
        self.init(
            path: WirePath(file.path), host: file.hostName, id: file.id, state: file.isOffline ? .offline : .indexed,
            duration: file.duration, channels: file.channels, content: ContentHash(bytes: file.hash)?.description)
    }
}
