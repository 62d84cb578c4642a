import CommandOutput
import TimbreWire

/// How a cluster is, as people read it.
package struct ClusterOutput {
    var reply: Shards.Reply

    package init(reply: Shards.Reply) { self.reply = reply }

    package var text: String {
        var lines = [("timbre-cluster", reply.version)]
        for shard in reply.shards {
            let why = shard.why.map { "away: \(Shown.escaped($0))" } ?? "not searched yet"
            let files = shard.files.map { Shown.count($0, "file") } ?? why
            lines.append(
                ("shard \(shard.shard)", "\(Shown.escaped(shard.address)), \(files), \(Self.words(of: shard))"))
        }
        if let count = reply.resizing {
            lines.append(("resizing", "to \(count) shards; `timbre-cluster resize` tells what is waited for"))
        }
        if let model = reply.model {
            lines.append(
                ("model", "\(Self.short(model.hash)), offered by \(Shown.escaped(model.by)) \(Shown.time(model.since))")
            )
            if let waiting = model.waiting { lines.append(("waiting", Shown.escaped(waiting))) }
        }
        for host in reply.hosts {
            let seen = host.seen.map { ", heard of \(Shown.time($0))" } ?? ", never heard of"
            let rest = host.complete ? "" : ", not complete"
            let model = host.model.map { ", model \(Self.short($0))" } ?? ""
            lines.append(
                ("host", "\(Shown.escaped(host.name)), \(Shown.count(host.files, "file"))\(rest)\(model)\(seen)"))
        }
        return Shown.members(lines)
    }

    private static func short(_ hash: String) -> String { Shown.escaped(Shown.hash(hash)) }

    private static func words(of shard: ClusterShard) -> String {
        switch shard.published {
        case .starting: "nothing published yet"
        case .behind: "being published to"
        case .current: "has all of this machine"
        case .held:
            "nothing published since \(shard.since.map(Shown.time) ?? "the start"): \(Shown.escaped(shard.held ?? ""))"
        }
    }
}
