import TimbreCodes
import TimbreCoding
import TimbreWire

/// How well sounds of the same folder find each other among all sounds, before and after a training.
///
/// Where something was learnt from folders, this is cross-validated: the sounds of a folder are searched by with what
/// was learnt from the other folds.
struct FolderComparison {
    /// At most this many folds of folders, and this many queries.
    private static let mostFolds = 4
    private static let mostQueries = 500

    /// How many folds there are.
    let folds: Int

    private let sounds: [LibrarySound]
    private let files: LabelledFiles
    private let seed: UInt64
    /// The fold of each sound, which is that of its folder.
    private let foldOfSound: [Int]

    /// Nil unless two folders hold several sounds each.
    init?(_ sounds: [LibrarySound], seed: UInt64) {
        let files = LabelledFiles(
            sounds.enumerated().map { LabelledFile(id: Int64($0), label: $1.folder, traits: []) })
        guard files.labelCount(ofFiles: 2) >= 2 else { return nil }
        let names = Set(sounds.map(\.folder)).sorted()
        let count = min(names.count, Self.mostFolds)
        let folds = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0 % count) })
        self.folds = count
        foldOfSound = sounds.map { folds[$0.folder] ?? 0 }
        (self.sounds, self.files, self.seed) = (sounds, files, seed)
    }

    /// The sounds that are not held out in a fold.
    func learnt(in fold: Int) -> [LibrarySound] {
        sounds.indices.filter { foldOfSound[$0] != fold }.map { sounds[$0] }
    }

    /// Compares two codebooks.
    func compareCodes() -> RetrievalChange? {
        change(.codes, old: { self.order($0, by: \.oldCodes) }, new: { self.order($0, by: \.newCodes) })
    }

    /// Compares what is found if nothing is said of how: by vectors under a model that makes them, else by codes.
    func compareAnswers(hadVectors: Bool, hasVectors: Bool) -> RetrievalChange? {
        change(
            .folders,
            old: { hadVectors ? self.order($0, by: \.oldVector) : self.order($0, by: \.oldCodes) },
            new: { hasVectors ? self.order($0, by: \.newVector) : self.order($0, by: \.newCodes) })
    }

    /// Compares two ways to make vectors; each fold has a new one of its own.
    ///
    /// - Parameter new: The networks that were learnt without each fold.
    func compareVectors(from old: TimbreNetwork, to new: [TimbreNetwork]) -> RetrievalChange? {
        let vectors = ([old] + new).map { network in sounds.map { network.vector(ofJoinedParts: $0.parts) } }
        return change(
            .folders, old: { Self.order($0, vectors[0]) }, new: { Self.order($0, vectors[1 + self.foldOfSound[$0]]) })
    }

    /// The mean average precision by folders, before and after.
    private func change(
        _ measure: RetrievalChange.Measure, old: (Int) -> [Int64], new: (Int) -> [Int64]
    ) -> RetrievalChange? {
        let queries = Self.queries(among: sounds)
        guard
            let before = Evaluation(
                of: files, results: queries.map { files.result(of: Int64($0), ranking: old($0)) }, seed: seed),
            let after = Evaluation(
                of: files, results: queries.map { files.result(of: Int64($0), ranking: new($0)) }, seed: seed)
        else { return nil }
        let difference = EvaluationDifference(from: before, to: after, seed: seed)[.averagePrecision]
        return RetrievalChange(
            measure: measure, queries: before.queries.count, old: before[.averagePrecision].value,
            new: after[.averagePrecision].value, low: difference.low, high: difference.high)
    }

    /// The sounds that are searched by: those with the smallest lots, so that of one sound more the outcome hardly changes.
    static func queries(among sounds: [LibrarySound]) -> [Int] {
        Array(sounds.indices.sorted { (sounds[$0].lot, $0) < (sounds[$1].lot, $1) }.prefix(mostQueries)).sorted()
    }

    /// Other sounds by the distance of their vectors; ties keep their order.
    private static func order(_ query: Int, _ vectors: [TimbreVector]) -> [Int64] {
        sorted(vectors.map { Double($0.squaredDistance(to: vectors[query])) }, leavingOut: query)
    }

    /// Other sounds by the distance of their vectors; those without one come last.
    private func order(_ query: Int, by vector: KeyPath<LibrarySound, TimbreVector?>) -> [Int64] {
        let own = sounds[query][keyPath: vector]
        let distances = sounds.map { sound in
            own.flatMap { own in sound[keyPath: vector].map { Double($0.squaredDistance(to: own)) } } ?? .infinity
        }
        return Self.sorted(distances, leavingOut: query)
    }

    /// Other sounds by the distance of their codes; those without codes come last.
    private func order(_ query: Int, by codes: KeyPath<LibrarySound, [TimbreCode]>) -> [Int64] {
        let own = sounds[query][keyPath: codes]
        let distances = sounds.map { CodeDistance.mean(from: own, to: $0[keyPath: codes]) ?? .infinity }
        return Self.sorted(distances, leavingOut: query)
    }

    private static func sorted(_ distances: [Double], leavingOut query: Int) -> [Int64] {
        distances.indices.filter { $0 != query }.sorted { (distances[$0], $0) < (distances[$1], $1) }.map(Int64.init)
    }
}
