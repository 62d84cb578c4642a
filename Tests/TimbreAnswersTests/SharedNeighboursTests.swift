import Platform
import TestIngest
import TestModels
import Testing
import TimbreCodes
import TimbreCoding
import TimbreDescriptors
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

@testable import TimbreAnswers

/// The order by shared neighbours, against its definition.
@Suite(.timeLimit(.minutes(10)))
struct SharedNeighboursTests {
    private var vectors: [Int64: TimbreVector] = [:]
    private var index = TimbreIndex()

    /// Clusters of sounds, which overlap.
    init() throws {
        var random = SeededGenerator(seed: 7)
        let centres = (0..<6).map { _ in (0..<TimbreVector.dimension).map { _ in random.index(below: 61) - 30 } }
        for id in Int64(1)...300 {
            let bytes = centres[random.index(below: 6)].map {
                UInt8(bitPattern: Int8($0 + random.index(below: 81) - 40))
            }
            vectors[id] = TimbreVector(bytes: bytes)
        }
        index.insert(
            vectors.sorted { $0.key < $1.key }.map { id, vector in
                IndexedFile(
                    id: id, directory: 1, name: Array("\(id)".utf8), duration: 1, channelCount: 1, sampleCount: 15_360,
                    added: 0, isOffline: false,
                    spans: [IndexedSpan(number: 0, code: TimbreCode(bits: [1]), vector: vector)], vector: vector)
            })
    }

    /// Other files, nearest first, with their distances; the longest is 1.
    private func nearest(to id: Int64) throws -> [(file: Int64, distance: Double)] {
        let own = try #require(vectors[id])
        return vectors.filter { $0.key != id }
            .map { (file: $0.key, distance: (Double($0.value.squaredDistance(to: own)) / 4e5).squareRoot()) }
            .sorted { ($0.distance, $0.file) < ($1.distance, $1.file) }
    }

    /// What lies around a file: itself and its nearest ones, each with a weight from 0 to 1.
    private func around(_ id: Int64) throws -> [Int64: Double] {
        var weights = [id: 1.0]
        for (rank, neighbour) in try nearest(to: id).prefix(SharedNeighbours.count).enumerated() {
            let left = 1 - Double(rank) / Double(SharedNeighbours.count)
            weights[neighbour.file] = left * left * left
        }
        return weights
    }

    @Test("Is that of shared neighbours and nearness", arguments: [1, 50, 51, 77, 300] as [Int64])
    func isThatOfTheDefinition(query: Int64) throws {
        let nearest = try nearest(to: query).filter { $0.file % 3 != 0 }
        let own = try around(query)
        let ranks = try nearest.prefix(SharedNeighbours.looks).map { file, distance in
            let other = try around(file)
            let all = Set(own.keys).union(other.keys).map { (own[$0] ?? 0, other[$0] ?? 0) }
            let shared = all.reduce(0) { $0 + min($1.0, $1.1) } / all.reduce(0) { $0 + max($1.0, $1.1) }
            return (file: file, rank: 0.7 * (1 - shared) + 0.3 * distance * distance / 2)
        }
        let sorted = ranks.sorted { $0.rank < $1.rank }
        #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $1.rank - $0.rank > 1e-9 }, "none are equal by rounding")
        let expected = sorted.map(\.file) + nearest.dropFirst(SharedNeighbours.looks).map(\.file)
        let matches = nearest.map { file, distance in
            FileMatch(
                file: file, distance: distance,
                best: SpanMatch(file: file, span: 0, distance: 0, sharedBits: 0, start: 0, end: 1))
        }
        let neighbours = try self.nearest(to: query).map(\.file)
        let shared = SharedNeighbours(index, of: [query], neighbours: neighbours)
        #expect(shared.ordered(matches) { $0.distance }.map(\.file) == expected)
        #expect(expected != matches.map(\.file))
        #expect(shared.ordered([]) { $0.distance } == [])
    }

    /// 120 sounds under a network, each brighter than the one before. The scores of the nearest lie around a half.
    private func brighterAndBrighter() throws -> StoredLibrary {
        let library = try StoredLibrary(smallModelWithNetwork(scoreOffset: 3.65))
        var random = SeededGenerator(seed: 3)
        for number in 0..<120 {
            let frames = (0..<2 + random.index(below: 12)).map { _ in "\(random.index(below: 12))" }
            try library.add(frames.joined(separator: " "), to: "\(number).wav")
            let file = try #require(try library.file("\(number).wav"))
            let figures = SoundFigures(
                brightness: Double(200 + 10 * number), noisiness: 0.5, attack: 0.02, length: 1, decay: 1, pitch: nil)
            library.library.apply([.figures(file.id, figures)], isComplete: true)
        }
        return library
    }

    /// What is brighter than a sound.
    private func brighter(
        than name: String, _ count: Int, of library: StoredLibrary, _ test: TestResponder,
        _ change: (inout Similar.Parameters) -> Void = { _ in }
    ) throws -> Similar.Reply {
        var parameters = Similar.Parameters(
            queries: [QuerySound(.file(WirePath(library.path(name).bytes)))], count: count,
            contrasts: [Contrast(.brighter)])
        change(&parameters)
        return try test.responder.similar(parameters, from: .owner)
    }

    @Test func theNearestIsToldOfWhateverIsFirst() throws {
        let library = try brighterAndBrighter()
        let test = try TestResponder(library)
        var (moved, unlikelyFirst) = (0, 0)
        for number in stride(from: 1, to: 20, by: 2) {
            func reply(
                _ count: Int, _ change: (inout Similar.Parameters) -> Void = { _ in }
            ) throws -> Similar.Reply { try brighter(than: "\(number).wav", count, of: library, test, change) }
            let all = try reply(200)
            let nearest = try #require(all.results.min { $0.distance < $1.distance })
            // What is near, and what is likely, does not depend on how much is asked for.
            #expect(try reply(1).near == all.near && all.near == (nearest.score >= TimbreScore.nearLimit))
            let likely = all.results.filter { $0.score >= 0.5 }.map(\.path)
            for count in [1, 60] {
                let found = try reply(count) { $0.likely = true }.results
                #expect(found.map(\.path) == Array(likely.prefix(count)))
                #expect(found.map(\.rank) == Array(1..<found.count + 1))
            }
            let nothing = try reply(1) { $0.maxDistance = nearest.distance / 2 }.nothing
            #expect(nearest.distance == 0 || nothing?.distance == nearest.distance && nothing?.score == nearest.score)
            if all.results[0].distance > nearest.distance { moved += 1 }
            if all.results[0].score < 0.5, !likely.isEmpty { unlikelyFirst += 1 }
        }
        #expect(moved > 0 && unlikelyFirst > 0, "the order is not that of the scores")
    }

    @Test func anAnswerIsTheBeginningOfALongerOne() throws {
        let library = try brighterAndBrighter()
        let test = try TestResponder(library)
        func found(_ count: Int, _ change: (inout Similar.Parameters) -> Void = { _ in }) throws -> [SimilarResult] {
            try brighter(than: "40.wav", count, of: library, test, change).results
        }
        let all = try found(200)
        #expect(all.count > SharedNeighbours.looks && all.allSatisfy { $0.figures?.brightness ?? 0 > 600 })
        #expect(try found(10) == Array(all.prefix(10)) && found(60) == Array(all.prefix(60)))
        #expect(Set(all.map(\.path)).count == all.count && all.map(\.rank) == Array(1...all.count))
        // By codes the order is that of the distance.
        let codes = try found(200) { $0.metric = .codes }
        #expect(codes.map(\.distance) == codes.map(\.distance).sorted())
    }
}
