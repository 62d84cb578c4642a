import Platform
import SystemPackage
import TestIngest
import TestModels
import Testing
import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

@testable import TimbreAnswers

/// Searches by timbre vectors, in a library whose model makes them.
struct TimbreSearchTests {
    private func library(_ count: Int, seed: UInt64) throws -> StoredLibrary {
        let test = try StoredLibrary(smallModelWithVectors())
        var generator = SeededGenerator(seed: seed)
        for number in 0..<count {
            let frames = (0..<1 + generator.index(below: 70)).map { _ in "\(generator.index(below: 12))" }
            try test.add(frames.joined(separator: " "), to: "\(number).wav")
        }
        try test.add("- - -", to: "silence.wav")
        return test
    }

    private func query(_ id: Int64, _ test: StoredLibrary) throws -> Query {
        let file = try #require(test.index.file(id))
        return Query(
            codes: file.spans.map(\.code), vectors: [file.vector].compactMap(\.self),
            spanVectors: file.spans.compactMap(\.vector))
    }

    private func search(
        _ query: Query, away: Query = Query(), _ filter: IndexFilter = IndexFilter(), excluded: Set<Int64> = [],
        in test: StoredLibrary
    ) -> Search {
        let live = test.library.snapshot.generation
        let generation = LibraryLoader.generation(id: live.id, model: live.model, test.index)
        let snapshot = LibrarySnapshot(index: test.index, generation: generation)
        return Search(snapshot: snapshot, metric: .timbre, query: query, away: away, filter: filter, excluded: excluded)
    }

    @Test func theIndexAnswersAsThePlainSearchDoes() throws {
        let test = try library(40, seed: 1)
        let plain = try test.catalog.read { try PlainSearch(model: 1, $0) }
        #expect(plain.differences(from: test.index).isEmpty)
        #expect(test.index.ids.count == 41)
        for id in test.index.ids {
            guard let vector = test.index.file(id)?.vector else { continue }
            let live = test.index.nearestFiles(toVectors: [(vector, 1)], codes: try query(id, test).codes, count: 20)
            let expected = plain.nearest(to: vector, count: 20)
            #expect(live.map(\.file) == expected.map(\.file))
            #expect(live.map(\.distance) == expected.map(\.distance))
        }
    }

