import Testing
import TimbreCodes

@testable import TimbreIndex

struct VectorSearchTests {
    typealias Weighted = [(vector: TimbreVector, weight: Int)]

    let libraries = TimbreIndexTests()

    func expectSame(
        _ index: TimbreIndex, _ plain: PlainIndex, _ queries: Weighted, codes: [TimbreCode] = [],
        excluding: Set<Int64> = [], filter: IndexFilter = IndexFilter(),
        where admits: (IndexedFile) -> Bool = { !$0.isOffline }, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let vectors = queries.map(\.vector)
        var spans = plain.nearestSpans(toVectors: vectors, codes: codes, excluding: excluding, where: admits)
        var files = plain.nearestFiles(toVectors: queries, codes: codes, excluding: excluding, where: admits)
        if let farthest = filter.maxDistance {
            spans.removeAll { Double($0.squaredDistance ?? 0) > farthest }
            files.removeAll { $0.distance > farthest }
        }
        for count in [1, 77, 100_000] {
            #expect(
                index.nearestSpans(
                    toVectors: vectors, codes: codes, count: count, filter: filter, excluding: excluding)
                    == Array(spans.prefix(count)), sourceLocation: sourceLocation)
            #expect(
                index.nearestFiles(
                    toVectors: queries, codes: codes, count: count, filter: filter, excluding: excluding)
                    == Array(files.prefix(count)), sourceLocation: sourceLocation)
        }
    }

    @Test(
        "Agrees with a plain search",
        arguments: [RandomVectors.few, .tails, .heads, .all, .falling], [[3], [2, 0, 1, 5]])
    func agrees(vectors: RandomVectors, weights: [Int]) {
        var (index, plain, random) = libraries.library(1100, seed: 21, bits: 4, vectors: vectors)
        let strangers = weights.map { (random.vectors.next(), $0) }
        expectSame(index, plain, strangers, codes: [random.code(), random.code()])
        let members = zip(plain.sorted.compactMap(\.vector), weights).map { ($0, $1) }
        expectSame(index, plain, members)
        expectSame(index, plain, members + members, codes: [.empty])
    }

    @Test("Filters inside the search", arguments: TimbreIndexTests.cases)
    func filters(_ filtered: TimbreIndexTests.Case) {
        var (index, plain, random) = libraries.library(700, seed: 22, bits: 4)
        for count in [1, 3] {
            let queries = (0..<count).map { (random.vectors.next(), $0 + 1) }
            let codes = [random.code()]
            expectSame(index, plain, queries, codes: codes, filter: filtered.filter, where: filtered.admits)
            expectSame(
                index, plain, queries, codes: codes, excluding: [0, 3, 300], filter: filtered.filter,
                where: filtered.admits)
        }
    }

    @Test func findsAcrossSegments() {
        var (index, plain, random) = libraries.library(9500, seed: 23, bits: 4, vectors: .all)
        #expect(index.segments.count == 3)
        expectSame(index, plain, [(random.vectors.next(), 1)], codes: [random.code()])
    }

    // By hand: the query is 0, and the vectors are (3, 4), 5 in the last component, (5, 1), none, 0, and 5 again.
    @Test func equallyNearOnesComeByAge() {
        var index = TimbreIndex()
        let vectors: [[Int: Int8]?] = [[0: 3, 1: 4], [63: 5], [0: 5, 20: 1], nil, [:], [63: -5]]
        for (id, values) in vectors.enumerated() {
            let vector = values.map(Self.vector)
            let spans = [
                IndexedSpan(number: 2, code: TimbreCode(bits: [id]), vector: vector),
                IndexedSpan(number: 3, code: .empty, vector: Self.vector([:])),
                IndexedSpan(number: 7, code: TimbreCode(bits: [id, 40]), vector: vector),
            ]
            index.insert([Self.file(Int64(id), spans: spans, vector: vector)])
        }
        let query = Self.vector([:])
        let spans = index.nearestSpans(toVectors: [query], count: 20)
        #expect(spans.map(\.file) == [4, 4, 0, 0, 1, 1, 5, 5, 2, 2])
        #expect(spans.map(\.span) == [2, 7, 2, 7, 2, 7, 2, 7, 2, 7])
        #expect(spans.map(\.squaredDistance) == [0, 0, 25, 25, 25, 25, 25, 25, 26, 26])
        #expect(spans.map(\.distance) == [1, 2, 1, 2, 1, 2, 1, 2, 1, 2])
        let files = index.nearestFiles(
            toVectors: [(query, 3), (Self.vector([63: 10]), 1)], codes: [TimbreCode(bits: [5, 40])], count: 20)
        #expect(files.map(\.file) == [1, 4, 0, 2, 5])
        #expect(files.map(\.distance) == [25, 25, 50, 51, 75])
        #expect(files.map(\.best.span) == [7, 7, 7, 7, 7])
        #expect(files.map(\.best.distance) == [2, 2, 2, 2, 0])
        #expect(files.map(\.best.sharedBits) == [1, 1, 1, 1, 2])
        #expect(files.map(\.best.squaredDistance) == [25, 0, 25, 26, 25])
    }

    @Test func withoutCodesTheBestSpanIsToldByVectors() {
        var index = TimbreIndex()
        let values: [[Int: Int8]?] = [nil, [3: 9], [3: 1], [3: 1]]
        let spans = values.enumerated().map { number, values in
            IndexedSpan(number: number, code: TimbreCode(bits: [number, 9]), vector: values.map(Self.vector))
        }
        let query = Self.vector([3: 2])
        index.insert([Self.file(1, spans: spans, vector: query), Self.file(2, spans: [spans[0]], vector: query)])
        let best = index.nearestFiles(toVectors: [(query, 1)], count: 2).map(\.best)
        #expect(best.map(\.span) == [2, 0])
        #expect(best.map(\.squaredDistance) == [1, nil])
        #expect(best.map(\.distance) == [2, 2] && best.map(\.sharedBits) == [0, 0])
    }

    @Test func whatHasNoVectorOrNoSpanIsNotFound() {
        var (index, plain, random) = libraries.library(700, seed: 24, bits: 4)
        for id in plain.files.keys {
            plain.files[id]?.vector = nil
            if id % 2 == 0 { plain.files[id]?.spans = [] }
        }
        index.insert(Array(plain.files.values))
        let query = random.vectors.next()
        #expect(index.nearestFiles(toVectors: [(query, 1)], count: 10).isEmpty)
        expectSame(index, plain, [(query, 1)])
        index.insert([Self.file(0, spans: [], vector: query)])
        #expect(index.nearestFiles(toVectors: [(query, 1)], count: 10).isEmpty)
        #expect(index.file(0)?.vector == query)
    }

    @Test func nothingIsAskedOrWanted() {
        var (index, _, random) = libraries.library(300, seed: 25, bits: 4)
        let query = random.vectors.next()
        #expect(index.nearestFiles(toVectors: [], codes: [random.code()], count: 5).isEmpty)
        #expect(index.nearestSpans(toVectors: [], codes: [random.code()], count: 5).isEmpty)
        #expect(index.nearestFiles(toVectors: [(query, 0)], count: 5).isEmpty)
        #expect(index.nearestFiles(toVectors: [(query, 1)], count: 0).isEmpty)
        #expect(index.nearestSpans(toVectors: [query], count: 0).isEmpty)
        #expect(TimbreIndex().nearestFiles(toVectors: [(query, 1)], count: 5).isEmpty)
        #expect(index.nearestFiles(toVectors: [(query, 1)], count: 5).count == 5)
    }

    // Sums of such weights take more than 32 bits, and bounds are computed with shorter ones.
    @Test("Great weights are exact", arguments: [4127, 4128, 4129, 1 << 29 - 1])
    func greatWeights(weight: Int) {
        var (index, plain, random) = libraries.library(1200, seed: 26, bits: 4, vectors: .all)
        let other = random.vectors.next()
        expectSame(index, plain, [(random.vectors.next(), weight), (other, weight - 1), (other, 1)])
        expectSame(index, plain, [(random.vectors.next(), weight), (other, 1)])
    }

    static func vector(_ values: [Int: Int8]) -> TimbreVector {
        var vector = TimbreVector(first: SIMD64())
        for (place, value) in values { vector[place] = value }
        return vector
    }

    static func file(_ id: Int64, spans: [IndexedSpan], vector: TimbreVector?) -> IndexedFile {
        IndexedFile(
            id: id, directory: 1, name: [], duration: 1, channelCount: 1, sampleCount: 22050, added: 0, spans: spans,
            vector: vector)
    }
}
