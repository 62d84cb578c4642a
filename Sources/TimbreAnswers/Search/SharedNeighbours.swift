import TimbreIndex

/// Orders the nearest files of an answer by the neighbours that they share with the query.
///
/// The nearest are often of another kind, the more so where contrasts or filters leave few sounds of the query's. Of two that
/// are as near, the one that lies among the same sounds as the query is more likely of its kind. What lies around a sound is
/// its nearest files in the whole library, each with a weight that falls from 1 with its rank, and the sound itself; how much
/// two sounds share is the sum of the lesser weights by the sum of the greater ones. After Z. Zhong et al., "Re-ranking person
/// re-identification with k-reciprocal encoding", *CVPR* (2017), without the expansions.
struct SharedNeighbours {
    /// So many of the nearest files are ordered anew; the others follow as they are.
    static let looks = 50
    /// How many files lie around a sound.
    static let count = 40
    /// How much sharing counts beside nearness, 0 to 1: chosen on half of the queries of `Tests/Quality/contrast.py`.
    private static let share = 0.7

    private let index: TimbreIndex
    /// As integers, so that sums are exact.
    private let own: [Int64: Int]

    /// - Parameters:
    ///   - files: The query's own files.
    ///   - neighbours: The files nearest to it, nearest first.
    init(_ index: TimbreIndex, of files: Set<Int64>, neighbours: [Int64]) {
        self.index = index
        own = Self.around(files, neighbours)
    }

    /// Orders files.
    ///
    /// - Parameters:
    ///   - nearest: The nearest first.
    ///   - distance: How far a file is from the query: two vectors of length 1.
    /// - Returns: The same files; those that share and are near as much stay in their order.
    /// - Complexity: A search of the index for each of up to ``looks`` files.
    func ordered(_ nearest: [FileMatch], distance: (FileMatch) -> Double) -> [FileMatch] {
        let looked = nearest.prefix(Self.looks)
        let rank = looked.map { match in
            let distance = distance(match)
            // Half the square of the distance is 1 less the cosine.
            return Self.share * (1 - shared(with: match.file)) + (1 - Self.share) * distance * distance / 2
        }
        let order = looked.indices.sorted { (rank[$0], $0) < (rank[$1], $1) }
        return order.map { looked[$0] } + nearest.dropFirst(Self.looks)
    }

    /// How much of what lies around a file lies around the query as well, 0 to 1.
    private func shared(with file: Int64) -> Double {
        guard let vector = index.vector(of: file) else { return 0 }
        let around = Self.around(
            [file], index.rankedFiles(toVectors: [(vector, 1)], count: Self.count, excluding: [file]))
        let shared = around.reduce(0) { $0 + min($1.value, own[$1.key] ?? 0) }
        return Double(shared) / Double(own.values.reduce(0, +) + around.values.reduce(0, +) - shared)
    }

    private static func around(_ files: Set<Int64>, _ neighbours: [Int64]) -> [Int64: Int] {
        var weights = Dictionary(uniqueKeysWithValues: files.map { ($0, weight(ofRank: 0)) })
        for (rank, neighbour) in neighbours.prefix(count).enumerated() { weights[neighbour] = weight(ofRank: rank) }
        return weights
    }

    /// The nearest ten decide: kinds of which a library has few have no forty neighbours of their own.
    private static func weight(ofRank rank: Int) -> Int {
        let left = count - rank
        return left * left * left
    }
}
