import ClusterShards
import Testing

@testable import TimbreCluster

struct MapChoiceTests {
    private func map(_ number: Int, _ count: Int, ready: Bool = true) -> ShardMap {
        ShardMap(number: number, shardCount: count, isReady: ready)
    }

    @Test func thereIsAMapForAllAtEveryMoment() {
        let (old, new) = (map(1, 2), map(2, 3))
        let coming = map(2, 3, ready: false)
        // Told one by one, ready one by one, the old one given up one by one.
        var maps: [Int: [ShardMap]] = [1: [old], 2: [old]]
        func best() -> ShardMap? { MapChoice(known: maps).best }
        for shard in 1...3 {
            maps[shard] = (maps[shard] ?? []) + [coming]
            #expect(best() == old)
        }
        #expect(MapChoice(known: maps).nextCount == 3)
        for shard in 1...3 {
            #expect(best() == old)
            maps[shard] = maps[shard]?.map { $0.number == 2 ? new : $0 }
        }
        for shard in 1...3 {
            #expect(best() == new)
            maps[shard] = [new]
        }
        #expect(best() == new && MapChoice(known: maps).nextCount == nil)
    }

    @Test func aShardThatIsLeftOutHasNoSay() {
        #expect(MapChoice(known: [1: [map(2, 2)], 2: [map(2, 2)], 3: [map(1, 3)]]).best == map(2, 2))
    }

    @Test func aShardOfATimeBeforeIsMissing() {
        #expect(MapChoice(known: [1: [map(2, 3)], 2: [map(1, 2)], 3: [map(2, 3)]]).best == map(2, 3))
    }

    @Test func aMapThatOthersAreBeyondIsNotTakenUpAgain() {
        // One shard became three; the first was restored from a time when it was the only one.
        let known = [1: [map(1, 1)], 2: [map(2, 3)], 3: [map(2, 3)]]
        #expect(MapChoice(known: known).best == map(2, 3))
        #expect(MapChoice(known: known).isOutOfDate(map(1, 1)) && !MapChoice(known: known).isOutOfDate(map(2, 3)))
        #expect(MapChoice(known: [1: [map(1, 1)], 2: [map(2, 3, ready: false)]]).best == map(1, 1))
    }

    @Test func aChangeThatWasGivenUpIsNotToCome() {
        // Nobody asks the third shard any more.
        let known = [1: [map(1, 2)], 2: [map(1, 2)], 3: [map(2, 3, ready: false)]]
        #expect(MapChoice(known: known).nextCount == nil)
    }

    @Test func aNumberThatIsUsedAgainIsAnotherMap() {
        #expect([map(1, 2), map(2, 3)].areSame(as: [map(1, 2), map(2, 3, ready: false)]))
        #expect(![map(1, 2), map(2, 3)].areSame(as: [map(1, 2), map(2, 4)]))
        #expect(![map(1, 2), map(2, 3)].areSame(as: [map(1, 2)]))
    }

    @Test func nothingKnownIsNoMap() { #expect(MapChoice().best == nil && MapChoice().nextCount == nil) }
}
