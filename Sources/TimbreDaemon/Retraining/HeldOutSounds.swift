import TimbreCoding
import TimbreEvaluation
import TimbreWire

/// A sound that a transform is learnt from, or measured on.
struct LearningSound: Sendable {
    /// The number of its content.
    var content: Int64
    /// The name of the folder that its oldest file lies in.
    var folder: String
    /// Whether nothing is learnt from it, so that it can be measured on.
    var isHeldOut = false
    /// Its descriptors, and those of its variants in the order of ``BandVariant/all``.
    var descriptor: TimbreDescriptor
    var variants: [TimbreDescriptor]
    /// Its codes under the old model and under the new one, the empty spans left out.
    var oldCodes: [TimbreCode] = []
    var newCodes: [TimbreCode] = []
}

/// Sounds that a transform was not learnt from: how well they are found with an old one and with a new one.
struct HeldOutSounds {
    let sounds: [LearningSound]
    let seed: UInt64

    /// Compares two transforms: by variants and, where folders hold several sounds, by folders.
    func changes(from old: TimbreTransform, to new: TimbreTransform) -> [RetrievalChange] {
        guard sounds.count >= 2 else { return [] }
        let (oldVectors, newVectors) = (vectors(old), vectors(new))
        let byVariants = PairedDifference(
            old: reciprocalRanks(oldVectors, old), new: reciprocalRanks(newVectors, new), seed: seed)
        let variants = RetrievalChange(measure: .variants, queries: sounds.count * Self.probes.count, byVariants)
        let folders = change(
            .folders, old: { Self.order($0, oldVectors) }, new: { Self.order($0, newVectors) })
        return [variants] + [folders].compactMap(\.self)
    }

    /// Compares two codebooks by folders; nil unless two folders hold several sounds each.
    func codeChange() -> RetrievalChange? {
        change(.codes, old: { order($0, \.oldCodes) }, new: { order($0, \.newCodes) })
    }

    /// Which variants are searched by: those that a sampler and a poor recording make.
    private static let probes = [0, 1, 6, 9]

    private func vectors(_ transform: TimbreTransform) -> [TimbreVector] {
        sounds.map { transform.vector(of: $0.descriptor.values) }
    }

    /// Of each sound, one over the place at which it is found by its variants, on average.
    private func reciprocalRanks(_ vectors: [TimbreVector], _ transform: TimbreTransform) -> [Double] {
        sounds.enumerated().map { place, sound in
            let ranks = Self.probes.map { probe in
                let query = transform.vector(of: sound.variants[probe].values)
                let distance = query.squaredDistance(to: vectors[place])
                return 1 + vectors.count { $0.squaredDistance(to: query) < distance }
            }
            return ranks.reduce(0) { $0 + 1 / Double($1) } / Double(ranks.count)
        }
    }

    /// The mean average precision by folders, before and after.
    private func change(
        _ measure: RetrievalChange.Measure, old: (Int) -> [Int64], new: (Int) -> [Int64]
    ) -> RetrievalChange? {
        let files = LabelledFiles(
            sounds.enumerated().map { LabelledFile(id: Int64($0), label: $1.folder, traits: []) })
        guard files.labelCount(ofFiles: 2) >= 2,
            let before = Evaluation(
                of: files, results: sounds.indices.map { files.result(of: Int64($0), ranking: old($0)) }, seed: seed),
            let after = Evaluation(
                of: files, results: sounds.indices.map { files.result(of: Int64($0), ranking: new($0)) }, seed: seed)
        else { return nil }
        let difference = EvaluationDifference(from: before, to: after, seed: seed)[.averagePrecision]
        return RetrievalChange(
            measure: measure, queries: before.queries.count, old: before[.averagePrecision].value,
            new: after[.averagePrecision].value, low: difference.low, high: difference.high)
    }

    /// The other sounds by the distance of their vectors; of equally near ones the first comes first.
    private static func order(_ query: Int, _ vectors: [TimbreVector]) -> [Int64] {
        sorted(vectors.map { Double($0.squaredDistance(to: vectors[query])) }, leavingOut: query)
    }

    /// The other sounds by the distance of their codes; those without any come last.
    private func order(_ query: Int, _ codes: KeyPath<LearningSound, [TimbreCode]>) -> [Int64] {
        let distances = sounds.map { sound in
            CodeDistance.mean(from: sounds[query][keyPath: codes], to: sound[keyPath: codes]) ?? .infinity
        }
        return Self.sorted(distances, leavingOut: query)
    }

    private static func sorted(_ distances: [Double], leavingOut query: Int) -> [Int64] {
        distances.indices.filter { $0 != query }.sorted { (distances[$0], $0) < (distances[$1], $1) }.map(Int64.init)
    }
}

extension RetrievalChange {
    fileprivate init(measure: Measure, queries: Int, _ paired: PairedDifference) {
        self.init(
            measure: measure, queries: queries, old: paired.old, new: paired.new, low: paired.difference.low,
            high: paired.difference.high)
    }
}
