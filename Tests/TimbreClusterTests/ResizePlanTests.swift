import ClusterShards
import Testing

@testable import TimbreCluster

struct ResizePlanTests {
    private func map(_ number: Int, _ count: Int, ready: Bool = true) -> ShardMap {
        ShardMap(number: number, shardCount: count, isReady: ready)
    }

    @Test func anotherNumberNeedsANewMap() throws {
        let plan = try ResizePlan(of: [[map(3, 4)], [map(3, 4)], [map(3, 4)], [map(3, 4)]], to: 6)
        #expect(plan.goal == map(4, 6, ready: false) && plan.currentCount == 4)
        #expect(plan.newcomersMap == plan.goal)
    }

    @Test func whatIsUnderWayGoesOn() throws {
        let maps = [[map(1, 2), map(2, 3, ready: false)], [map(1, 2)], []]
        #expect(try ResizePlan(of: maps, to: 3).goal == map(2, 3, ready: false))
    }

    @Test func theNumberThatThereIsGivesAChangeUp() throws {
        let maps = [[map(1, 2), map(2, 3, ready: false)], [map(1, 2), map(2, 3, ready: false)], []]
        let plan = try ResizePlan(of: maps, to: 2)
        #expect(plan.goal == map(1, 2) && plan.currentCount == 2)
    }

    @Test func aThirdNumberHasToWait() {
        let maps = [[map(1, 2), map(2, 3, ready: false)], [map(1, 2)]]
        #expect(throws: ResizePlan.Obstacle.underWay(to: 3, from: 2)) { try ResizePlan(of: maps, to: 4) }
    }

    @Test func aSwitchThatWasCutOffIsFinished() throws {
        let maps = [[map(1, 2), map(2, 3)], [map(1, 2), map(2, 3, ready: false)], [map(2, 3, ready: false)]]
        let plan = try ResizePlan(of: maps, to: 3)
        #expect(plan.goal == map(2, 3) && plan.currentCount == 3)
        // What has nothing yet is not ready, whatever the others are.
        #expect(plan.newcomersMap == map(2, 3, ready: false))
    }

    @Test func aShardOfATimeBeforeIsBroughtToTheNewestMap() throws {
        #expect(try ResizePlan(of: [[map(2, 3)], [map(1, 2)], [map(2, 3)]], to: 3).goal == map(2, 3))
    }

    @Test func whatWasNeverSetUpCannotGrow() {
        #expect(throws: ResizePlan.Obstacle.nothingReady) { try ResizePlan(of: [[], []], to: 2) }
    }
}

struct ResizeProgressTests {
    private let goal = ShardMap(number: 2, shardCount: 3, isReady: false)

    private func place(_ host: String, shard: Int, map: Int, _ next: Int, complete: Bool = true) -> HostPublication {
        HostPublication(shard: shard, map: map, host: host, next: next, isComplete: complete)
    }

    private func progress(
        _ publications: [HostPublication], unready: Set<Int> = [1, 2], earlier: [String: Int] = ["a": 10],
        without: Set<String> = []
    ) -> ResizeProgress {
        ResizeProgress(publications, goal: goal, unready: unready, earlier: earlier, without: without)
    }

    @Test func allHostsMustHaveEverythingOnAllNewShards() {
        let old = [place("a", shard: 1, map: 1, 12), place("a", shard: 2, map: 1, 10)]
        let some = progress(old + [place("a", shard: 1, map: 2, 10)])
        #expect(some.gaps == [ResizeProgress.Gap(host: "a", shard: 2, isBegun: false)])
        #expect(some.reached == ["a": 12])
        let begun = progress(
            old + [place("a", shard: 1, map: 2, 10), place("a", shard: 2, map: 2, 11, complete: false)])
        #expect(begun.gaps == [ResizeProgress.Gap(host: "a", shard: 2, isBegun: true)])
        #expect(begun.words == "a is publishing to shard 2")
        let all = progress(old + [place("a", shard: 1, map: 2, 10), place("a", shard: 2, map: 2, 11)])
        #expect(all.gaps.isEmpty && all.words == nil)
    }

    @Test func whatIsBehindIsNotEnough() {
        let publications = [
            place("a", shard: 1, map: 1, 12), place("a", shard: 1, map: 2, 9), place("a", shard: 2, map: 2, 12),
        ]
        #expect(progress(publications).gaps.map(\.shard) == [1])
        // How far it was is known from the second look on.
        #expect(progress(publications, earlier: [:]).gaps.map(\.shard) == [1, 2])
    }

    @Test func aHostThatNeverPublishedIsNotWaitedFor() { #expect(progress([]).gaps.isEmpty) }

    @Test func aHostThatIsGoneForGoodIsNotWaitedFor() {
        let publications = [place("a", shard: 1, map: 1, 12), place("b", shard: 1, map: 1, 3)]
        #expect(progress(publications, without: ["a"]).gaps.map(\.host) == ["b", "b"])
        #expect(progress(publications, without: ["a", "b"]).words == nil)
    }

    @Test func aShardThatIsReadySaysWhatAnotherLacks() {
        // Shard 2 was lost; there is no older map any more.
        let publications = [place("a", shard: 1, map: 2, 10), place("a", shard: 3, map: 2, 10)]
        #expect(progress(publications, unready: [2]).gaps == [ResizeProgress.Gap(host: "a", shard: 2, isBegun: false)])
    }
}
