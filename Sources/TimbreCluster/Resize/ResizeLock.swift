import ClusterShards
import ShardConnections

/// The right to change the number of shards, which one program has at a time: a lock of the first shard's server, which goes
/// with the connection.
package final class ResizeLock {
    package typealias Instant = ContinuousClock.Instant

    private let address: ShardAddress
    private var shard: Shard
    /// Whether somebody else may have had it since this was last made false.
    private(set) var wasLost = false

    /// How long the shard may take to answer.
    private static let patience = Duration.seconds(30)

    /// Takes the lock.
    ///
    /// - Throws: ``ShardError``, also if another program has it.
    package init(on address: ShardAddress) throws(ShardError) {
        self.address = address
        shard = try Self.take(on: address)
    }

    private static func take(on address: ShardAddress) throws(ShardError) -> Shard {
        let shard = try Shard(at: address, patience: patience, by: .now + patience)
        try shard.claimResizing(by: .now + patience)
        return shard
    }

    /// Makes sure that this program has it still, or has it again.
    ///
    /// - Throws: ``ShardError`` as long as the shard does not answer, or another program has it.
    func hold() throws(ShardError) {
        do throws(ShardError) { if try shard.holdsResizing(by: .now + Self.patience) { return } } catch {
            guard error.endsConnection else { throw error }
        }
        wasLost = true
        shard = try Self.take(on: address)
    }

    /// Notes that nothing has changed while the lock was lost.
    func nothingHasChanged() { wasLost = false }
}
