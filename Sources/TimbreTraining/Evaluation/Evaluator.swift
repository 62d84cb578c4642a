import Platform
import TimbreIndex
import TimbreLibrary
import TimbreWire

/// Searches by many files on several threads, and scores the answers.
package struct Evaluator {
    private let files: LabelledFiles
    private let rank: @Sendable (Int64) -> [Int64]

    private static let threadCount = 2
    /// Searches between two reports of progress.
    private static let batch = 16

    /// - Parameter rank: Returns the numbers of the files found for a file, best first.
    package init(files: LabelledFiles, rank: @escaping @Sendable (Int64) -> [Int64]) {
        self.files = files
        self.rank = rank
    }

    /// Scores the answers to some queries; nil stands for one that no candidate is relevant to.
    ///
    /// - Parameter progress: Is told now and then how many are done; throwing ends the work.
    package func results(of queries: [Int64], progress: (Int) throws -> Void) throws -> [QueryResult?] {
        var results: [QueryResult?] = []
        while results.count < queries.count {
            results += try queries[results.count...].prefix(Self.batch).concurrentMap(threads: Self.threadCount) {
                files.result(of: $0, ranking: rank($0))
            }
            try progress(results.count)
        }
        return results
    }
}

/// Ranks all files of a library snapshot: what an evaluation scores.
package struct LibraryRanking: Sendable {
    package let snapshot: LibrarySnapshot
    package let metric: Metric

    package init(snapshot: LibrarySnapshot, metric: Metric) {
        self.snapshot = snapshot
        self.metric = metric
    }

    /// All files that `similar` would find for a file, in the same order; none if there is nothing to search by.
    package func rank(_ file: Int64) -> [Int64] {
        let index = snapshot.index
        switch metric {
        case .timbre:
            guard let vector = index.vector(of: file) else { return [] }
            return index.rankedFiles(toVectors: [(vector, 1)], count: index.fileCount, excluding: [file])
        case .codes:
            let codes = index.file(file)?.spans.map(\.code) ?? []
            return index.nearestFiles(to: codes, count: index.fileCount, excluding: [file]).map(\.file)
        }
    }
}
