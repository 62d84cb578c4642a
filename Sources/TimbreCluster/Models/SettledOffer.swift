import ClusterShards
import Synchronization

/// The last offer that any shard has settled, as far as this process has heard: on that shard nothing is found under another
/// model, so none can be found on all.
///
/// A shard that was restored, refilled or added may not know that yet. What is published to it goes by what the others say:
/// under another model nobody would ask for it, and it would keep the shard from settling the offer.
package final class SettledOffer: Sendable {
    private struct Known {
        var offer: ModelOffer?
        /// Whether the shards were asked.
        var isAsked = false
    }

    private let pool: ShardPool
    private let known = Mutex(Known())

    package init(asking pool: ShardPool) { self.pool = pool }

    /// Notes what all shards know. Where every one of them answers, and none knows the settled offer any more, all were restored
    /// from a time before.
    func heard(_ rollout: ModelRollout) {
        known.withLock { known in
            known.isAsked = true
            if let settled = known.offer, rollout.unknown.isEmpty, rollout.offer?.isLater(than: settled) != true {
                known.offer = nil
            }
            Self.note(rollout, in: &known)
        }
    }

    /// The offer that counts on a shard.
    ///
    /// All shards are asked the first time that it matters, which takes as long as a question; others wait for that.
    ///
    /// - Parameter offer: What the shard was told; nil if nothing.
    /// - Returns: That, or a settled one that is not earlier.
    func counting(_ offer: ModelOffer?) -> ModelOffer? {
        if let offer, offer.isSettled { return offer }
        let settled = known.withLock { known in
            if !known.isAsked {
                Self.note(ModelRollout(asking: pool), in: &known)
                known.isAsked = true
            }
            return known.offer
        }
        guard let settled else { return offer }
        return offer?.isLater(than: settled) == true ? offer : settled
    }

    private static func note(_ rollout: ModelRollout, in known: inout Known) {
        guard var offer = rollout.offer, rollout.isSettledAnywhere, offer.isLater(than: known.offer) else { return }
        offer.isSettled = true
        known.offer = offer
    }
}
