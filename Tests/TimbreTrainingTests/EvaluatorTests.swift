import Synchronization
import SystemPackage
import Testing

@testable import TimbreTraining

struct EvaluatorTests {
    /// Fifty files of three labels, whose rankings are the files in the order of a remainder.
    private let files = LabelledFiles((0..<50).map { LabelledFile(id: $0, label: "\($0 % 3)") })

    private func ranking(_ query: Int64) -> [Int64] {
        (0..<50).sorted { (($0 * 7 + query) % 50, $0) < (($1 * 7 + query) % 50, $1) }
    }

    @Test func severalThreadsGiveWhatOneGives() throws {
        let evaluator = Evaluator(files: files) { ranking($0) }
        for queries in [files.ids, [], [3], Array(files.ids.reversed().dropFirst(13))] {
            var done: [Int] = []
            let results = try evaluator.results(of: queries) { done.append($0) }
            #expect(results == queries.map { files.result(of: $0, ranking: ranking($0)) })
            #expect(done == done.sorted() && done.last ?? 0 == queries.count)
        }
    }

    @Test func theWorkEndsWhenNobodyWantsTheResult() {
        let searched = Mutex(0)
        let evaluator = Evaluator(files: files) { _ in
            searched.withLock { $0 += 1 }
            return []
        }
        #expect(throws: Errno.brokenPipe) {
            _ = try evaluator.results(of: files.ids) { _ in throw Errno.brokenPipe }
        }
        #expect((1..<50).contains(searched.withLock { $0 }))
    }
}
