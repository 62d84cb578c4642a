import Testing

@testable import ClusterShards

struct ResizeStepTests {
    private func map(_ number: Int, _ count: Int, ready: Bool = true) -> ShardMap {
        ShardMap(number: number, shardCount: count, isReady: ready)
    }

    @Test func aChangeFromTwoToThreeMeetsNoObstacle() {
        let goal = map(2, 3, ready: false)
        for shard in 1...3 {
            var maps = shard == 3 ? [] : [map(1, 2)]
            #expect(ResizeStep.announce.obstacle(to: goal, on: shard, maps) == nil)
            #expect(!ResizeStep.announce.isDone(goal, maps))
            maps.append(goal)
            #expect(ResizeStep.announce.isDone(goal, maps) && !ResizeStep.makeReady.isDone(goal, maps))
            #expect(ResizeStep.makeReady.obstacle(to: goal, on: shard, maps) == nil)
            maps[maps.count - 1].isReady = true
            #expect(ResizeStep.makeReady.isDone(goal, maps))
            #expect(ResizeStep.keep.obstacle(to: goal, on: shard, maps) == nil)
            #expect(ResizeStep.keep.isDone(goal, maps) == (shard == 3))
            #expect(ResizeStep.keep.isDone(goal, [map(2, 3)]))
            #expect(!ResizeStep.keep.mustForget(maps, for: goal))
        }
    }

    @Test func aShardThatIsLeftOutKeepsNothing() {
        let goal = map(2, 2)
        #expect(ResizeStep.keep.obstacle(to: goal, on: 3, [map(1, 3)]) == nil)
        #expect(ResizeStep.keep.isDone(goal, []) && !ResizeStep.keep.isDone(goal, [map(1, 3)]))
    }

    @Test func whatWasGivenUpMeanwhileIsNotMadeReady() {
        let goal = map(2, 3, ready: false)
        #expect(ResizeStep.makeReady.obstacle(to: goal, on: 1, [map(1, 2)]) != nil)
        #expect(ResizeStep.makeReady.obstacle(to: goal, on: 1, [map(1, 2), map(2, 4, ready: false)]) != nil)
    }

    @Test func theOnlyMapOfQuestionsIsNotGivenUp() {
        // Somebody else has given the new map up before this shard was ready for it.
        #expect(ResizeStep.keep.obstacle(to: map(2, 3, ready: false), on: 1, [map(1, 2)]) != nil)
        #expect(ResizeStep.keep.obstacle(to: map(2, 3), on: 1, [map(1, 2), map(2, 3, ready: false)]) != nil)
    }

    @Test("A map beyond, by which questions go, is not undone", arguments: [ResizeStep.announce, .makeReady, .keep])
    func whatIsBeyond(step: ResizeStep) {
        let old = map(1, 2)
        #expect(step.obstacle(to: old, on: 1, [old, map(2, 3)])?.contains("3 shards") == true)
        #expect(step.obstacle(to: old, on: 3, [map(2, 3)]) != nil)
        // What is not ready is no more than begun.
        #expect(step.obstacle(to: old, on: 1, [old, map(2, 3, ready: false)]) == nil)
    }

    @Test func aShardThatWasAwayForgetsWhatWasGivenUpMeanwhile() {
        // It was to be the third of three; by now, questions go by a map of that number which has four.
        let (left, goal) = (map(2, 3, ready: false), map(2, 4))
        #expect(ResizeStep.announce.obstacle(to: goal, on: 3, [left]) == nil)
        #expect(ResizeStep.announce.mustForget([left], for: goal))
        #expect(ResizeStep.keep.obstacle(to: map(2, 1), on: 3, [left]) == nil)
        #expect(ResizeStep.keep.mustForget([left], for: map(2, 1)))
        // As long as they do not, nobody knows which of the two is to be.
        let coming = map(2, 4, ready: false)
        #expect(ResizeStep.announce.obstacle(to: coming, on: 3, [left])?.contains("give that up first") == true)
    }
}
