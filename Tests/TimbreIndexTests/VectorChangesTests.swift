import Testing
import TimbreCodes

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

    // Several workers are done with files nearly in their order: what comes late is put in place at the end.
    @Test("Files that come nearly in order are put in order", arguments: [1, 40, 700])
    func filesThatComeNearlyInOrder(disorder: Int) {
        var (index, plain, random) = TimbreIndexTests().library(6000, seed: 37, bits: 4)
        let queries = [random.vectors.next(), random.vectors.next()]
        let expected = Answers(index, queries)
        let sorted = plain.sorted
        let order = sorted.indices.map { ($0 + Int(random.generator.next() % UInt64(disorder)), $0) }.sorted { $0 < $1 }
        let files = order.map { sorted[$0.1] }
        var pieces = TimbreIndex()
        for (directory, path) in plain.directories { pieces.setDirectory(directory, path: path) }
        for start in stride(from: 0, to: files.count, by: 100) {
            let piece = files[start..<min(start + 100, files.count)]
            // Some were there before, as other sounds.
            var others = Array(piece.prefix(30))
            for place in others.indices {
                others[place].vector = random.vectors.next()
                others[place].spans.removeAll()
            }
            pieces.insert(others)
            let kept = pieces
            pieces.insert(Array(piece))
            #expect(kept.fileCount == max(0, start + others.count))
        }
        #expect(pieces.ids == index.ids)
        #expect(Answers(pieces, queries) == expected)
        for id in index.ids { #expect(pieces.file(id) == index.file(id)) }
        VectorSearchTests().expectSame(pieces, plain, [(queries[0], 1)])
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
