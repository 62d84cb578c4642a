import ClusterShards
import Testing

@testable import TimbreCluster

struct SettledOfferTests {
    private func offer(_ number: Int, _ model: String, settled: Bool = false) -> ModelOffer {
        ModelOffer(number: number, model: model, offerer: "a", time: 0, isSettled: settled)
    }

    /// What a process knows that has heard something of a first shard, and nothing of a second one.
    private func known(_ offer: ModelOffer?) -> SettledOffer {
        let settled = SettledOffer(asking: ShardPool([], patience: .zero))
        settled.heard(ModelRollout([1: ShardModels(offer: offer, hosts: []), 2: nil]))
        return settled
    }

    @Test func whatIsSettledElsewhereCountsOnAShardThatDoesNotKnowIt() {
        let settled = known(offer(3, "new", settled: true))
        for told in [nil, offer(2, "old", settled: false), offer(3, "new"), offer(3, "a")] {
            #expect(settled.counting(told) == offer(3, "new", settled: true))
        }
    }

    @Test func aLaterOfferCounts() {
        let settled = known(offer(3, "new", settled: true))
        #expect(settled.counting(offer(4, "newer")) == offer(4, "newer"))
        // Also after an earlier one was heard of again.
        settled.heard(ModelRollout([1: ShardModels(offer: offer(2, "old", settled: true), hosts: []), 2: nil]))
        #expect(settled.counting(nil)?.model == "new")
        settled.heard(ModelRollout([1: ShardModels(offer: offer(4, "newer"), hosts: [])]))
        #expect(settled.counting(nil)?.model == "new")
    }

    @Test func whatNoShardKnowsAnyMoreDoesNotCount() {
        for told in [nil, offer(2, "old"), offer(3, "new")] {
            let settled = known(offer(3, "new", settled: true))
            settled.heard(ModelRollout([1: ShardModels(offer: told, hosts: [])]))
            #expect(settled.counting(nil) == nil && settled.counting(told) == told)
        }
        let earlier = known(offer(3, "new", settled: true))
        earlier.heard(ModelRollout([1: ShardModels(offer: offer(2, "old", settled: true), hosts: [])]))
        #expect(earlier.counting(nil)?.model == "old")
    }

    @Test func withoutASettledOneItIsWhatTheShardWasTold() {
        for settled in [known(nil), known(offer(3, "new"))] {
            #expect(settled.counting(nil) == nil)
            #expect(settled.counting(offer(3, "new")) == offer(3, "new"))
        }
    }

    @Test func aHostThatHasNotAcceptedPublishesNothingToAShardThatDoesNotKnow() throws {
        let counting = known(offer(3, "new", settled: true)).counting(offer(3, "new"))
        #expect(throws: PublishedModels.Obstacle.self) {
            try PublishedModels(offer: counting, used: "old", asked: ["old"]) { $0 == "old" }
        }
        #expect(try PublishedModels(offer: counting, used: "old", asked: ["old"]) { _ in true }.models == ["new"])
    }
}
