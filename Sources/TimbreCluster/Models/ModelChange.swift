import ClusterShards
import Glibc
import ShardConnections

/// Offers a model to a cluster, and watches how its hosts go over to it.
///
/// Each step is one transaction on each shard. What is cut off goes on by itself: hosts tell each other's shards of an offer that
/// some know, and the last one to use the model settles it.
package struct ModelChange {
    package typealias Instant = ContinuousClock.Instant

    private let addresses: [ShardAddress]
    private let say: (String) -> Void

    /// How long a shard may take for a step.
    private static let patience = Duration.seconds(60)
    /// Microseconds between two looks at how far hosts are.
    private static let pause = useconds_t(500_000)

    /// Why a model cannot be offered now.
    package enum Obstacle: Error, Hashable {
        /// The number of shards changes.
        case resizing
        /// Somebody changes it, or offers a model, just now.
        case claimed
        /// Another model is offered, and hosts use these.
        case underWay(to: String, from: [String])
        /// A host that is to be left out is none.
        case noHost(String)
        /// A shard does not answer, or refuses.
        case shard(String)
        /// There are more shards than the configuration names.
        case unnamed(count: Int, named: Int)
        /// Another model was offered meanwhile, or no shard has the offer any more.
        case overtaken(by: String?)
    }

    private struct Member {
        let address: ShardAddress
        let shard: Shard
    }

    /// - Parameters:
    ///   - addresses: All shards that the configuration names.
    ///   - say: Is given lines for people.
    package init(_ addresses: [ShardAddress], say: @escaping (String) -> Void) {
        (self.addresses, self.say) = (addresses, say)
    }

    /// Offers a model on all shards, or the one that hosts have used before, which gives an offer up.
    ///
    /// - Parameters:
    ///   - model: `sha256:…`
    ///   - document: Its file.
    ///   - leftOut: Hosts that are not waited for.
    /// - Returns: What was offered.
    package func offer(
        _ model: String, _ document: [UInt8], without leftOut: [String]
    ) throws(Obstacle) -> ModelOffer {
        // Neither two offers at once, nor one while the number of shards begins to change.
        let lock = try claiming { () throws(ShardError) in try ResizeLock(on: addresses[0]) }
        defer { withExtendedLifetime(lock) {} }
        let members = try members(areToRest: true)
        let (state, hosts) = try rollout(members)
        if let other = leftOut.first(where: { !hosts.contains($0) }) { throw .noHost(other) }
        let used = Set(state.hosts.filter(\.isWaitedFor).compactMap(\.uses))
        if let last = state.offer, !state.isSettled, last.model != model, !used.contains(model) {
            throw .underWay(to: last.model, from: used.subtracting([last.model]).sorted())
        }
        // Who says it again changes nothing, but for those who are left out.
        let again = state.offer.flatMap { $0.model == model ? $0 : nil }
        let caller = try saying(addresses[0]) { () throws(ShardError) in
            try members[0].shard.callerName(by: .now + Self.patience)
        }
        let offer = ModelOffer(
            number: again?.number ?? (state.offer?.number ?? 0) + 1, model: model, offerer: again?.offerer ?? caller,
            time: 0, isSettled: false, leftOut: Set(leftOut))
        for member in members {
            try claiming { () throws(ShardError) in try lock.hold() }
            let taken = try saying(member.address) { () throws(ShardError) in
                try member.shard.offer(offer, document, by: .now + Self.patience)
                return try member.shard.offer(by: .now + Self.patience)
            }
            guard offer.isSame(as: taken) else { throw .overtaken(by: taken?.model) }
        }
        return offer
    }

    /// Returns when all hosts use the model of an offer, and what was published under others is removed. What is waited for is
    /// said once.
    ///
    /// - Throws: ``Obstacle/overtaken(by:)`` if that cannot be any more.
    package func wait(for offer: ModelOffer) throws(Obstacle) {
        var said: String?
        while true {
            var waiting: String?
            do throws(Obstacle) {
                let members = try members()
                let state = try rollout(members).state
                guard offer.isSame(as: state.offer) else { throw .overtaken(by: state.offer?.model) }
                if state.isReached { try settle(offer, on: members) }
                waiting = state.waiting
                if waiting == nil { return }
            } catch {
                if case .overtaken = error { throw error }
                waiting = error.words
            }
            if let waiting, waiting != said { say("waiting: \(waiting)") }
            said = waiting
            usleep(Self.pause)
        }
    }

    /// Also for a cluster of which no host is there to do it.
    private func settle(_ offer: ModelOffer, on members: [Member]) throws(Obstacle) {
        for member in members {
            try saying(member.address) { () throws(ShardError) in
                try member.shard.settle(offer, by: .now + Self.patience)
                while try member.shard.sweep(by: .now + Self.patience) {}
            }
        }
    }

    /// How far the cluster is, as far as those shards know that answer.
    ///
    /// - Throws: ``Obstacle`` if none does.
    package func state() throws(Obstacle) -> ModelRollout {
        let (members, failures) = look()
        if members.isEmpty, let failure = failures.values.first { throw failure }
        var models: [Int: ShardModels?] = failures.mapValues { _ in nil }
        for member in members {
            do throws(ShardError) {
                models[member.address.number] = try member.shard.models(by: .now + Self.patience)
            } catch { models.updateValue(nil, forKey: member.address.number) }
        }
        return ModelRollout(models)
    }

    /// The shards of the cluster, all of them.
    ///
    /// - Parameter areToRest: Whether their number must not be about to change.
    private func members(areToRest: Bool = false) throws(Obstacle) -> [Member] {
        let (members, failures) = look()
        // A shard that is to be added may not even be set up.
        if areToRest, members.contains(where: { $0.shard.maps.count > 1 }) { throw .resizing }
        if let failure = failures.min(by: { $0.key < $1.key })?.value { throw failure }
        let count = Self.count(members)
        guard count <= addresses.count else { throw .unnamed(count: count, named: addresses.count) }
        return members
    }

    /// The shards that answer, and why others do not, by their numbers. Those that the configuration names behind them are not part
    /// of the cluster yet, or not any more.
    private func look() -> (members: [Member], failures: [Int: Obstacle]) {
        var members: [Member] = []
        var failures: [Int: Obstacle] = [:]
        for address in addresses {
            if !members.isEmpty, address.number > Self.count(members) { break }
            do throws(Obstacle) { members.append(Member(address: address, shard: try connect(to: address))) } catch {
                failures[address.number] = error
            }
        }
        return (members, failures)
    }

    /// How many shards there are, or are about to be.
    private static func count(_ members: [Member]) -> Int {
        members.flatMap { $0.shard.maps.map(\.shardCount) }.max() ?? 0
    }

    /// Does something with the lock of the first shard.
    private func claiming<Result>(_ body: () throws(ShardError) -> Result) throws(Obstacle) -> Result {
        do throws(ShardError) { return try body() } catch {
            throw error.reason == .refused(state: "55P03") ? .claimed : .shard(addresses[0].naming(error).words)
        }
    }

    private func rollout(_ members: [Member]) throws(Obstacle) -> (state: ModelRollout, hosts: Set<String>) {
        var models: [Int: ShardModels?] = [:]
        for member in members {
            models[member.address.number] = try saying(member.address) { () throws(ShardError) in
                try member.shard.models(by: .now + Self.patience)
            }
        }
        return (ModelRollout(models), Set(models.values.compactMap { $0?.hosts.map(\.host) }.joined()))
    }

    private func connect(to address: ShardAddress) throws(Obstacle) -> Shard {
        try saying(address) { () throws(ShardError) in
            try Shard(at: address, patience: Self.patience, by: .now + Self.patience)
        }
    }

    private func saying<Result>(
        _ address: ShardAddress, _ body: () throws(ShardError) -> Result
    ) throws(Obstacle) -> Result {
        do throws(ShardError) { return try body() } catch { throw .shard(address.naming(error).words) }
    }
}

extension ModelChange.Obstacle {
    /// In one line, for people.
    package var words: String {
        switch self {
        case .resizing: "the number of shards changes: `timbre-cluster resize` ends that first"
        case .claimed: "another timbre-cluster changes the number of shards or the model now: try again when it has"
        case .underWay(let model, let used):
            "the model \(model.prefix(15)) is offered already: `timbre-cluster model use \(used.first?.prefix(15) ?? model.prefix(15))` "
                + "\(used.isEmpty ? "goes on with it" : "gives that up")"
        case .noHost(let name): "--without \(name): no host has that name"
        case .shard(let words): words
        case .unnamed(let count, let named):
            "the cluster has \(count) shards, and timbred.toml names \(named); name all"
        case .overtaken(let model?):
            "the model \(model.prefix(15)) was offered meanwhile: `timbre-cluster model` shows how far hosts are"
        case .overtaken(nil):
            "no shard has the offer any more, as they were restored from a time before: run it again"
        }
    }
}
