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

/// Answers that are reranked, beside those that are not.
@Suite(.timeLimit(.minutes(10)))
struct RerankTests {
    private let library: StoredLibrary
    private let test: TestResponder

    /// 150 sounds in five folders, some of them copies of others. The scores of the nearest lie around a half.
    init() throws {
        library = try StoredLibrary(smallModelWithNetwork(scoreOffset: 4.5))
        var random = SeededGenerator(seed: 5)
        for number in 0..<150 {
            let frames = (0..<2 + random.index(below: 12)).map { _ in "\(random.index(below: 12))" }
            try library.add(frames.joined(separator: " "), to: "\(number % 5)/\(number).wav")
            guard number % 10 == 0 else { continue }
            try library.add(frames.joined(separator: " "), to: "\(number % 5)/copy \(number).wav")
        }
        test = try TestResponder(library)
    }

    private func sound(_ name: String) -> QuerySound { QuerySound(.file(WirePath(library.path(name).bytes))) }

    private func reply(
        _ names: [String], reranked: Bool, count: Int = 1000, _ change: (inout Similar.Parameters) -> Void = { _ in }
    ) throws -> Similar.Reply {
        var parameters = Similar.Parameters(queries: names.map(sound), count: count, rerank: reranked)
        change(&parameters)
        return try test.responder.similar(parameters, from: .owner)
    }

    struct Question: CustomTestStringConvertible {
        var testDescription: String
        var names = ["0/5.wav"]
        var change: @Sendable (inout Similar.Parameters, (String) -> QuerySound) -> Void = { _, _ in }
    }

    static let questions = [
        Question(testDescription: "a sound"),
        Question(testDescription: "several sounds", names: ["0/5.wav", "1/6.wav", "2/7.wav"]),
        Question(testDescription: "a folder", names: ["3"]),
        Question(testDescription: "away from another") { $0.not = [$1("4/9.wav")] },
        Question(testDescription: "near ones") { parameters, _ in parameters.maxDistance = 1 },
        Question(testDescription: "likely ones") { parameters, _ in parameters.likely = true },
        Question(testDescription: "two of a folder") { parameters, _ in parameters.perFolder = 2 },
        Question(testDescription: "each sound once") { parameters, _ in parameters.distinct = true },
        Question(testDescription: "with itself") { parameters, _ in parameters.includeSelf = true },
        Question(testDescription: "some names") { parameters, _ in
            parameters.filter = FileFilter(glob: WirePath("*[1357].wav".utf8))
        },
    ]

    @Test("Of the nearest fifty the order changes, and nothing else", arguments: questions)
    func onlyTheOrderChanges(question: Question) throws {
        func reply(reranked: Bool, count: Int = 1000) throws -> Similar.Reply {
            try self.reply(question.names, reranked: reranked, count: count) { question.change(&$0, sound) }
        }
        let (plain, reranked) = (try reply(reranked: false), try reply(reranked: true))
        #expect(plain.results.count > 5)
        #expect(plain.results.map(\.distance) == plain.results.map(\.distance).sorted())
        let looks = SharedNeighbours.looks
        func unranked(_ results: some Sequence<SimilarResult>) -> [SimilarResult] {
            results.map { result in
                var result = result
                result.rank = 0
                return result
            }
        }
        #expect(Set(unranked(reranked.results.prefix(looks))) == Set(unranked(plain.results.prefix(looks))))
        #expect(Array(reranked.results.dropFirst(looks)) == Array(plain.results.dropFirst(looks)))
        #expect(reranked.results.map(\.rank) == Array(1..<reranked.results.count + 1))
        #expect(reranked.results != plain.results)
        #expect((reranked.near, reranked.complete) == (plain.near, plain.complete))
        for count in [1, looks + 10] {
            let shorter = try reply(reranked: true, count: count)
            #expect(shorter.results == Array(reranked.results.prefix(count)))
            #expect(shorter.near == plain.near)
        }
    }

    @Test("The order is that of the neighbours in the whole library", arguments: ["0/5.wav", "1/6.wav", "2/7.wav"])
    func theOrderIsThatOfSharedNeighbours(name: String) throws {
        let (index, generation) = (library.library.snapshot.index, library.library.snapshot.generation)
        let query = try #require(try library.file(name)).id
        let own = try #require(index.vector(of: query))
        let nearest = index.nearestFiles(toVectors: [(own, 1)], codes: [], count: 1000, excluding: [query])
        let expected = SharedNeighbours(index, of: [query], neighbours: nearest.map(\.file))
            .ordered(nearest) { generation.distance(fromSquared: $0.distance) }
        let found = try reply([name], reranked: true).results.map { library.name(of: $0.path.bytes) }
        #expect(found == expected.compactMap { index.path(of: $0.file).map(library.name) })
        // A filter leaves out results, and no neighbours.
        let some = try reply([name], reranked: true) {
            $0.filter = FileFilter(under: WirePath(library.path("1").bytes))
        }
        let below = nearest.filter { index.path(of: $0.file).map(library.name)?.hasPrefix("1/") == true }
        let expectedBelow = SharedNeighbours(index, of: [query], neighbours: nearest.map(\.file))
            .ordered(below) { generation.distance(fromSquared: $0.distance) }
        #expect(
            some.results.map { library.name(of: $0.path.bytes) }
                == expectedBelow.compactMap { index.path(of: $0.file).map(library.name) })
    }

    @Test func aFileThatMayComeItselfIsFirst() throws {
        for name in ["0/5.wav", "2/7.wav"] {
            let results = try reply([name], reranked: true) { $0.includeSelf = true }.results
            #expect(results.first.map { library.name(of: $0.path.bytes) } == name)
        }
    }

    @Test func whatHasNoVectorOrNoNetworkIsRefused() throws {
        for (model, why) in [(try smallModel(), "timbrectl retrain"), (try smallModelWithVectors(), "with a network")] {
            let other = try StoredLibrary(of: ["a.wav": "1 2", "b.wav": "1 3"], model)
            let responder = try TestResponder(other)
            let query = QuerySound(.file(WirePath(other.path("a.wav").bytes)))
            let error = #expect(throws: LibraryError.self) {
                try responder.responder.similar(Similar.Parameters(queries: [query], rerank: true), from: .owner)
            }
            guard case .metricUnavailable(let said) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(said.contains(why))
        }
    }

    @Test func aRecordingCountsAsAWhole() throws {
        let places = try PlaceLibrary()
        func reply(reranked: Bool) throws -> Similar.Reply {
            try places.reply(places.middle) { ($0.segments, $0.rerank) = (false, reranked) }
        }
        #expect(try reply(reranked: false).results.contains { $0.inside })
        let results = try reply(reranked: true).results
        #expect(results.count == 4 && !results.contains { $0.inside })
    }
}
