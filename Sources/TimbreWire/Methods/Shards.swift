/// A shard that did not answer, and why.
package struct MissingShard: Codable, Hashable, Sendable {
    /// Its number, from 1.
    package var shard: Int
    package var why: String

    package init(shard: Int, why: String) {
        self.shard = shard
        self.why = why
    }
}

/// Tells how the shards of a cluster are, and which hosts publish to them.
package enum Shards: LibraryMethod {
    package typealias Parameters = Nothing

    package struct Reply: Codable, Hashable, Sendable {
        package var version: String
        package var shards: [ClusterShard]
        /// How many shards there are about to be; absent if the number does not change.
        package var resizing: Int?
        package var hosts: [ClusterHost]

        package init(version: String, shards: [ClusterShard], resizing: Int?, hosts: [ClusterHost]) {
            self.version = version
            self.shards = shards
            self.resizing = resizing
            self.hosts = hosts
        }
    }
}

/// How far a shard is with the library of this machine.
package enum PublicationState: String, Codable, Hashable, Sendable {
    /// Nothing is known yet.
    case starting
    /// More is on the way.
    case behind
    /// It has everything.
    case current
    /// Nothing can be published to it now.
    case held
}

/// A shard of the cluster.
package struct ClusterShard: Codable, Hashable, Sendable {
    /// Its number, from 1.
    package var shard: Int
    /// Host and database.
    package var address: String
    /// The files that it has; absent if it does not answer, or is not searched yet.
    package var files: Int?
    /// Why it does not answer.
    package var why: String?
    package var published: PublicationState
    /// Why nothing is published, and since when, in seconds since 1970.
    package var held: String?
    package var since: Double?

    package init(shard: Int, address: String, published: PublicationState) {
        self.shard = shard
        self.address = address
        self.published = published
    }
}

/// A machine that publishes its library.
package struct ClusterHost: Codable, Hashable, Sendable {
    package var name: String
    /// Files that the shards have of it, those that answered.
    package var files: Int
    /// Whether these are all that its library had when it was last heard of.
    package var complete: Bool
    /// When it last published something, in seconds since 1970.
    package var seen: Double?

    package init(name: String, files: Int, complete: Bool, seen: Double?) {
        self.name = name
        self.files = files
        self.complete = complete
        self.seen = seen
    }
}
