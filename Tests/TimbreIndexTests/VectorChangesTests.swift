import Testing
import TimbreCoding

@testable import TimbreIndex

struct VectorChangesTests {
    /// All that searches find in an index.
    struct Answers: Equatable {
        var spans: [SpanMatch]
        var files: [FileMatch]

        init(_ index: TimbreIndex, _ queries: [TimbreVector]) {
            spans = index.nearestSpans(toVectors: queries, count: 5000)
            files = index.nearestFiles(toVectors: queries.map { ($0, 2) }, count: 5000)
        }
    }

    @Test func theWayAnIndexWasBuiltDoesNotMatter() {
        var (index, plain, random) = TimbreIndexTests().library(6000, seed: 31, bits: 4)
        let queries = [random.vectors.next(), random.vectors.next()]
        let expected = Answers(index, queries)
        #expect(expected.files.count > 4000)

        var files = plain.sorted
        for length in [2000, 150] {
            files.shuffle(using: &random.generator)
            var pieces = TimbreIndex()
            // Every file comes twice, first with another vector; some are taken out between.
            var others = files
            for place in others.indices { others[place].vector = random.vectors.next() }
            for start in stride(from: 0, to: others.count, by: 500) {
                pieces.insert(Array(others[start..<min(start + 500, others.count)]))
            }
            pieces.remove(files.map(\.id).filter { $0 % 9 == 0 })
            for start in stride(from: 0, to: files.count, by: length) {
                pieces.insert(Array(files[start..<min(start + length, files.count)]))
            }
            #expect(Answers(pieces, queries) == expected)
            #expect(pieces.segments.map(\.fileCount) != index.segments.map(\.fileCount))
        }
    }

    @Test func filesKeepTheirVectors() {
        var (index, plain, random) = TimbreIndexTests().library(5000, seed: 32, bits: 4)
        let queries = [random.vectors.next()]
        let before = Answers(index, queries)
        for id in index.ids where id % 5 == 0 { index.rename(id, directory: 1, name: Array("other name".utf8)) }
        #expect(Answers(index, queries) == before)
        index.setOffline(index.ids, true)
        #expect(Answers(index, queries).files.isEmpty && Answers(index, queries).spans.isEmpty)
        index.setOffline(plain.sorted.filter { !$0.isOffline }.map(\.id), false)
        #expect(Answers(index, queries) == before)
        // A segment is made anew, and another joined with the next.
        index.remove(index.ids.filter { $0 % 2 == 0 || (3000..<12000).contains($0) })
        for id in index.ids {
            #expect(index.file(id)?.vector == plain.files[id]?.vector)
            #expect(index.file(id)?.spans == plain.files[id]?.spans.filter { !$0.isEmpty })
        }
        plain.files = plain.files.filter { index.file($0.key) != nil }
        VectorSearchTests().expectSame(index, plain, [(queries[0], 1)])
    }
}
