import ClusterShards
import Platform
import TimbreWire

/// The hosts of a cluster, as all shards together know them.
struct ClusterHosts: Hashable, Sendable {
    /// By their names; what files they have is what the shards have that answered.
    let all: [ClusterHost]
    /// Whether all shards have answered.
    let isWhole: Bool

    init(_ replies: [ShardReply<[ShardHost]>]) {
        var hosts: [String: ClusterHost] = [:]
        for host in replies.compactMap(\.found).joined() {
            var known = hosts[host.name] ?? ClusterHost(name: host.name, files: 0, complete: true, seen: nil)
            known.files += host.files
            known.complete = known.complete && host.isComplete == true
            known.seen = [known.seen, host.seen].compactMap(\.self).max()
            hosts[host.name] = known
        }
        all = hosts.values.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        isWhole = replies.allSatisfy { $0.found != nil }
    }

    /// Why nothing was found that lies at a place, in words; nil if the hosts do not show it.
    ///
    /// - Parameters:
    ///   - place: A path, which may have a host in front; nil if anywhere.
    ///   - isSearch: Whether something is to be expected, wherever files lie.
    func whyNothingIsFound(at place: WirePath?, isSearch: Bool) -> String? {
        let (host, under) = place.map { ShardFilter.place($0.bytes) } ?? (nil, nil)
        let asked = host.map { name in all.filter { $0.name == name } } ?? all
        if let host, asked.isEmpty, !all.isEmpty {
            return "no host is called '\(host)': there \(all.count == 1 ? "is" : "are") \(Self.names(of: all))"
        }
        if let under, under.first != UInt8(ascii: "/") {
            let shown = String(decoding: under, as: UTF8.self)
            return
                "'\(shown)' is not a whole path, which begins with a slash, or with a host and a colon in front of it"
        }
        guard isWhole else { return nil }
        if all.isEmpty { return "the cluster has no hosts; `timbre-cluster init --host` adds one" }
        let behind = asked.filter { !$0.complete }
        let (files, who) = (asked.reduce(0) { $0 + $1.files }, host ?? "all hosts")
        if files == 0 {
            return "\(host ?? "no host") has published \(host == nil ? "a" : "no") file\(behind.isEmpty ? "" : " yet")"
        }
        let rest = "of \(CountedNoun.text(files, "file")) of \(who) nothing is found"
        if behind.isEmpty { return isSearch ? rest : nil }
        return
            "\(rest), and \(Self.names(of: behind)) \(behind.count == 1 ? "has" : "have") not published everything yet"
    }

    private static func names(of hosts: [ClusterHost]) -> String {
        let names = hosts.map(\.name)
        guard names.count > 1, let last = names.last else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
}
