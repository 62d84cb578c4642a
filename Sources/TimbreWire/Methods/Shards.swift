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
        /// The model that the cluster is to use; absent if none was ever offered.
        package var model: ClusterModel?
        package var hosts: [ClusterHost]

        package init(
            version: String, shards: [ClusterShard], resizing: Int?, model: ClusterModel?, hosts: [ClusterHost]
        ) {
            self.version = version
            self.shards = shards
            self.resizing = resizing
            self.model = model
            self.hosts = hosts
        }
    }
}

/// A model that was offered to a cluster.
package struct ClusterModel: Codable, Hashable, Sendable {
    /// `sha256:…`
    package var hash: String
    /// The host, or the role, that offered it, and when, in seconds since 1970.
    package var by: String
    package var since: Double
    /// What is waited for until all hosts use it, and nothing is left of others; absent if they do.
    package var waiting: String?

    package init(hash: String, by: String, since: Double, waiting: String?) {
        self.hash = hash
        self.by = by
        self.since = since
        self.waiting = waiting
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
    /// `sha256:…`: the model that its library uses; absent if it has not said so.
    package var model: String?

    package init(name: String, files: Int, complete: Bool, seen: Double?) {
        self.name = name
        self.files = files
        self.complete = complete
        self.seen = seen
    }
}
