import ArgumentParser
import ClusterShards
import Glibc
import Platform
import ShardConnections

/// Sets all shards up, or brings them up to date.
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Set up the shards, or bring them up to date, and add hosts and readers.")

    @Option(
        help: ArgumentHelp(
            "A machine that is to publish its library, and the role that it connects as; may be given several times.",
            valueName: "name=role"))
    var host: [String] = []

    @Option(help: ArgumentHelp("A role that may only look; may be given several times.", valueName: "role"))
    var reader: [String] = []

    @OptionGroup var options: ClusterOptions

    func validate() throws {
        for text in host where Self.host(text) == nil {
            throw ValidationError("--host is NAME=ROLE, and a name has no colon, slash or control character in it.")
        }
    }

    func run() throws {
        let survey = try ShardSurvey(of: try options.cluster().shards)
        try survey.require { _ in true }
        let cluster = try survey.cluster ?? Self.newCluster(survey.members[0])
        let hosts = try Self.hosts(host.compactMap(Self.host), known: survey.hosts)
        // One that was lost has nothing of what is published already.
        let isUsed = survey.members.contains { $0.found?.isUsed == true }
        let newest = survey.maps.joined().max { $0.number < $1.number }
        var map = newest ?? ShardMap(number: 1, shardCount: survey.members.count, isReady: true)
        map.isReady = map.isReady && !isUsed
        for member in survey.members {
            guard member.found != nil || member.address.number <= map.shardCount else {
                print(member.line("not part of the cluster yet; `timbre-cluster resize` takes it in"))
                continue
            }
            try ShardSurvey.saying(member.address) { () throws(ShardError) in
                try member.installation.install(
                    cluster: cluster, shard: member.address.number, map: map, hosts: hosts, readers: reader)
            }
            let isEmpty = member.found == nil && isUsed
            print(
                member.line(
                    member.found != nil
                        ? "up to date" : isEmpty ? "set up; `timbre-cluster resize` fills it" : "set up"))
            if let words = Self.words(of: member.installation.pgvector) { print(member.line(words)) }
        }
        for (_, host) in hosts.sorted(by: { $0.key < $1.key }) { print("host \(host.name): role \(host.role)") }
        print(ShardSurvey.rest)
    }

    /// What is to be said of the server's pgvector; nil if it has none.
    private static func words(of pgvector: ShardInstallation.Pgvector) -> String? {
        switch pgvector {
        case .absent: nil
        case .usable: "searched by pgvector"
        case .elsewhere(let schema):
            "pgvector is there, and not used, as it is in the schema \(schema): `ALTER EXTENSION vector SET SCHEMA timbred` "
                + "lets it be used, and init once more"
        case .forSuperusers:
            "pgvector is there, and not used: a superuser's `CREATE EXTENSION vector SCHEMA timbred` lets it be used, and "
                + "init once more"
        }
    }

    private static func newCluster(_ member: ShardSurvey.Member) throws -> String {
        try ShardSurvey.saying(member.address) { () throws(ShardError) in try member.installation.newCluster() }
    }

    private static func host(_ text: String) -> ShardInstallation.Host? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
            !parts[0].unicodeScalars.contains(where: { $0 == ":" || $0 == "/" || $0.value < 32 || $0.value == 127 })
        else { return nil }
        return ShardInstallation.Host(name: String(parts[0]), role: String(parts[1]))
    }

    /// All hosts with their numbers, which are the same on all shards.
    private static func hosts(
        _ wanted: [ShardInstallation.Host], known: [Int: ShardInstallation.Host]
    ) throws -> [Int: ShardInstallation.Host] {
        var hosts = known
        for host in wanted where !hosts.values.contains(host) {
            if let other = hosts.values.first(where: { $0.name == host.name || $0.role == host.role }) {
                throw Complaint(
                    EX_USAGE,
                    "--host \(host.name)=\(host.role): there is the host \(other.name) with the role \(other.role)")
            }
            hosts[(hosts.keys.max() ?? 0) + 1] = host
        }
        return hosts
    }
}