    @Test func aSilentSoundHasNoVectorAndIsNeverFound() throws {
        let test = try library(10, seed: 2)
        let silent = try #require(try test.file("silence.wav"))
        #expect(test.index.file(silent.id)?.vector == nil)
        let found = try search(query(try #require(test.index.ids.first), test), in: test).files(100)
        #expect(found.count == 10)
        #expect(!found.contains { $0.path.bytes == test.path("silence.wav").bytes })
    }

    @Test("The plain search finds vectors that are wrong", arguments: [false, true])
    func findsWhatIsWrong(inSpan: Bool) throws {
        let test = try library(5, seed: 3)
        let plain = try test.catalog.read { try PlainSearch(model: 1, $0) }
        var index = test.index
        let id = try #require(index.ids.first)
        var file = try #require(index.file(id))
        var vector = try #require(file.vector)
        vector[127] = vector[127] == 5 ? 6 : 5
        if inSpan {
            file.spans[0].vector = vector
        } else {
            file.vector = vector
        }
        index.insert([file])
        #expect(plain.differences(from: index) == [try #require(index.path(of: id))])
    }

    @Test func whatIsNearerToAnotherSoundIsLeftOutAndCostsNoPlace() throws {
        let test = try library(40, seed: 4)
        let ids = test.index.ids.filter { test.index.file($0)?.vector != nil }
        var leftOut = 0
        for (near, far) in zip(ids, ids.dropFirst()) {
            let (wanted, unwanted) = (try query(near, test), try query(far, test))
            let all = search(wanted, excluded: [near, far], in: test).files(1000)
            let allowed = all.filter { result in
                let file = test.index.ids.first { test.index.path(of: $0) == result.path.bytes }
                guard let vector = file.flatMap({ test.index.file($0)?.vector }) else { return false }
                return vector.squaredDistance(to: unwanted.vectors[0]) > vector.squaredDistance(to: wanted.vectors[0])
            }
            let found = search(wanted, away: unwanted, excluded: [near, far], in: test).files(7)
            #expect(found.map(\.path) == allowed.prefix(7).map(\.path))
            #expect(found.map(\.distance) == allowed.prefix(7).map(\.distance))
            leftOut += all.count - allowed.count
        }
        #expect(leftOut > 100)
    }

    /// Of one sound that may be read in two ways, and another, the nearer reading counts for each file.
    @Test func theNearerReadingCounts() throws {
        let test = try library(40, seed: 7)
        let ids = test.index.ids.filter { test.index.file($0)?.vector != nil }
        for place in stride(from: 0, to: 36, by: 4) {
            let vectors = try ids[place..<place + 4].map { try #require(test.index.file($0)?.vector) }
            let query = Query(
                codes: [TimbreCode(bits: [1])], vectors: [vectors[0], vectors[1]],
                otherVectors: [0: vectors[2], 1: vectors[3]])
            #expect(query.readings.count == 4)
            let expected = try ids.map { id in
                let vector = try #require(test.index.file(id)?.vector)
                let nearest = zip(vectors.prefix(2), vectors.suffix(2)).map { first, second in
                    min(vector.squaredDistance(to: first), vector.squaredDistance(to: second))
                }
                return (Double(nearest.reduce(0, +)) / 2, id)
            }.sorted { $0 < $1 }.prefix(9)
            let found = search(query, in: test).files(9)
            #expect(found.map(\.path.bytes) == expected.map { test.index.path(of: $0.1) })
            let metric = try #require(test.library.snapshot.generation.model.metric)
            #expect(found.map(\.distance) == expected.map { metric.distance(fromSquared: $0.0) })
        }
    }

    @Test func eachMoreReadingDoublesTheWorkAndThreeAreTheMost() {
        let vector = TimbreVector(first: SIMD64())
        for count in 0...5 {
            let query = Query(
                vectors: Array(repeating: vector, count: 5),
                otherVectors: Dictionary((0..<count).map { ($0, vector) }) { first, _ in first })
            #expect(query.readings.count == (count <= 3 ? 1 << count : 1))
        }
    }

    @Test func distancesAreInTheMetricsUnitAndScoresNeverRise() throws {
        let test = try library(40, seed: 5)
        let id = try #require(test.index.ids.first)
        let search = try search(query(id, test), in: test)
        let metric = try #require(test.library.snapshot.generation.model.metric)
        let own = try #require(test.index.file(id))
        for (results, isSpans) in [(search.files(1000), false), (search.spans(1000), true)] {
            #expect(results.first?.distance == 0)
            #expect(results.map(\.distance) == results.map(\.distance).sorted())
            #expect(results.map(\.score) == results.map(\.score).sorted(by: >))
            #expect((results.first?.score ?? 0) > 0.9 && (results.last?.score ?? 1) < 0.5)
            for result in results {
                let found = try #require(test.index.ids.first { test.index.path(of: $0) == result.path.bytes })
                let file = try #require(test.index.file(found))
                let whole = try #require(file.vector).squaredDistance(to: try #require(own.vector))
                let span = file.spans.first { Double($0.number * 30 * 512) / 22050 == result.start }?.vector
                let squared = isSpans ? nearest(try #require(span), of: own) : whole
                #expect(result.distance == metric.distance(fromSquared: Double(squared)))
            }
        }
    }

    private func nearest(_ vector: TimbreVector, of file: IndexedFile) -> Int {
        file.spans.compactMap { $0.vector?.squaredDistance(to: vector) }.min() ?? 0
    }

    @Test func aDistanceThatAnAnswerHasShownIsWithinThatDistance() throws {
        let test = try library(30, seed: 6)
        let wanted = try query(try #require(test.index.ids.first), test)
        for result in search(wanted, in: test).files(1000) {
            var filter = IndexFilter()
            filter.maxDistance = result.distance
            let found = search(wanted, filter, in: test).files(1000)
            #expect(found.count >= result.rank && found.contains { $0.path == result.path })
        }
    }
}

struct MetricChoiceTests {
    private func snapshot(_ model: TimbreModel) -> LibrarySnapshot {
        LibrarySnapshot(index: TimbreIndex(), generation: Generation(id: 1, model: model))
    }

    private let whole = Query(codes: [TimbreCode(bits: [1])], vectors: [TimbreVector(first: SIMD64())])

    @Test func vectorsAreSearchedByWhereThereAreSuch() throws {
        let snapshot = snapshot(try smallModelWithVectors())
        #expect(try Metric(asked: nil, for: [whole, Query()], in: snapshot) == .timbre)
        #expect(try Metric(asked: .timbre, for: [whole], in: snapshot) == .timbre)
        #expect(try Metric(asked: .codes, for: [whole], in: snapshot) == .codes)
    }

    @Test func codesAreSearchedByWhereThereAreNoVectorsAndAskingForThemSaysWhy() throws {
        var byCode = whole
        byCode.isByCode = true
        let faint = Query(codes: whole.codes)
        let withVectors = snapshot(try smallModelWithVectors())
        let cases: [(Query, LibrarySnapshot, String)] = [
            (whole, snapshot(try smallModel()), "timbrectl retrain"), (byCode, withVectors, "a code"),
            (faint, withVectors, "too faint"),
        ]
        for (query, snapshot, reason) in cases {
            #expect(try Metric(asked: nil, for: [query], in: snapshot) == .codes)
            #expect(try Metric(asked: .codes, for: [query], in: snapshot) == .codes)
            let error = #expect(throws: LibraryError.self) {
                try Metric(asked: .timbre, for: [Query(), query], in: snapshot)
            }
            guard case .metricUnavailable(let said) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(said.contains(reason))
        }
    }
}
