import TimbreCodes

/// A file with its label.
package struct LabelledFile: Hashable, Sendable {
    /// The file's own number.
    package var id: Int64
    /// What the file is. Files with the same label ought to be near each other.
    package var label: String
    /// What else it may have in common with others: its folder, say, then its pitch. Files that share one of these with
    /// a query, at the same place, are no candidates for it. An empty trait is unknown, and shared with no other file.
    package var traits: [[UInt8]]

    package init(id: Int64, label: String, traits: [[UInt8]] = []) {
        self.id = id
        self.label = label
        self.traits = traits
    }
}

/// Files with labels: what an evaluation searches by, and what may be found.
///
/// Labels are the same if their bytes are.
package struct LabelledFiles: Sendable {
    /// The files' numbers, ascending.
    package let ids: [Int64]
    /// The labels, in the order of their bytes.
    package let labels: [String]
    /// The label of each file.
    private let labelOfPlace: [Int32]
    /// For each trait, its value in each file; -1 if unknown.
    private let traits: [[Int32]]
    private let places: [Int64: Int]

    /// - Precondition: Numbers are unique, and all files have the same number of traits.
    package init(_ files: [LabelledFile]) {
        let files = files.sorted { $0.id < $1.id }
        ids = files.map(\.id)
        places = Dictionary(uniqueKeysWithValues: files.enumerated().map { ($1.id, $0) })
        let names = Set(files.map { Array($0.label.utf8) }).sorted { $0.lexicographicallyPrecedes($1) }
        labels = names.map { String(decoding: $0, as: UTF8.self) }
        let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
        labelOfPlace = files.map { numbers[Array($0.label.utf8)] ?? 0 }
        let traitCount = files.first?.traits.count ?? 0
        precondition(files.allSatisfy { $0.traits.count == traitCount })
        traits = (0..<traitCount).map { trait in
            var known: [[UInt8]: Int32] = [:]
            return files.map { file in
                let value = file.traits[trait]
                if value.isEmpty { return -1 }
                if let number = known[value] { return number }
                known[value] = Int32(known.count)
                return Int32(known.count - 1)
            }
        }
    }

    /// How many labels have at least this many files.
    package func labelCount(ofFiles least: Int) -> Int {
        var counts = [Int](repeating: 0, count: labels.count)
        for label in labelOfPlace { counts[Int(label)] += 1 }
        return counts.count { $0 >= least }
    }

    /// Scores the answer to one query.
    ///
    /// - Parameters:
    ///   - query: One of the files.
    ///   - ranking: The numbers of the files that were found, best first, each once. The query itself, and files that
    ///     have no label or are no candidates, may be among them: they are ignored. Candidates that are missing count
    ///     as never found.
    /// - Returns: nil if no candidate has the query's label.
    /// - Complexity: O(*n*) in the number of files and in the length of the ranking.
    package func result(of query: Int64, ranking: [Int64]) -> QueryResult? {
        guard let place = places[query] else { preconditionFailure("a query has a label") }
        let label = labelOfPlace[place]
        var (candidates, relevant) = (0, 0)
        for other in ids.indices where isCandidate(other, for: place) {
            candidates += 1
            if labelOfPlace[other] == label { relevant += 1 }
        }
        guard relevant > 0 else { return nil }
        var relevance: [Bool] = []
        for found in ranking {
            guard let other = places[found], isCandidate(other, for: place) else { continue }
            relevance.append(labelOfPlace[other] == label)
        }
        return QueryResult(
            file: query, label: Int(label), isAnswered: !ranking.isEmpty,
            scores: RetrievalScores(relevance: relevance, relevantCount: relevant),
            relevantCount: relevant, candidateCount: candidates)
    }

    /// Draws files to search by; all files of a label are equally likely.
    ///
    /// - Parameters:
    ///   - perLabel: How many of each label at most; nil draws all.
    ///   - seed: The same seed draws the same files of a label, whatever other labels there are.
    /// - Returns: The files' numbers, ascending.
    package func drawQueries(perLabel: Int?, seed: UInt64) -> [Int64] {
        guard let perLabel else { return ids }
        var places = [[Int]](repeating: [], count: labels.count)
        for (place, label) in labelOfPlace.enumerated() { places[Int(label)].append(place) }
        var drawn: [Int] = []
        for (label, name) in labels.enumerated() {
            var generator = SeededGenerator(seed: seed, salt: Array(name.utf8))
            // A partial shuffle (Fisher and Yates).
            let count = max(0, min(perLabel, places[label].count))
            for place in 0..<count {
                places[label].swapAt(place, place + generator.index(below: places[label].count - place))
            }
            drawn += places[label].prefix(count)
        }
        return drawn.sorted().map { ids[$0] }
    }

    private func isCandidate(_ other: Int, for query: Int) -> Bool {
        if other == query { return false }
        for trait in traits where trait[query] >= 0 && trait[other] == trait[query] { return false }
        return true
    }
}

/// How well one query was answered.
package struct QueryResult: Hashable, Sendable {
    /// The file that was searched by.
    package let file: Int64
    /// The place of its label in ``LabelledFiles/labels``.
    package let label: Int
    /// Whether anything was found at all.
    package let isAnswered: Bool
    package let scores: RetrievalScores
    /// How many candidates have the query's label, and how many there are.
    package let relevantCount: Int
    package let candidateCount: Int
}
