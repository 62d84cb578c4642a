import Glibc
import ShardConnections

/// How far a shard has taken in the changes of a host's library.
package struct PublicationPosition: Hashable, Sendable {
    /// The number of the last change, and the history that it belongs to.
    package var next: Int
    package var history: String
    /// Whether all files are there that the library had by then.
    package var isComplete: Bool

    package init(next: Int, history: String, isComplete: Bool) {
        self.next = next
        self.history = history
        self.isComplete = isComplete
    }
}

extension Shard {
    /// For how long a server may not have noticed that the connection of before is gone.
    private static let partingTime = Duration.seconds(3)

    /// Makes this connection the one that publishes for the host that it is of.
    ///
    /// - Throws: ``ShardError`` if another one does.
    package func claim(by deadline: Instant) throws(ShardError) {
        let end = min(deadline, .now + Self.partingTime)
        while true {
            let rows = try connection.ask(
                "SELECT caller() IS NOT NULL, session_user::text, pg_try_advisory_lock(hashtext('timbred.publish'), caller())",
                by: deadline)
            guard let row = rows.first, row.flag(0) else {
                let role = rows.first?.text(1) ?? ""
                throw ShardError(
                    .refused(state: "42501"), "the role \(role) is no host of this cluster; run `timbre-cluster init`")
            }
            if row.flag(2) { return }
            guard .now < end else {
                throw ShardError(
                    .refused(state: "55P03"),
                    "another timbre-cluster publishes as \(row.text(1)): each machine needs a role of its own, and `publish` "
                        + "that `serve` of this machine be stopped")
            }
            usleep(50_000)
        }
    }

    /// Where to go on; nil if nothing was published under the model for the map.
    package func position(
        model: String, for map: ShardMap, by deadline: Instant
    ) throws(ShardError) -> PublicationPosition? {
        try connection.ask(
            "SELECT next, history, complete FROM timbred.position($1, $2::int)", [.text(model), .integer(map.number)],
            by: deadline
        ).first.map { row in
            PublicationPosition(next: row.integer(0), history: row.text(1), isComplete: row.flag(2))
        }
    }

    /// Takes in some changes, all or nothing.
    ///
    /// - Parameters:
    ///   - changes: What `publish()` of the schema takes, as JSON.
    ///   - files: The files that are here.
    package func publish(_ changes: [UInt8], _ files: CopyRows, by deadline: Instant) throws(ShardError) {
        do throws(ShardError) {
            try connection.ask("BEGIN", by: deadline)
            try connection.ask("SELECT timbred.prepare()", by: deadline)
            try connection.copy(
                """
                COPY pg_temp.arriving (
                    id, directory, name, added, offline, hash, duration, channels, samples, codes, size, low, high)
                FROM STDIN (FORMAT binary)
                """, files, by: deadline)
            try connection.ask(
                "SELECT timbred.publish($1::jsonb)", [.text(String(decoding: changes, as: UTF8.self))], by: deadline)
            try connection.ask("COMMIT", by: deadline)
        } catch {
            if !error.endsConnection { try connection.ask("ROLLBACK", by: deadline) }
            throw error
        }
    }

    /// Lets the host's library be another one, of which everything is published anew.
    package func forgetLibrary(by deadline: Instant) throws(ShardError) {
        try connection.ask("SELECT timbred.forget_library()", by: deadline)
    }
}
