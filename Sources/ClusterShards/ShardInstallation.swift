import CShardSchema
import ShardConnections

/// Sets shards up, by a role that may: one that owns the database and may create roles, or a superuser.
package struct ShardInstallation {
    package typealias Instant = ContinuousClock.Instant

    /// A machine that is to publish its library.
    package struct Host: Hashable, Sendable {
        package var name: String
        /// The role that it connects as.
        package var role: String

        package init(name: String, role: String) {
            self.name = name
            self.role = role
        }
    }

    /// What a shard was before.
    package struct Found: Hashable, Sendable {
        package var version: Int
        /// The random name of the cluster.
        package var cluster: String
        package var shard: Int
        /// The maps that it is part of, the oldest first.
        package var maps: [ShardMap]
        /// Its hosts, by their numbers.
        package var hosts: [Int: Host]
        /// The roles that may only look.
        package var readers: [String]
        /// Whether anything was ever published to it.
        package var isUsed: Bool
    }

    /// Whether the server's pgvector is of use, an extension that compares vectors faster than `cube`.
    package enum Pgvector: Hashable, Sendable {
        /// It is not there, or older than version 0.7.
        case absent
        case usable
        /// It belongs to another schema of the database, with this name.
        case elsewhere(schema: String)
        /// Only a superuser may have the database use it.
        case forSuperusers
    }

    /// How long it may take to set a shard up: large tables may be written anew.
    private static let patience = Duration.seconds(3600)

    private let connection: ShardConnection
    private let deadline: Instant
    /// Nil if it was nothing yet.
    package let found: Found?
    package let pgvector: Pgvector

    /// Connects, and looks what is there.
    package init(at address: ShardAddress, by deadline: Instant) throws(ShardError) {
        connection = try ShardConnection(to: address, by: deadline)
        self.deadline = deadline
        pgvector = try Self.pgvector(connection, by: deadline)
        let isThere = try connection.ask("SELECT to_regclass('timbred.cluster') IS NOT NULL", by: deadline)
        guard isThere.first?.flag(0) == true else {
            found = nil
            return
        }
        let rows = try connection.ask("SELECT version, id::text, shard, shards FROM timbred.cluster", by: deadline)
        guard let row = rows.first else { throw ShardError(.nonsense, "it does not say which shard it is") }
        var hosts: [Int: Host] = [:]
        for host in try connection.ask("SELECT number, name, role::text FROM timbred.host", by: deadline) {
            hosts[host.integer(0)] = Host(name: host.text(1), role: host.text(2))
        }
        let readers = try connection.ask(
            """
            SELECT r.rolname::text FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member
            WHERE m.roleid = 'timbred_reader'::regrole AND r.rolname NOT IN (SELECT role FROM timbred.host) ORDER BY 1
            """, by: deadline)
        let used = try connection.ask("SELECT EXISTS (SELECT FROM timbred.publication)", by: deadline)
        // Before version 3 there was one map.
        let maps =
            row.integer(0) < 3
            ? [ShardMap(number: 1, shardCount: row.integer(3), isReady: true)]
            : try connection.shardMaps(by: deadline)
        found = Found(
            version: row.integer(0), cluster: row.text(1), shard: row.integer(2), maps: maps, hosts: hosts,
            readers: readers.map { $0.text(0) }, isUsed: used.first?.flag(0) == true)
    }

    private static func pgvector(
        _ connection: ShardConnection, by deadline: Instant
    ) throws(ShardError) -> Pgvector {
        let rows = try connection.ask(
            """
            SELECT
                (SELECT n.nspname::text FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
                    WHERE e.extname = 'vector'),
                string_to_array(coalesce(installed_version, default_version), '.')::int[] >= '{0,7}',
                (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
            FROM pg_available_extensions WHERE name = 'vector'
            """, by: deadline)
        guard let row = rows.first, row.flag(1) else { return .absent }
        guard !row.isNull(0) else { return row.flag(2) ? .usable : .forSuperusers }
        return row.text(0) == "timbred" ? .usable : .elsewhere(schema: row.text(0))
    }

    /// Whether it was set up by a later version of this program.
    package var isOfLaterVersion: Bool { (found?.version ?? 0) > Shard.version }

    /// Whether it has to be brought up to date.
    package var isOfEarlierVersion: Bool { (found?.version ?? Shard.version) < Shard.version }

    /// A random name for a cluster.
    package func newCluster() throws(ShardError) -> String {
        try connection.ask("SELECT gen_random_uuid()::text", by: deadline).first?.text(0) ?? ""
    }

    /// Makes the tables, or brings them up to date, and adds hosts and readers: everything or nothing.
    ///
    /// - Parameters:
    ///   - map: What a shard is part of that is new.
    package func install(
        cluster: String, shard: Int, map: ShardMap, hosts: [Int: Host], readers: [String]
    ) throws(ShardError) {
        let deadline = Instant.now + Self.patience
        try connection.ask("BEGIN", by: deadline)
        // Two that set it up at once come one after the other.
        try connection.ask("SELECT pg_advisory_xact_lock(hashtext('timbred.install'))", by: deadline)
        // Each script makes of the version before it the next one.
        let scripts = unsafe [
            shard_schema_version_1(), shard_schema_version_2(), shard_schema_version_3(), shard_schema_version_4(),
        ].map { unsafe String(cString: $0!) }
        for script in scripts.dropFirst(found?.version ?? 0) { try connection.run(script: script, by: deadline) }
        if found == nil {
            try connection.ask(
                "INSERT INTO timbred.cluster (version, id, shard, shards) VALUES ($1, $2::uuid, $3, $4)",
                [.integer(Shard.version), .text(cluster), .integer(shard), .integer(map.shardCount)], by: deadline)
            try connection.ask(
                "INSERT INTO timbred.map (number, shards, ready) VALUES ($1::int, $2::int, $3)",
                [.integer(map.number), .integer(map.shardCount), .flag(map.isReady)], by: deadline)
        }
        if pgvector == .usable {
            try connection.run(script: unsafe String(cString: shard_schema_halfvec()), by: deadline)
        }
        for (number, host) in hosts.sorted(by: { $0.key < $1.key }) {
            try connection.ask(
                "SELECT timbred.add_host($1::smallint, $2, $3)",
                [.integer(number), .text(host.name), .text(host.role)], by: deadline)
        }
        for role in readers { try connection.ask("SELECT timbred.add_reader($1)", [.text(role)], by: deadline) }
        try connection.ask("COMMIT", by: deadline)
    }
}
