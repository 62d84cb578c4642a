import ClusterShards

/// How far a cluster is with the model that it was offered: decided from what its shards know.
package struct ModelRollout: Hashable, Sendable {
    /// How far a host is.
    package enum Stage: Hashable, Sendable {
        /// Its library does not have the model, as far as is known.
        case notAccepted
        /// It publishes under it, and has come so far, of 100.
        case publishing(percent: Int)
        /// Everything is published under it.
        case complete
        /// Its library uses it.
        case moved
    }

    /// A host that publishes.
    package struct Host: Hashable, Sendable {
        package var name: String
        /// The model that its library uses; nil if no shard was told.
        package var uses: String?
        package var stage: Stage
        /// Whether it is waited for.
        package var isWaitedFor: Bool
    }

    /// What a host is to do.
    package enum Step: Hashable, Sendable {
        /// Nothing: it uses the model, none was offered, or others are waited for.
        case nothing
        /// The model was offered, and its library does not have it.
        case accept
        /// Its library is to use the model from now on.
        case use
    }

    /// The newest offer that any shard was told of.
    package let offer: ModelOffer?
    /// The shards that do not have it, by their numbers.
    package let lacking: [Int]
    /// The shards of which nothing is known, by their numbers.
    package let unknown: [Int]
    /// The shards with something that nobody finds any more, by their numbers.
    package let unswept: [Int]
    /// In the order in which they were added.
    package let hosts: [Host]
    /// Whether all hosts that are waited for use it, and nothing is found under another model any more.
    package let isSettled: Bool
    /// Whether any shard says so: then nothing can be found on all of them under another model.
    package let isSettledAnywhere: Bool
    /// The shards that were not told whom the others do not wait for, by their numbers.
    package let unawareOfAbsence: [Int]

    /// - Parameter shards: What each shard knows, by its number; nil if it does not answer.
    package init(_ shards: [Int: ShardModels?]) {
        let known = shards.compactMapValues(\.self)
        let offer = known.values.compactMap(\.offer).max { $1.isLater(than: $0) }
        self.offer = offer
        unknown = shards.filter { $0.value == nil }.keys.sorted()
        lacking = offer == nil ? [] : known.filter { $0.value.offer?.isSame(as: offer) != true }.keys.sorted()
        unswept = known.filter(\.value.hasRest).keys.sorted()
        let told = known.compactMapValues(\.offer).filter { $0.value.isSame(as: offer) }
        isSettled =
            offer != nil && lacking.isEmpty && unknown.isEmpty && told.values.allSatisfy(\.isSettled)
        isSettledAnywhere = told.values.contains(where: \.isSettled)
        let leftOut = Set(told.values.flatMap(\.leftOut))
        unawareOfAbsence = told.filter { !$0.value.isSettled && $0.value.leftOut != leftOut }.keys.sorted()
        let names = known.min { $0.key < $1.key }?.value.hosts.map(\.host) ?? []
        hosts = names.compactMap { name in
            let there = known.values.compactMap { shard in shard.hosts.first { $0.host == name } }
            guard there.contains(where: \.publishes) else { return nil }
            return Host(
                name: name, uses: Self.model(there), stage: Self.stage(there, offer?.model),
                isWaitedFor: !leftOut.contains(name))
        }
    }

    /// The model that a host uses: the one that most shards were told of.
    private static func model(_ standings: [HostStanding]) -> String? {
        let told = Dictionary(grouping: standings.compactMap(\.uses)) { $0 }
        return told.min { a, b in (-a.value.count, a.key) < (-b.value.count, b.key) }?.key
    }

    /// The least of what all shards say of a host.
    private static func stage(_ standings: [HostStanding], _ model: String?) -> Stage {
        let isAccepted = standings.contains { $0.has == model || $0.uses == model }
        guard let model, isAccepted else { return .notAccepted }
        if standings.allSatisfy({ $0.uses == model }) { return .moved }
        let rest = standings.filter { $0.has != model || !$0.isComplete }
        guard !rest.isEmpty else { return .complete }
        let parts = rest.map { $0.place > 0 ? Double($0.offeredPlace) / Double($0.place) * 100 : 0 }
        return .publishing(percent: Int(max(0, min(99, parts.min() ?? 0))))
    }

    /// Whether all shards have the offer, and all hosts that are waited for have published everything under it.
    package var isComplete: Bool {
        offer != nil && lacking.isEmpty && unknown.isEmpty
            && hosts.allSatisfy { !$0.isWaitedFor || $0.stage == .complete || $0.stage == .moved }
    }

    /// Whether all hosts that are waited for use it, as all shards say.
    package var isReached: Bool { isComplete && hosts.allSatisfy { !$0.isWaitedFor || $0.stage == .moved } }

    /// What a machine is to do whose library uses a model, and has the offered one or not.
    package func step(uses model: String, has isAccepted: Bool) -> Step {
        guard let offer, offer.model != model else { return .nothing }
        if !isAccepted { return .accept }
        return isComplete || isSettledAnywhere ? .use : .nothing
    }

    /// What is waited for, for people; nil if nothing.
    package var waiting: String? {
        guard offer != nil else { return nil }
        if isSettled {
            guard !unswept.isEmpty else { return nil }
            return Self.shards(unswept, "removes", "remove") + " what was published under other models"
        }
        var parts: [String] = []
        if !unknown.isEmpty { parts.append(Self.shards(unknown, "does not answer", "do not answer")) }
        if !lacking.isEmpty { parts.append(Self.shards(lacking, "was not told of it yet", "were not told of it yet")) }
        for host in hosts where host.isWaitedFor {
            switch host.stage {
            case .notAccepted:
                parts.append("\(host.name) has not accepted it: `timbre-cluster model accept` there does")
            case .publishing(let percent): parts.append("\(host.name) is publishing under it, \(percent) %")
            case .complete: if isComplete { parts.append("\(host.name) is about to use it") }
            case .moved: break
            }
        }
        if parts.isEmpty, !unawareOfAbsence.isEmpty, let offer {
            let hosts = hosts.filter { !$0.isWaitedFor }.map { " --without \($0.name)" }.joined()
            parts.append(
                Self.shards(unawareOfAbsence, "was", "were") + " not told who is left out: `timbre-cluster model use "
                    + "\(offer.model.prefix(15))\(hosts)` does")
        }
        return parts.isEmpty ? "all hosts use it, and the shards are about to be told" : parts.joined(separator: "; ")
    }

    /// What is to be said of shards, with the verb for one or for several.
    private static func shards(_ numbers: [Int], _ one: String, _ several: String) -> String {
        let names = numbers.map { "\($0)" }
        guard names.count > 1, let last = names.last else { return "shard \(names.first ?? "") \(one)" }
        return "shards \(names.dropLast().joined(separator: ", ")) and \(last) \(several)"
    }
}
