import ClusterShards
import Testing

@testable import TimbreCluster

struct ModelRolloutTests {
    private func offer(
        _ number: Int = 1, _ model: String = "new", settled: Bool = false, without: Set<String> = []
    ) -> ModelOffer {
        ModelOffer(number: number, model: model, offerer: "a", time: 0, isSettled: settled, leftOut: without)
    }

    private func host(
        _ name: String, uses: String = "old", has: String? = nil, complete: Bool = false, publishes: Bool = true,
        place: (Int, Int) = (0, 10)
    ) -> HostStanding {
        HostStanding(
            host: name, publishes: publishes, uses: uses, has: has, isComplete: complete, offeredPlace: place.0,
            place: place.1)
    }

    private func shard(_ offer: ModelOffer?, _ hosts: HostStanding..., rest: Bool = false) -> ShardModels? {
        ShardModels(offer: offer, hosts: hosts, hasRest: rest)
    }

    @Test func withoutAnOfferThereIsNothingToDo() {
        let rollout = ModelRollout([1: shard(nil, host("a"))])
        #expect(rollout.offer == nil && rollout.waiting == nil && !rollout.isComplete && !rollout.isSettled)
        #expect(rollout.step(uses: "old", has: false) == .nothing)
        #expect(rollout.hosts.map(\.uses) == ["old"])
    }

    @Test func anOfferHasToBeAccepted() throws {
        let rollout = ModelRollout([1: shard(offer(), host("a"), host("b", has: "new", complete: true))])
        #expect(rollout.step(uses: "old", has: false) == .accept)
        #expect(rollout.step(uses: "old", has: true) == .nothing)
        #expect(rollout.hosts.map(\.stage) == [.notAccepted, .complete])
        #expect(try #require(rollout.waiting).hasPrefix("a has not accepted it"))
    }

    @Test func itIsUsedWhenAllHaveEverythingOnAllShards() {
        let complete = host("a", has: "new", complete: true)
        let behind = host("b", has: "new", place: (3, 10))
        let some = ModelRollout([
            1: shard(offer(), complete, host("b", has: "new", complete: true)), 2: shard(offer(), complete, behind),
        ])
        #expect(some.hosts.map(\.stage) == [.complete, .publishing(percent: 30)])
        #expect(some.step(uses: "old", has: true) == .nothing)
        let moved = host("b", uses: "new", has: "new", complete: true)
        let all = ModelRollout([1: shard(offer(), complete, moved), 2: shard(offer(), complete, moved)])
        #expect(all.step(uses: "old", has: true) == .use && all.step(uses: "new", has: true) == .nothing)
        #expect(all.waiting == "a is about to use it" && !all.isReached)
    }

    @Test func nobodyGoesOverWhileAShardIsUnknownOrWasNotTold() throws {
        let complete = host("a", has: "new", complete: true)
        let away = ModelRollout([1: shard(offer(), complete), 2: nil])
        #expect(away.step(uses: "old", has: true) == .nothing && away.unknown == [2])
        #expect(try #require(away.waiting).contains("shard 2 does not answer"))
        let several = ModelRollout([1: shard(offer(), complete), 2: nil, 3: nil, 4: nil])
        #expect(try #require(several.waiting).contains("shards 2, 3 and 4 do not answer"))
        let cutOff = ModelRollout([1: shard(offer(), complete), 2: shard(nil, complete)])
        #expect(cutOff.step(uses: "old", has: true) == .nothing && cutOff.lacking == [2])
        // A later offer takes the place of an earlier one, shard by shard.
        let later = ModelRollout([1: shard(offer(2, "old"), complete), 2: shard(offer(1), complete)])
        #expect(later.offer?.model == "old" && later.lacking == [2])
    }

    @Test func aHostThatIsLeftOutIsNotWaitedFor() {
        let hosts = (host("a", uses: "new", has: "new", complete: true), host("b"))
        let rollout = ModelRollout([1: shard(offer(without: ["b"]), hosts.0, hosts.1)])
        #expect(rollout.isComplete && rollout.isReached && rollout.hosts.map(\.isWaitedFor) == [true, false])
        #expect(!ModelRollout([1: shard(offer(), hosts.0, hosts.1)]).isComplete)
    }

