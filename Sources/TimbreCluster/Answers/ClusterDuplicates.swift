import ClusterShards
import ContentHash
import ShardConnections
import TimbreWire

/// Finds the files of all hosts that hold the same bytes.
///
/// Copies are on one shard, wherever they lie: each shard knows its groups alone.
struct ClusterDuplicates: Sendable {
    let pool: ShardPool

    /// How long a shard may take to find all copies.
    private static let patience = Duration.seconds(60)
    /// Groups in one reply.
    private static let atOnce = 100

    func duplicates(
        _ parameters: Duplicates.Parameters, _ send: (Duplicates.Reply) throws -> Void
    ) throws -> Duplicates.Reply {
        guard !parameters.near else {
            throw LibraryError.notEverywhere(
                reason: "--near is for one library only: of other machines only the bytes are compared")
        }
        let (host, under) = parameters.under.map { ShardFilter.place($0.bytes) } ?? (nil, nil)
        let replies = pool.ask(atMost: Self.patience, keeps: false) { shard, map, deadline throws(ShardError) in
            try shard.beginDuplicates(host: host, under: under, for: map, by: deadline)
            return GroupedShard(shard: shard, files: try shard.nextOfListing(by: deadline)[...])
        }
        var missing = [MissingShard].missing(replies) ?? []
        var groups: [DuplicateGroup] = []
        for reply in replies {
            guard var shard = reply.found else { continue }
            do throws(ShardError) {
                while let group = try shard.nextGroup(by: .now + Self.patience) { groups.append(group) }
            } catch {
                missing.append(MissingShard(shard: reply.shard, why: "\(reply.name): \(error.words)"))
            }
            while groups.count > Self.atOnce {
                try send(Duplicates.Reply(groups: Array(groups.prefix(Self.atOnce))))
                groups.removeFirst(Self.atOnce)
            }
        }
        return Duplicates.Reply(groups: groups, missing: missing.isEmpty ? nil : missing)
    }
}

/// A shard whose groups are being listed, and the next of their files.
private struct GroupedShard: Sendable {
    let shard: Shard
    var files: ArraySlice<ShardFile>

    /// The next group; nil behind the last one.
    mutating func nextGroup(by deadline: Shard.Instant) throws(ShardError) -> DuplicateGroup? {
        guard let hash = files.first?.hash else { return nil }
        var group: [ShardFile] = []
        while let file = files.first, file.hash == hash {
            group.append(files.removeFirst())
            if files.isEmpty { files = try shard.nextOfListing(by: deadline)[...] }
        }
        // The bytes are the same: so is their number, where any host has told it.
        let size = group.compactMap(\.size).first ?? 0
        return DuplicateGroup(
            kind: .exact, wasted: size * (group.count - 1),
            files: group.map { file in
                DuplicateFile(
                    path: WirePath(file.path), host: file.hostName, size: size, duration: file.duration, format: nil,
                    content: ContentHash(bytes: file.hash)?.description ?? "")
            })
    }
}
