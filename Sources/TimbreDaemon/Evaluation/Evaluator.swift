import TimbreEvaluation
import TimbreLibrary

/// Searches by many files, several at a time, and scores the answers.
struct Evaluator {
    let files: LabelledFiles
    /// The numbers of the files that are found by a file, best first.
    let rank: @Sendable (Int64) -> [Int64]

    private static let threadCount = 2
    /// Searches between two reports of progress.
    private static let batch = 16

    /// Scores the answers to some queries; nil stands for one that no candidate is relevant to.
    ///
    /// - Parameter progress: Is told now and then how many are done; what it throws ends the work.
    func results(of queries: [Int64], progress: (Int) throws -> Void) throws -> [QueryResult?] {
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
