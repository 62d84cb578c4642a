import Dispatch
import Synchronization
import TimbreEvaluation

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
    func results(of queries: [Int64], progress: (Int) throws -> Void) rethrows -> [QueryResult?] {
        var results: [QueryResult?] = []
        while results.count < queries.count {
            results += self.results(of: queries[results.count...].prefix(Self.batch))
            try progress(results.count)
        }
        return results
    }

    private func results(of queries: ArraySlice<Int64>) -> [QueryResult?] {
        let results = Mutex([QueryResult?](repeating: nil, count: queries.count))
        DispatchQueue.concurrentPerform(iterations: Self.threadCount) { thread in
            for place in stride(from: thread, to: queries.count, by: Self.threadCount) {
                let query = queries[queries.startIndex + place]
                let result = files.result(of: query, ranking: rank(query))
                results.withLock { $0[place] = result }
            }
        }
        return results.withLock { $0 }
    }
}
