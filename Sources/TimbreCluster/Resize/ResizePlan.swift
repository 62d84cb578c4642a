import ClusterShards

/// To which map a cluster is brought so that it has a given number of shards: decided from the maps that its shards have.
///
/// The same question leads to the same map for as long as it has not been reached, so that a change that was cut off goes on.
package struct ResizePlan: Hashable, Sendable {
    package let goal: ShardMap
    /// How many shards there are, as long as questions do not go by the goal.
    package let currentCount: Int

    /// What a shard is made part of that has nothing yet.
    package var newcomersMap: ShardMap { ShardMap(number: goal.number, shardCount: goal.shardCount, isReady: false) }

    /// Whether a shard has to answer. Once questions go by the goal, those beyond it need not: what a change that is given up
    /// would have added was never ready, as the first shards become so first, and what is left out is asked no more.
    package func needs(_ shard: Int) -> Bool { !goal.isReady || shard <= goal.shardCount }

    /// Whether shards with these maps are still brought to the same map.
    func isStillRight(for maps: [[ShardMap]]) -> Bool {
        do throws(Obstacle) { return try ResizePlan(of: maps, to: goal.shardCount).goal.isSame(as: goal) } catch {
            return false
        }
    }

    /// Why the number cannot be changed now.
    package enum Obstacle: Error, Hashable {
        /// No shard is ready for any map.
        case nothingReady
        /// A change to this number is under way, which was that.
        case underWay(to: Int, from: Int)
    }

    /// - Parameters:
    ///   - maps: Those of all shards.
    ///   - count: How many shards are wanted. The number that there are gives up a change that is under way.
    package init(of maps: [[ShardMap]], to count: Int) throws(Obstacle) {
        let all = maps.joined()
        guard let current = all.filter(\.isReady).max(by: { $0.number < $1.number }) else { throw .nothingReady }
        let newest = all.max { $0.number < $1.number } ?? current
        currentCount = current.shardCount
        if current.shardCount == count {
            goal = current
        } else if newest.number == current.number {
            goal = ShardMap(number: newest.number + 1, shardCount: count, isReady: false)
        } else if newest.shardCount == count {
            goal = newest
        } else {
            throw .underWay(to: newest.shardCount, from: current.shardCount)
        }
    }
}
