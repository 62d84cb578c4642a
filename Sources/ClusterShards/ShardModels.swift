import ShardConnections

/// A model that a shard was told the cluster is to use.
package struct ModelOffer: Hashable, Sendable {
    /// Later offers have greater numbers, up to those of SQL's `bigint`.
    package var number: Int
    /// `sha256:…`
    package var model: String
    /// Who offered it, and when, in seconds since 1970.
    package var offerer: String
    package var time: Double
    /// Whether every host uses it that publishes to the shard: then nothing is there any more under another model.
    package var isSettled: Bool
    /// The names of the hosts that are not waited for.
    package var leftOut: Set<String>

    package init(
        number: Int, model: String, offerer: String, time: Double, isSettled: Bool, leftOut: Set<String> = []
    ) {
        self.number = number
        self.model = model
        self.offerer = offerer
        self.time = time
        self.isSettled = isSettled
        self.leftOut = leftOut
    }

    /// Whether it is the same offer, whatever has become of it.
    package func isSame(as other: ModelOffer?) -> Bool { number == other?.number && model == other?.model }

    /// Whether it takes the place of another one. Two that were made at once may have one number.
    package func isLater(than other: ModelOffer?) -> Bool {
        other.map { ($0.number, $0.model) < (number, model) } ?? true
    }
}

/// What a host has said of its models to a shard.
package struct HostStanding: Hashable, Sendable {
    package var host: String
    /// Whether anything of it is there.
    package var publishes: Bool
    /// The model that its library uses; nil if it has not said so.
    package var uses: String?
    /// The offered model, if its library has it; that of an earlier offer, if it was not heard of since.
    package var has: String?
    /// Whether everything was published under it.
    package var isComplete: Bool
    /// The last change of its library that was published under the offered model, and under any.
    package var offeredPlace: Int
    package var place: Int

    package init(
        host: String, publishes: Bool = true, uses: String?, has: String?, isComplete: Bool, offeredPlace: Int = 0,
        place: Int = 0
    ) {
        self.host = host
        self.publishes = publishes
        self.uses = uses
        self.has = has
        self.isComplete = isComplete
        self.offeredPlace = offeredPlace
        self.place = place
    }
}

/// What a shard knows of models.
package struct ShardModels: Hashable, Sendable {
    /// Nil if no model was ever offered.
    package var offer: ModelOffer?
    /// All hosts, in the order in which they were added.
    package var hosts: [HostStanding]
    /// Whether something is there that nobody finds any more, and that `sweep()` removes.
    package var hasRest: Bool

    package init(offer: ModelOffer?, hosts: [HostStanding], hasRest: Bool = false) {
        self.offer = offer
        self.hosts = hosts
        self.hasRest = hasRest
    }
}

extension Shard {
    /// The model that the cluster is to use, as far as the shard was told.
    package func offer(by deadline: Instant) throws(ShardError) -> ModelOffer? {
        try connection.ask(
            """
            SELECT number, hash, offered_by, extract(epoch FROM offered)::float8, settled,
                coalesce((SELECT string_agg(name, ':') FROM timbred.host WHERE number = ANY (without)), '')
            FROM timbred.offer
            """, by: deadline
        ).first.map { row in
            // A name has no colon in it.
            ModelOffer(
                number: row.integer(0), model: row.text(1), offerer: row.text(2), time: row.real(3),
                isSettled: row.flag(4), leftOut: Set(row.text(5).split(separator: ":").map(String.init)))
        }
    }

