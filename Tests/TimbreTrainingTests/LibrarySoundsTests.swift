import TestIngest
import TestModels
import Testing
import TimbreCodes
import TimbreStore

@testable import TimbreTraining

/// Which sounds a training draws: one sound more hardly changes that.
@Suite(.timeLimit(.minutes(10)))
struct LibrarySoundsTests {
    private let test: StoredLibrary

    init() throws {
        test = try StoredLibrary(smallModel())
        var generator = SeededGenerator(seed: 3)
        for number in 0..<60 {
            let axes = (0..<3 + generator.index(below: 9)).map { _ in "\(generator.index(below: 9))" }
            try test.add(axes.joined(separator: " "), to: "\(number % 4)/\(number).wav")
        }
    }

    private func drawn(_ limit: Int, seed: UInt64 = 1) throws -> [LibrarySound] {
        let contents = try test.catalog.read { try $0.liveContents() }
        return try LibrarySounds(catalog: test.catalog, seed: seed, isCancelled: { false })
            .gather(from: contents, limit: limit, progress: { _, _ in }) { sounds, _ in sounds }
    }

    @Test("So many are drawn, in the order of their hashes", arguments: [1, 20, 59, 60, 100])
    func count(limit: Int) throws {
        let all = try test.catalog.read { try $0.liveContents() }.map(\.id)
        let found = try drawn(limit).map(\.content)
        #expect(found.count == min(limit, all.count))
        #expect(found == all.filter(Set(found).contains))
    }

    @Test func oneSoundMoreChangesOneAtMost() throws {
        let before = try drawn(20)
        #expect(try drawn(20).map(\.content) == before.map(\.content))
        #expect(try drawn(20, seed: 2).map(\.content) != before.map(\.content))
        for number in 0..<12 {
            let (old, axes) = (try drawn(20), (0..<4).map { "\(($0 + number) % 9)" })
            try test.add(axes.joined(separator: " "), to: "new/\(number).wav")
            let new = try drawn(20)
            #expect(Set(new.map(\.content)).subtracting(old.map(\.content)).count <= 1)
            #expect(new.count == 20)
        }
    }

    @Test func soAreThoseThatAreSearchedBy() {
        var generator = SeededGenerator(seed: 5)
        var sounds = (0..<1400).map { LibrarySound(content: $0, lot: generator.next(), folder: "") }
        func searchedBy() -> Set<Int64> { Set(FolderComparison.queries(among: sounds).map { sounds[$0].content }) }
        let before = searchedBy()
        #expect(before.count == 500)
        sounds.insert(LibrarySound(content: 1400, lot: 0, folder: ""), at: 7)
        #expect(searchedBy().subtracting(before) == [1400] && before.subtracting(searchedBy()).count == 1)
    }
}
