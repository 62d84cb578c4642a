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

    @Test func aShardThatWasNeverFilledIsNotNeededToGiveUp() throws {
        // The third one died before questions could go by it.
        let maps = [[map(1, 2), map(2, 3, ready: false)], [map(1, 2), map(2, 3, ready: false)]]
        let back = try ResizePlan(of: maps, to: 2)
        #expect([1, 2, 3].map(back.needs) == [true, true, false])
        let on = try ResizePlan(of: maps, to: 3)
        #expect([1, 2, 3].map(on.needs) == [true, true, true])
        // It has been filled where questions go by the new map already, on the first shards at least.
        let late = [[map(1, 2), map(2, 3)], [map(1, 2), map(2, 3, ready: false)]]
        #expect([1, 2, 3].map(try ResizePlan(of: late, to: 2).needs) == [true, true, true])
    }

    @Test func whoHadTheLockMeanwhileMayHaveComeToAnotherMap() throws {
        let plan = try ResizePlan(of: [[map(1, 2)], [map(1, 2)]], to: 3)
        #expect(plan.isStillRight(for: [[map(1, 2), map(2, 3)], [map(1, 2), map(2, 3, ready: false)]]))
        #expect(plan.isStillRight(for: [[map(1, 2)], [map(1, 2)]]))
        #expect(!plan.isStillRight(for: [[map(1, 2), map(2, 4, ready: false)], [map(1, 2)]]))
        #expect(!plan.isStillRight(for: [[map(2, 4)], [map(2, 4)]]))
        #expect(!plan.isStillRight(for: [[], []]))
    }

    @Test func whatWasNeverSetUpCannotGrow() {
        #expect(throws: ResizePlan.Obstacle.nothingReady) { try ResizePlan(of: [[], []], to: 2) }
    }
}

struct ResizeProgressTests {
    private let goal = ShardMap(number: 2, shardCount: 3, isReady: false)

    private func place(
        _ host: String, shard: Int, map: Int, _ next: Int, complete: Bool = true, library: String? = "first",
        model: String = "sha256:00"
    ) -> HostPublication {
        HostPublication(
            shard: shard, map: map, host: host, model: model, library: library, next: next, isComplete: complete)
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
        #expect(some.gaps == [ResizeProgress.Gap(host: "a", shard: 2, reason: .notBegun)])
        #expect(some.reached == ["a": 12])
        let begun = progress(
            old + [place("a", shard: 1, map: 2, 10), place("a", shard: 2, map: 2, 11, complete: false)])
        #expect(begun.gaps == [ResizeProgress.Gap(host: "a", shard: 2, reason: .publishing)])
        #expect(begun.words(after: .zero) == "a is publishing to shard 2")
        let all = progress(old + [place("a", shard: 1, map: 2, 10), place("a", shard: 2, map: 2, 11)])
        #expect(all.gaps.isEmpty && all.words(after: .zero) == nil)
    }

    @Test func whatIsBehindIsNotEnough() {
        let publications = [
            place("a", shard: 1, map: 1, 12), place("a", shard: 1, map: 2, 9), place("a", shard: 2, map: 2, 12),
        ]
        #expect(progress(publications).gaps.map(\.shard) == [1])
        // How far it was is known from the second look on.
        #expect(progress(publications, earlier: [:]).gaps.map(\.shard) == [1, 2])
    }

    @Test func everythingMustBeThereUnderEachModelThatIsWhole() {
        // A host goes over to another model, and a shard that was lost is filled meanwhile.
        let old = [
            place("a", shard: 1, map: 2, 10), place("a", shard: 1, map: 2, 10, model: "sha256:01"),
            place("a", shard: 3, map: 2, 10), place("a", shard: 3, map: 2, 10, model: "sha256:01"),
        ]
        let first = place("a", shard: 2, map: 2, 10)
        #expect(progress(old + [first], unready: [2]).gaps.map(\.reason) == [.publishing])
        let second = place("a", shard: 2, map: 2, 10, model: "sha256:01")
        #expect(progress(old + [first, second], unready: [2]).gaps.isEmpty)
        // What is not whole yet anywhere, nobody asks by.
        let begun = [
            place("a", shard: 1, map: 2, 10), place("a", shard: 1, map: 2, 3, complete: false, model: "sha256:01"),
        ]
        #expect(progress(begun + [first, place("a", shard: 3, map: 2, 10)], unready: [2]).gaps.isEmpty)
    }

