import TimbreCoding
import TimbreEvaluation
import TimbreWire

/// How well sounds of one folder are found by each other, before and after.
///
/// Where something was learnt from the folders, each folder is measured under what was learnt from others: a fold of the
/// folders at a time is held out, and searched alone.
struct FolderComparison {
    /// Folds of the folders.
    static let folds = 4

    private let sounds: [LibrarySound]
    private let files: LabelledFiles
    private let seed: UInt64
    /// The fold of each sound: of all sounds of a folder the same.
    private let foldOfSound: [Int]

    /// Nil unless two folders hold several sounds each.
    init?(_ sounds: [LibrarySound], seed: UInt64) {
        let files = LabelledFiles(
            sounds.enumerated().map { LabelledFile(id: Int64($0), label: $1.folder, traits: []) })
        guard files.labelCount(ofFiles: 2) >= 2 else { return nil }
        let names = Set(sounds.map(\.folder)).sorted()
        let folds = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0 % Self.folds) })
        foldOfSound = sounds.map { folds[$0.folder] ?? 0 }
        (self.sounds, self.files, self.seed) = (sounds, files, seed)
    }

    /// The sounds that are not held out in a fold.
    func learnt(in fold: Int) -> [LibrarySound] { places { $0 != fold }.map { sounds[$0] } }

    /// Compares two codebooks on all sounds.
    func compareCodes() -> RetrievalChange? {
        let all = Array(sounds.indices)
        return change(
            .codes, old: { self.order($0, among: all, by: \.oldCodes) },
            new: { self.order($0, among: all, by: \.newCodes) })
    }

    /// Compares two ways to make vectors, each fold by its own new one.
    ///
    /// - Parameter new: The networks that were learnt without each fold.
    func compareVectors(from old: TimbreNetwork, to new: [TimbreNetwork]) -> RetrievalChange? {
        let members = (0..<Self.folds).map { fold in places { $0 == fold } }
        let before = sounds.map { old.vector(ofJoinedParts: $0.parts) }
        let after = sounds.indices.map { new[foldOfSound[$0]].vector(ofJoinedParts: sounds[$0].parts) }
        return change(
            .folders, old: { Self.order($0, among: members[self.foldOfSound[$0]], before) },
            new: { Self.order($0, among: members[self.foldOfSound[$0]], after) })
    }

    private func places(where isIn: (Int) -> Bool) -> [Int] { sounds.indices.filter { isIn(foldOfSound[$0]) } }

    /// The mean average precision by folders, before and after.
    private func change(
        _ measure: RetrievalChange.Measure, old: (Int) -> [Int64], new: (Int) -> [Int64]
    ) -> RetrievalChange? {
        guard
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

    /// Other sounds by the distance of their vectors; of equally near ones the first comes first.
    private static func order(_ query: Int, among others: [Int], _ vectors: [TimbreVector]) -> [Int64] {
        sorted(others.map { ($0, Double(vectors[$0].squaredDistance(to: vectors[query]))) }, leavingOut: query)
    }

    /// Other sounds by the distance of their codes; those without any come last.
    private func order(
        _ query: Int, among others: [Int], by codes: KeyPath<LibrarySound, [TimbreCode]>
    ) -> [Int64] {
        let own = sounds[query][keyPath: codes]
        let distances = others.map { ($0, CodeDistance.mean(from: own, to: sounds[$0][keyPath: codes]) ?? .infinity) }
        return Self.sorted(distances, leavingOut: query)
    }

    private static func sorted(_ distances: [(place: Int, distance: Double)], leavingOut query: Int) -> [Int64] {
        distances.filter { $0.place != query }.sorted { ($0.distance, $0.place) < ($1.distance, $1.place) }
            .map { Int64($0.place) }
    }
}
