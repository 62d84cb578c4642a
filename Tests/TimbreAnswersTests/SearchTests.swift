import SystemPackage
import TestIngest
import Testing
import TimbreCodes
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreTraining
import TimbreWire

@testable import TimbreAnswers

struct SearchTests {
    /// A library of sounds of one to four timbres in one to three spans; with so few timbres ties are the rule.
    private func library(_ count: Int, seed: UInt64) throws -> StoredLibrary {
        let test = try StoredLibrary()
        var generator = SeededGenerator(seed: seed)
        for number in 0..<count {
            let spans = (0...generator.index(below: 3)).map { _ in
                let timbres = (0...generator.index(below: 4)).map { _ in "\(generator.index(below: 12))" }
                return (0..<30).map { timbres[$0 % timbres.count] }.joined(separator: " ")
            }
            try test.add(spans.joined(separator: " "), to: "\(number).wav")
        }
        return test
    }

    private func codes(_ id: Int64, _ test: StoredLibrary) -> [TimbreCode] {
        test.index.file(id)?.spans.map(\.code) ?? []
    }

    @Test func theIndexAnswersAsThePlainSearchDoes() throws {
        let test = try library(60, seed: 1)
        let plain = try test.catalog.read { try PlainSearch(model: 1, $0) }
        #expect(plain.differences(from: test.index).isEmpty)
        for id in test.index.ids {
            let live = test.index.nearestFiles(to: codes(id, test), count: 20)
            let expected = plain.nearest(to: codes(id, test), count: 20)
            #expect(live.map(\.file) == expected.map(\.file))
            #expect(live.map(\.distance) == expected.map(\.distance))
        }
    }

    @Test func thePlainSearchInPartsIsThePlainSearch() throws {
        let test = try library(30, seed: 4)
        let whole = try test.catalog.read { try PlainSearch(model: 1, $0) }
        let ids = test.index.ids
        let middle = ids[ids.count / 2]
        let ranges: [ClosedRange<Int64>] = [.min...middle, middle + 1 ... .max]
        let parts = try ranges.map { range in try test.catalog.read { try PlainSearch(model: 1, of: range, $0) } }
        #expect(parts.allSatisfy { $0.differences(from: test.index).isEmpty })
        for id in ids {
            let query = codes(id, test)
            let merged = parts.flatMap { $0.nearest(to: query, count: 20) }.sorted().prefix(20)
            #expect(Array(merged) == whole.nearest(to: query, count: 20))
        }
    }

    @Test("The plain search finds what is wrong with an index", arguments: 0..<5)
    func findsWhatIsWrong(fault: Int) throws {
        let test = try library(10, seed: 2)
        let plain = try test.catalog.read { try PlainSearch(model: 1, $0) }
        var index = test.index
        let id = try #require(index.ids.last)
        let path = try #require(index.path(of: id))
        var file = try #require(index.file(id))
        switch fault {
        case 0: index.remove([id])
        case 1: index.setOffline([id], true)
        case 2: index.rename(id, directory: file.directory, name: [120])
        case 3:
            file.spans[0].code.insert(127)
            index.insert([file])
        default:
            file.id += 1
            index.insert([file])
        }
        #expect(plain.differences(from: index) == [path])
    }

    @Test func whatIsToBeFarFromAnotherSoundIsLeftOutAndCostsNoPlace() throws {
        let test = try library(60, seed: 3)
        let ids = test.index.ids
        for (near, far) in zip(ids, ids.dropFirst()) {
            let search = Search(
                snapshot: test.library.snapshot, metric: .codes, query: Query(codes: codes(near, test)),
                away: Query(codes: codes(far, test)), filter: IndexFilter(), excluded: [near, far])
            let all = test.index.nearestFiles(to: codes(near, test), count: 1000, excluding: [near, far])
            let allowed = all.filter { match in
                CodeDistance.mean(from: codes(far, test), to: codes(match.file, test)).map { $0 > match.distance }
                    ?? true
            }
            let found = search.files(7)
            #expect(found.map(\.distance) == allowed.prefix(7).map(\.distance))
            #expect(found.map(\.path.bytes) == allowed.prefix(7).compactMap { test.index.path(of: $0.file) })
            #expect(found.map(\.rank) == Array(0..<found.count).map { $0 + 1 })
        }
    }

    @Test func aScoreNeverRisesWithTheDistance() throws {
        let test = try library(60, seed: 4)
        let model = test.library.snapshot.generation.model
        let generation = LibraryLoader.generation(id: 1, model: model, test.index)
        let snapshot = LibrarySnapshot(index: test.index, generation: generation)
        let query = codes(try #require(test.index.ids.first), test)
        let search = Search(
            snapshot: snapshot, metric: .codes, query: Query(codes: query), away: Query(), filter: IndexFilter(),
            excluded: [])
        for results in [search.files(1000), search.spans(1000)] {
            let scores = results.map(\.score)
            #expect(scores == scores.sorted(by: >))
            #expect((scores.first ?? 0) > 0.8 && scores.allSatisfy { (0...1).contains($0) })
            #expect(results.map(\.distance) == results.map(\.distance).sorted())
        }
        #expect(search.files(1).first?.distance == 0)
    }

    @Test func aFilterIsAppliedBeforeAnythingIsCounted() throws {
        let test = try library(40, seed: 5)
        var filter = IndexFilter()
        filter.name = GlobPattern(Array("3*.wav".utf8))
        let query = codes(try #require(test.index.ids.first), test)
        let search = Search(
            snapshot: test.library.snapshot, metric: .codes, query: Query(codes: query), away: Query(), filter: filter,
            excluded: [])
        #expect(search.files(100).count == 11)
        #expect(search.files(4).map(\.path) == Array(search.files(100).prefix(4).map(\.path)))
    }

    @Test func theRankingIsTheAnswerOfASearch() throws {
        let test = try StoredLibrary()
        for number in 0..<30 {
            try test.add("\(number % 12) \(number * 5 % 12) - \(number * 7 % 11)", to: "\(number).wav")
        }
        try test.add("- - -", to: "silence.wav")
        let ranking = LibraryRanking(snapshot: test.library.snapshot, metric: .codes)
        var silent = 0
        for id in test.index.ids {
            let query = test.index.file(id)?.spans.map(\.code) ?? []
            let search = Search(
                snapshot: test.library.snapshot, metric: .codes, query: Query(codes: query), away: Query(),
                filter: IndexFilter(), excluded: [id])
            let found = ranking.rank(id)
            #expect(found.compactMap { test.index.path(of: $0) } == search.files(1000).map(\.path.bytes))
            #expect(found.count == (query.isEmpty ? 0 : 29))
            if query.isEmpty { silent += 1 }
        }
        #expect(silent == 1)
    }
}