    /// What all hosts have said of their models.
    package func models(by deadline: Instant) throws(ShardError) -> ShardModels {
        let offer = try offer(by: deadline)
        let hosts = try connection.ask(
            """
            SELECT h.name, p.place IS NOT NULL, s.uses, s.has, coalesce(s.complete, false), coalesce(p.offered, 0),
                coalesce(p.place, 0)
            FROM timbred.host h LEFT JOIN timbred.standing s ON s.host = h.number
                LEFT JOIN LATERAL (
                    SELECT max(next) AS place, max(next) FILTER (WHERE hash = $1) AS offered
                    FROM timbred.published WHERE host = h.number) p ON true
            ORDER BY h.number
            """, [.text(offer?.model)], by: deadline
        ).map { row in
            HostStanding(
                host: row.text(0), publishes: row.flag(1), uses: row.isNull(2) ? nil : row.text(2),
                has: row.isNull(3) ? nil : row.text(3), isComplete: row.flag(4), offeredPlace: row.integer(5),
                place: row.integer(6))
        }
        let rest = try connection.ask(
            "SELECT EXISTS (SELECT FROM timbred.generation WHERE map IS NULL)", by: deadline)
        return ShardModels(offer: offer, hosts: hosts, hasRest: rest.first?.flag(0) == true)
    }

    /// The model file of an offer; nil if the shard has another offer by now. It may be any bytes: who imports it looks whether it
    /// is that model.
    package func document(of offer: ModelOffer, by deadline: Instant) throws(ShardError) -> [UInt8]? {
        try connection.ask(
            "SELECT document FROM timbred.offer WHERE number = $1::bigint AND hash = $2",
            [.integer(offer.number), .text(offer.model)], by: deadline
        ).first?.bytes(0)
    }

    /// Offers a model to all hosts, unless the shard has that offer, or a later one. Hosts may, and who sets shards up; only the
    /// latter with hosts that are not waited for, or with an offer that is settled elsewhere.
    ///
    /// - Parameters:
    ///   - offer: What the shard takes over, in one transaction; hosts that are left out of an offer that it has already are added.
    ///   - document: The model file, up to 64 MiB.
    package func offer(_ offer: ModelOffer, _ document: [UInt8], by deadline: Instant) throws(ShardError) {
        // A name has no colon in it.
        try connection.ask(
            "SELECT timbred.offer_model($1::bigint, $2, $3, $4, $5, $6)",
            [
                .integer(offer.number), .text(offer.model), .bytes(document), .text(offer.offerer),
                .text(offer.leftOut.sorted().joined(separator: ":")), .flag(offer.isSettled),
            ], by: deadline)
    }

    /// The name that the role of this connection goes by: that of its host, or else its own.
    package func callerName(by deadline: Instant) throws(ShardError) -> String {
        try connection.ask(
            "SELECT coalesce((SELECT name FROM timbred.host WHERE number = caller()), session_user::text)", by: deadline
        ).first?.text(0) ?? ""
    }

    /// The models that those hosts use that publish to the shard and are waited for, and those under which this host's library is
    /// there.
    package func askedModels(by deadline: Instant) throws(ShardError) -> [String] {
        try connection.ask(
            """
            SELECT hash FROM timbred.published WHERE host = (SELECT caller())
            UNION SELECT uses FROM timbred.standing s
            WHERE host IN (SELECT host FROM timbred.published)
                AND NOT EXISTS (SELECT FROM timbred.offer WHERE s.host = ANY (without))
            ORDER BY 1
            """, by: deadline
        ).map { $0.text(0) }
    }

    /// Gives up what was published under other models than the offered one, if all hosts use it that publish to the shard.
    ///
    /// - Precondition: So do all hosts on all shards.
    package func settle(_ offer: ModelOffer, by deadline: Instant) throws(ShardError) {
        try connection.ask("SELECT timbred.settle($1::bigint)", [.integer(offer.number)], by: deadline)
    }

    /// Says which models this host's library has.
    ///
    /// - Parameters:
    ///   - model: The one that it uses.
    ///   - offered: The offered one, if it has that.
    ///   - isCurrent: Whether as much was just published under the offered one as under all others.
    package func stand(uses model: String, has offered: String?, isCurrent: Bool, by deadline: Instant)
        throws(ShardError)
    {
        try connection.ask(
            "SELECT timbred.stand($1, $2, $3)", [.text(model), .text(offered), .flag(isCurrent)], by: deadline)
    }
}
