import ClusterShards
import Glibc
import Platform
import ShardConnections

/// Gives a cluster another number of shards while questions go on.
///
/// All shards of the new map are told of it, and machines publish to them what belongs there, beside what there is. When
/// everything is there, questions go by the new map; then the old one is given up, and what was published for it removed. Each
/// step is one transaction on each shard, and none undoes an earlier one: whatever cuts it off, it is run again. Before each,
/// it is made sure that nobody else changes the number.
package struct ClusterResize {
    package typealias Instant = ContinuousClock.Instant

    private let addresses: [ShardAddress]
    private let plan: ResizePlan
    private let lock: ResizeLock
    private let forgotten: Set<String>
    private let say: (String) -> Void

    /// How long a shard may take for a step.
    private static let patience = Duration.seconds(60)
    /// Microseconds between two looks at how far machines are.
    private static let pause = useconds_t(300_000)

    /// - Parameters:
    ///   - addresses: All shards that there are and that there are to be, set up, but for those that the plan does not need.
    ///   - lock: What keeps others from changing the number.
    ///   - forgotten: Hosts that are not waited for, and whose sounds are given up with the old map.
    ///   - say: Is given lines for people.
    package init(
        _ addresses: [ShardAddress], by plan: ResizePlan, under lock: ResizeLock, without forgotten: Set<String>,
        say: @escaping (String) -> Void
    ) {
        (self.addresses, self.plan, self.lock) = (addresses, plan, lock)
        (self.forgotten, self.say) = (forgotten, say)
    }

    /// - Throws: ``ShardError`` if a shard does not answer when it is told of the map; later, all are waited for. Also, with the
    ///   reason `overtaken`, if somebody else has changed the number meanwhile.
    package func run() throws(ShardError) {
        let members = addresses.filter { $0.number <= plan.goal.shardCount }
        // As early as can be: hosts are to publish nothing there that nobody asks by.
        try tellOfModel(members)
        for address in members {
            try holdLock()
            try Self.connect(to: address).announce(plan.goal, by: .now + Self.patience)
        }
        var reached: [String: Int] = [:]
        let start = Instant.now
        try wait { () throws(ShardError) in try missing(on: members, &reached, after: .now - start) }
        for address in members {
            try wait { () throws(ShardError) in
                try Self.connect(to: address).makeReady(plan.goal, by: .now + Self.patience)
                return nil
            }
        }
        if plan.currentCount != plan.goal.shardCount {
            say("questions go by \(CountedNoun.text(plan.goal.shardCount, "shard")) now")
        }
        for address in addresses {
            try wait { () throws(ShardError) in
                let shard = try Self.connect(to: address)
                try shard.keep(only: plan.goal, by: .now + Self.patience)
                while try shard.sweep(by: .now + Self.patience) {}
                return nil
            }
        }
    }

    /// Tells new shards of the model that the cluster is to use, whether all hosts use it, and who is left out, so that hosts
    /// publish under all models that are asked by, and under no other.
    private func tellOfModel(_ members: [ShardAddress]) throws(ShardError) {
        var offers: [Int: ModelOffer] = [:]
        for address in addresses {
            offers[address.number] = try Self.connect(to: address).offer(by: .now + Self.patience)
        }
        guard var newest = offers.values.max(by: { $1.isLater(than: $0) }) else { return }
        let told = offers.values.filter { $0.isSame(as: newest) }
        newest.isSettled = told.contains(where: \.isSettled)
        newest.leftOut = Set(told.flatMap(\.leftOut))
        let lacking = members.filter { member in
            guard let known = offers[member.number], known.isSame(as: newest) else { return true }
            return known.isSettled != newest.isSettled || known.leftOut != newest.leftOut
        }
        guard !lacking.isEmpty else { return }
        try holdLock()
        let document = try ModelDocument(of: newest, from: addresses)
        for address in lacking {
            try Self.connect(to: address).offer(newest, document.bytes, by: .now + Self.patience)
        }
    }

    private static func connect(to address: ShardAddress) throws(ShardError) -> Shard {
        do throws(ShardError) {
            return try Shard(at: address, patience: patience, by: .now + patience)
        } catch { throw address.naming(error) }
    }

    /// Makes sure that nobody else changes the number of shards. Who had the lock while it was lost may have done so: then it is
    /// not gone on.
    private func holdLock() throws(ShardError) {
        try lock.hold()
        guard lock.wasLost else { return }
        var maps: [[ShardMap]] = []
        for address in addresses { maps.append(try Self.connect(to: address).maps) }
        guard plan.isStillRight(for: maps) else {
            throw ShardError(
                .overtaken,
                "the connection to shard 1 broke, and somebody else has changed the number of shards meanwhile; see "
                    + "`timbrectl status --everywhere`")
        }
        lock.nothingHasChanged()
    }

    /// What has not been published yet that has to be, in words; nil if nothing.
    private func missing(
        on members: [ShardAddress], _ reached: inout [String: Int], after waited: Duration
    ) throws(ShardError) -> String? {
        var publications: [HostPublication] = []
        var unready: Set<Int> = []
        for address in addresses {
            let shard = try Self.connect(to: address)
            publications += try shard.publications(by: .now + Self.patience)
            guard address.number <= plan.goal.shardCount else { continue }
            guard let map = shard.maps.first(where: plan.goal.isSame) else {
                throw ShardError(
                    .overtaken,
                    "shard \(address.number) has given up the change to \(plan.goal.shardCount) shards meanwhile: somebody "
                        + "else was told to, or it was restored from a time before")
            }
            if !map.isReady { unready.insert(address.number) }
        }
        let progress = ResizeProgress(
            publications, goal: plan.goal, unready: unready, earlier: reached, without: forgotten)
        reached = progress.reached
        return progress.words(after: waited)
    }

    /// Does something again, under the lock, until it says that nothing is missing. What is missing is said once.
    private func wait(_ body: () throws(ShardError) -> String?) throws(ShardError) {
        var said: String?
        while true {
            var missing: String?
            do throws(ShardError) {
                try holdLock()
                missing = try body()
            } catch {
                guard error.reason != .overtaken else { throw error }
                missing = error.words
            }
            guard let missing else { return }
            if missing != said { say("waiting: \(missing)") }
            said = missing
            usleep(Self.pause)
        }
    }
}
