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
    package func offer(_ model: String, _ document: [UInt8], without leftOut: [String]) throws(Obstacle) {
        // Neither two offers at once, nor one while the number of shards begins to change.
        let lead = try connect(to: addresses[0])
        do throws(ShardError) { try lead.claimResizing(by: .now + Self.patience) } catch {
            throw error.reason == .refused(state: "55P03")
                ? .claimed : .shard("shard 1, \(addresses[0].name): \(error.words)")
        }
        defer { withExtendedLifetime(lead) {} }
        let members = try members()
        if members.contains(where: { $0.shard.maps.count > 1 }) { throw .resizing }
        let (state, hosts) = try rollout(members)
        if let other = leftOut.first(where: { !hosts.contains($0) }) { throw .noHost(other) }
        let used = Set(state.hosts.filter(\.isWaitedFor).compactMap(\.uses))
        if let last = state.offer, !state.isSettled, last.model != model, !used.contains(model) {
            throw .underWay(to: last.model, from: used.subtracting([last.model]).sorted())
        }
        var offer = ModelOffer(
            number: (state.offer?.number ?? 0) + 1, model: model,
            offerer: try saying(addresses[0]) { () throws(ShardError) in
                try lead.callerName(by: .now + Self.patience)
            }, time: 0, isSettled: false)
        // Who says it again changes nothing.
        if let last = state.offer, last.model == model { offer = last }
        for member in members {
            try saying(member.address) { () throws(ShardError) in
                try member.shard.offer(offer, document, by: .now + Self.patience)
                try member.shard.leaveOut(leftOut, by: .now + Self.patience)
            }
        }
    }

    /// Returns when all hosts use the model, and what was published under others is removed. What is waited for is said once.
    package func wait() {
        var said: String?
        while true {
            var waiting: String?
            do throws(Obstacle) {
                let members = try members()
                let state = try rollout(members).state
                if let offer = state.offer, state.isReached { try settle(offer, on: members) }
                waiting = state.waiting
                if waiting == nil { return }
            } catch { waiting = error.words }
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

    /// How far the cluster is.
    package func state() throws(Obstacle) -> ModelRollout { try rollout(try members()).state }

    /// The shards of the cluster. Those that the configuration names behind them are not part of it yet, or not any more.
    private func members() throws(Obstacle) -> [Member] {
        var members: [Member] = []
        for address in addresses {
            if let count = members.map({ $0.shard.maps.map(\.shardCount).max() ?? 0 }).max(), address.number > count {
                break
            }
            members.append(Member(address: address, shard: try connect(to: address)))
        }
        return members
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
        do throws(ShardError) { return try body() } catch {
            throw .shard("shard \(address.number), \(address.name): \(error.words)")
        }
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
        }
    }
}