    @Test func aHostThatNeverPublishedIsNotWaitedFor() { #expect(progress([]).gaps.isEmpty) }

    @Test func aHostThatIsGoneForGoodIsNotWaitedFor() {
        let publications = [place("a", shard: 1, map: 1, 12), place("b", shard: 1, map: 1, 3)]
        #expect(progress(publications, without: ["a"]).gaps.map(\.host) == ["b", "b"])
        #expect(progress(publications, without: ["a", "b"]).words(after: .zero) == nil)
    }

    @Test func aShardThatIsReadySaysWhatAnotherLacks() {
        // Shard 2 was lost; there is no older map any more.
        let publications = [place("a", shard: 1, map: 2, 10), place("a", shard: 3, map: 2, 10)]
        #expect(
            progress(publications, unready: [2]).gaps == [ResizeProgress.Gap(host: "a", shard: 2, reason: .notBegun)])
    }

    @Test func aShardThatKeepsAnotherLibraryIsNotFilled() throws {
        // The library of before had come further, and all of it is there.
        let old = [
            place("a", shard: 1, map: 1, 10, library: "second"), place("a", shard: 2, map: 1, 10, library: "second"),
        ]
        let new = [
            place("a", shard: 1, map: 2, 10, library: "second"), place("a", shard: 2, map: 2, 10, library: "second"),
        ]
        let stale = place("a", shard: 3, map: 2, 99)
        let filled = progress(old + new + [stale], unready: [1, 2, 3])
        #expect(filled.gaps == [ResizeProgress.Gap(host: "a", shard: 3, reason: .otherLibrary)])
        let words = try #require(filled.words(after: .zero))
        #expect(words.hasPrefix("shard 3 keeps another library of a") && words.contains("publish --replace-library"))
        // Also where questions go by it already.
        #expect(progress(new + [stale], unready: []).gaps.map(\.shard) == [3])
        #expect(progress(new + [stale], unready: [], without: ["a"]).gaps.isEmpty)
    }

    @Test func aShardThatIsLeftOutMayKeepAnotherLibrary() {
        let smaller = ShardMap(number: 3, shardCount: 2, isReady: false)
        let current = [
            place("a", shard: 1, map: 2, 10, library: "second"), place("a", shard: 2, map: 2, 10, library: "second"),
            place("a", shard: 3, map: 2, 99),
        ]
        let new = [
            place("a", shard: 1, map: 3, 10, library: "second"), place("a", shard: 2, map: 3, 10, library: "second"),
        ]
        let progress = ResizeProgress(
            current + new, goal: smaller, unready: [1, 2], earlier: ["a": 10], without: [])
        #expect(progress.gaps.isEmpty && progress.reached == ["a": 10])
    }

    @Test func aLibraryThatIsBeingReplacedIsWaitedFor() {
        let old = [
            place("a", shard: 1, map: 1, 10, library: "second"), place("a", shard: 2, map: 1, 10, library: "second"),
        ]
        let new = [place("a", shard: 1, map: 2, 10, library: "second"), place("a", shard: 2, map: 2, 99, library: nil)]
        #expect(progress(old + new).gaps == [ResizeProgress.Gap(host: "a", shard: 2, reason: .publishing)])
    }

    @Test func aHostOfWhichOnlyAShardThatIsLeftOutHasAnythingIsWaitedFor() {
        let single = ShardMap(number: 3, shardCount: 1, isReady: false)
        let progress = ResizeProgress(
            [place("a", shard: 2, map: 2, 10)], goal: single, unready: [1], earlier: [:], without: [])
        #expect(progress.gaps == [ResizeProgress.Gap(host: "a", shard: 1, reason: .notBegun)])
        #expect(progress.reached == ["a": 10])
    }

    @Test func whyAHostHasNotBegunIsAskedAfterAWhile() {
        let late = progress([place("a", shard: 1, map: 1, 12)])
        #expect(late.words(after: .seconds(5)) == "a has not begun to publish to shard 1, 2 yet")
        #expect(late.words(after: .seconds(31))?.contains("does its timbred.toml name all shards?") == true)
    }
}
