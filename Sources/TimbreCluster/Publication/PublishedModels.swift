import ClusterShards

/// Under which models a library is published to a shard.
package struct PublishedModels: Hashable, Sendable {
    /// The models, the one that the library uses first, if it is among them.
    package let models: [String]

    /// Why nothing may be published: the cluster has gone over to a model that the library does not have.
    package struct Obstacle: Error, Hashable {
        package var wanted: String
        package var used: String
    }

    /// - Parameters:
    ///   - offer: What the shard was told of the cluster's model; nil if nothing.
    ///   - used: The model that the library uses.
    ///   - asked: The models that hosts use, and those under which it is there already.
    ///   - has: Whether the library has a model.
    /// - Throws: ``Obstacle``, and what `has` throws.
    package init(
        offer: ModelOffer?, used: String, asked: [String], has: (String) throws -> Bool
    ) throws {
        guard let offer else {
            models = [used]
            return
        }
        let isAccepted = try offer.model == used || has(offer.model)
        if offer.isSettled {
            // Nobody finds anything under another one.
            guard isAccepted else { throw Obstacle(wanted: offer.model, used: used) }
            models = [offer.model]
            return
        }
        // As long as not all hosts have gone over, some ask by the models of before.
        var others = isAccepted && offer.model != used ? [offer.model] : []
        for model in asked where model != used && !others.contains(model) {
            if try has(model) { others.append(model) }
        }
        models = [used] + others
    }
}

extension PublishedModels.Obstacle {
    /// In one line, for people.
    package var words: String {
        "the cluster uses the model \(wanted.prefix(15)), and this library \(used.prefix(15)): `timbre-cluster model accept` has "
            + "it follow"
    }
}