    @Test func aShardThatWasNotToldWhoIsLeftOutIsNamed() throws {
        // Hosts have passed the offer on, which may not say so.
        let hosts = (host("a", uses: "new", has: "new", complete: true), host("b"))
        let rollout = ModelRollout([
            1: shard(offer(settled: true, without: ["b"]), hosts.0, hosts.1), 2: shard(offer(), hosts.0, hosts.1),
        ])
        #expect(rollout.isReached && !rollout.isSettled && rollout.unawareOfAbsence == [2])
        #expect(try #require(rollout.waiting).contains("model use new --without b"))
    }

    @Test func aPlaceThatAHostHasMadeUpStopsNobody() {
        for place in [(Int.max, 1), (1, Int.max), (-5, 10), (Int.min, Int.max), (Int.max, -1)] {
            let rollout = ModelRollout([1: shard(offer(), host("a", has: "new", place: place))])
            guard case .publishing(let percent)? = rollout.hosts.first?.stage else {
                Issue.record("\(rollout.hosts)")
                continue
            }
            #expect((0...99).contains(percent))
        }
    }

    @Test func whatIsSettledSomewhereIsUsedWhoeverElseIsWaitedFor() {
        let moved = host("a", uses: "new", has: "new", complete: true)
        let (settled, open) = (shard(offer(settled: true), moved), shard(offer(), moved, host("b")))
        let shards = [1: settled, 2: open, 3: nil]
        #expect(ModelRollout(shards).step(uses: "old", has: true) == .use)
        #expect(ModelRollout(shards).step(uses: "old", has: false) == .accept)
        // A later offer takes its place, and is waited for like any other.
        let later = [1: settled, 2: shard(offer(2, "newer"), moved, host("b")), 3: nil]
        #expect(ModelRollout(later).step(uses: "new", has: true) == .nothing)
    }

    @Test func ofTwoOffersWithOneNumberAllTakeTheSame() {
        let one = shard(offer(3, "a"), host("a"))
        let other = shard(offer(3, "b"), host("a"))
        for shards in [[1: one, 2: other], [1: other, 2: one]] {
            let rollout = ModelRollout(shards)
            #expect(rollout.offer?.model == "b")
            #expect(rollout.lacking == shards.filter { $0.value?.offer?.model == "a" }.map(\.key))
            #expect(!rollout.isComplete)
        }
    }

    @Test func aHostThatHasPublishedNothingIsNotWaitedFor() {
        let rollout = ModelRollout([
            1: shard(offer(), host("a", has: "new", complete: true), host("b", publishes: false))
        ])
        #expect(rollout.hosts.map(\.name) == ["a"] && rollout.isComplete)
    }

    @Test func aShardThatHasNotHeardOfAHostDoesNotTakeItForOneThatUsesTheModel() {
        // The second shard was lost, and is being filled.
        let moved = host("a", uses: "new", has: "new", complete: true)
        let unheard = HostStanding(host: "a", publishes: false, uses: nil, has: nil, isComplete: false)
        let rollout = ModelRollout([1: shard(offer(), moved), 2: shard(offer(), unheard)])
        #expect(!rollout.isReached)
    }

    @Test func whatIsLeftOfOtherModelsIsWaitedFor() throws {
        let moved = host("a", uses: "new", has: "new", complete: true)
        let settled = offer(settled: true)
        let rollout = ModelRollout([1: shard(settled, moved, rest: true), 2: shard(settled, moved)])
        #expect(rollout.isSettled && rollout.unswept == [1])
        #expect(try #require(rollout.waiting).hasPrefix("shard 1 removes"))
        let end = ModelRollout([1: shard(settled, moved), 2: shard(settled, moved)])
        #expect(end.waiting == nil)
    }
}
