import ClusterShards
import Glibc
import Platform
import ShardConnections

/// What all servers are that the configuration names: nothing is changed unless they belong together, and all that are needed
/// answer.
struct ShardSurvey {
    struct Member {
        let address: ShardAddress
        let installation: ShardInstallation

        var found: ShardInstallation.Found? { installation.found }
    }

    /// A server that does not answer.
    struct Absence {
        let address: ShardAddress
        let error: ShardError

        var complaint: Complaint {
            Complaint(EX_UNAVAILABLE, address.naming(error).words)
        }
    }

    let members: [Member]
    let absent: [Absence]
    /// The random name of the cluster; nil if none was set up yet.
    let cluster: String?
    /// The hosts that any shard knows, by their numbers, which are the same on all.
    private(set) var hosts: [Int: ShardInstallation.Host] = [:]

    /// - Throws: `Complaint` if a server refuses, or they do not belong together.
    init(of addresses: [ShardAddress]) throws {
        var (members, absent) = ([Member](), [Absence]())
        for address in addresses {
            do throws(ShardError) {
                let installation = try ShardInstallation(at: address, by: .now + .seconds(30))
                members.append(Member(address: address, installation: installation))
            } catch {
                let absence = Absence(address: address, error: error)
                guard [.away, .late].contains(error.reason) else { throw absence.complaint }
                absent.append(absence)
            }
        }
        (self.members, self.absent) = (members, absent)
        var cluster: String?
        for member in members {
            guard let found = member.found else { continue }
            guard !member.installation.isOfLaterVersion else {
                throw member.complaint(EX_UNAVAILABLE, "set up by a later timbre-cluster; use that one")
            }
            guard cluster ?? found.cluster == found.cluster else {
                throw member.complaint(EX_CONFIG, "it belongs to another cluster, \(found.cluster)")
            }
            guard found.shard == member.address.number else {
                throw member.complaint(
                    EX_CONFIG,
                    "it is shard \(found.shard) already; put the shards into the order in which they were set up")
            }
            cluster = found.cluster
        }
        self.cluster = cluster
        for (number, host) in members.compactMap(\.found?.hosts).joined() {
            guard hosts[number] ?? host == host else {
                throw Complaint(EX_SOFTWARE, "the shards do not agree on host \(number): \(host.name)")
            }
            hosts[number] = host
        }
    }

    /// Makes sure that shards answer.
    ///
    /// - Parameter isNeeded: Whether a shard has to, by its number.
    /// - Throws: `Complaint`
    func require(_ isNeeded: (Int) -> Bool) throws {
        if let absence = absent.first(where: { isNeeded($0.address.number) }) { throw absence.complaint }
        let named = members.count + absent.count
        if (1...max(1, mostShards)).contains(where: { $0 > named && isNeeded($0) }) {
            throw Complaint(EX_CONFIG, "the cluster has \(mostShards) shards, and \(named) are named; name all")
        }
    }

    /// The maps of all shards that were set up.
    var maps: [[ShardMap]] { members.compactMap(\.found?.maps) }

    /// How many shards there are, or are about to be.
    var mostShards: Int { maps.joined().map(\.shardCount).max() ?? 0 }

    /// Names the shard in what goes wrong.
    static func saying<Result>(
        _ address: ShardAddress, _ body: () throws(ShardError) -> Result
    ) throws -> Result {
        do throws(ShardError) { return try body() } catch {
            throw Complaint(EX_UNAVAILABLE, address.naming(error).words)
        }
    }

    /// What nobody can do by SQL.
    static let rest = """
        Left to do on each server:
        - let the roles log in: `\\password ROLE` in psql, or certificates; then a line for each in pg_hba.conf, such as
          hostssl DATABASE ROLE ADDRESS scram-sha-256
        - let it speak TLS (ssl = on), and name it with sslmode=verify-full sslrootcert=FILE in timbred.toml
        - on each host, the password goes into the file .pgpass of the service's user
        Then start timbre-cluster on each host; `timbrectl status --everywhere` shows how it gets on.
        """
}

extension ShardSurvey.Member {
    /// Names the shard in what is wrong with it.
    func complaint(_ code: Int32, _ words: String) -> Complaint {
        Complaint(code, "shard \(address.number), \(address.name): \(words)")
    }

    /// What is printed of it.
    func line(_ words: String) -> String { "shard \(address.number), \(address.name): \(words)" }
}
