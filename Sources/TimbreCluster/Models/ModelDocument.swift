import ClusterShards
import ShardConnections

/// The file of a model that was offered, as a shard has it.
package struct ModelDocument: Sendable {
    package let offer: ModelOffer
    /// As some host has put it there: it may be anything.
    let bytes: [UInt8]

    /// How long a shard may take to send it.
    private static let patience = Duration.seconds(60)

    /// Takes it from the first shard that has it.
    ///
    /// - Throws: ``ShardError`` of the last one if none does.
    package init(of offer: ModelOffer, from addresses: [ShardAddress]) throws(ShardError) {
        var failure = ShardError(.nonsense, "no shard has the model \(offer.model) any more")
        for address in addresses {
            do throws(ShardError) {
                let deadline = Shard.Instant.now + Self.patience
                let shard = try Shard(at: address, patience: Self.patience, by: deadline)
                guard let bytes = try shard.document(of: offer, by: deadline) else { continue }
                (self.offer, self.bytes) = (offer, bytes)
                return
            } catch { failure = address.naming(error) }
        }
        throw failure
    }

    /// Has a library take it in, which looks whether it is the model that was offered.
    ///
    /// - Throws: `LibraryError.invalidModel` if it is not.
    package func add(to library: LibraryModels) throws { try library.add(bytes, as: offer.model) }
}
