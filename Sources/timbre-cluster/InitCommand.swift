import ArgumentParser
import ClusterShards
import Glibc
import Platform
import ShardConnections
import SystemPackage

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
        let shards = try options.cluster().shards
        // Nothing is changed unless all shards answer and belong together.
        let found = try shards.map { address in
            try Self.saying(address) { () throws(ShardError) in
                try ShardInstallation(at: address, by: .now + .seconds(30))
            }
        }
        let cluster = try Self.cluster(of: found, shards)
        let hosts = try Self.hosts(host.compactMap(Self.host), known: found.compactMap(\.found?.hosts))
        for (address, shard) in zip(shards, found) {
            try Self.saying(address) { () throws(ShardError) in
                try shard.install(
                    cluster: cluster, shard: address.number, of: shards.count, hosts: hosts, readers: reader)
            }
            print("shard \(address.number), \(address.name): \(shard.found == nil ? "set up" : "up to date")")
        }
        for (_, host) in hosts.sorted(by: { $0.key < $1.key }) { print("host \(host.name): role \(host.role)") }
        print(Self.rest)
    }

    /// What nobody can do by SQL.
    private static let rest = """
        Left to do on each server:
        - let the roles log in: `\\password ROLE` in psql, or certificates; then a line for each in pg_hba.conf, such as
          hostssl DATABASE ROLE ADDRESS scram-sha-256
        - let it speak TLS (ssl = on), and name it with sslmode=verify-full sslrootcert=FILE in timbred.toml
        - on each host, the password goes into the file .pgpass of the service's user
        Then start timbre-cluster on each host; `timbrectl status --everywhere` shows how it gets on.
        """

    private static func host(_ text: String) -> ShardInstallation.Host? {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
            !parts[0].unicodeScalars.contains(where: { $0 == ":" || $0 == "/" || $0.value < 32 || $0.value == 127 })
        else { return nil }
        return ShardInstallation.Host(name: String(parts[0]), role: String(parts[1]))
    }

    /// The cluster that the shards belong to; a new one if they belong to none.
    private static func cluster(of found: [ShardInstallation], _ shards: [ShardAddress]) throws -> String {
        var cluster: String?
        for (address, shard) in zip(shards, found) {
            guard let known = shard.found else { continue }
            guard !shard.isOfLaterVersion else {
                throw Complaint(
                    EX_UNAVAILABLE,
                    "shard \(address.number), \(address.name): set up by a later timbre-cluster; use that one")
            }
            guard cluster ?? known.cluster == known.cluster else {
                throw Complaint(
                    EX_CONFIG,
                    "shard \(address.number), \(address.name): it belongs to another cluster, \(known.cluster)")
            }
            guard (known.shard, known.shards) == (address.number, shards.count) else {
                throw Complaint(
                    EX_CONFIG,
                    "shard \(address.number), \(address.name): it is shard \(known.shard) of \(known.shards) already; put "
                        + "the shards into the order in which they were set up")
            }
            cluster = known.cluster
        }
        if let cluster { return cluster }
        return try saying(shards[0]) { () throws(ShardError) in try found[0].newCluster() }
    }

    /// All hosts with their numbers, which are the same on all shards.
    private static func hosts(
        _ wanted: [ShardInstallation.Host], known: [[Int: ShardInstallation.Host]]
    ) throws -> [Int: ShardInstallation.Host] {
        var hosts: [Int: ShardInstallation.Host] = [:]
        for (number, host) in known.joined() {
            guard hosts[number] ?? host == host else {
                throw Complaint(EX_SOFTWARE, "the shards do not agree on host \(number): \(host.name)")
            }
            hosts[number] = host
        }
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

    /// Names the shard in what goes wrong.
    private static func saying<Result>(
        _ address: ShardAddress, _ body: () throws(ShardError) -> Result
    ) throws -> Result {
        do throws(ShardError) { return try body() } catch {
            throw Complaint(EX_UNAVAILABLE, "shard \(address.number), \(address.name): \(error.words)")
        }
    }
}
