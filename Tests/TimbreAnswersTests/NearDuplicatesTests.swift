import Platform
import SoundDuplicates
import SystemPackage
import TestIngest
import TestModels
import Testing
import TimbreCodes
import TimbreIndex
import TimbreStore
import TimbreWire

@testable import TimbreAnswers

struct NearDuplicatesTests {
    /// A library with a sound, copies of it, variants and others.
    private func library() throws -> StoredLibrary {
        let test = try StoredLibrary(smallModelWithVectors())
        let sound = "1 1 2 3 3 4 5 5 6 7"
        for (name, text) in [
            ("a/first.wav", sound), ("a/other.wav", "7 6 5 5 4 3 3 2 1 1"), ("b/copy.wav", sound),
            ("b/late.wav", "- - - " + sound), ("a/early.wav", sound + " - -"), ("b/shorter.wav", "1 1 2"),
            ("b/copy of other.wav", "7 6 5 5 4 3 3 2 1 1"), ("a/silence.wav", "- - -"),
        ] {
            try test.add(text, to: name)
        }
        return test
    }

    private func groups(_ test: StoredLibrary, under: FilePath? = nil) throws -> [[Int64]] {
        let holdings = try test.catalog.read { try $0.holdings(under: under) }
        var filter = IndexFilter()
        if let under { filter.directories = [under.bytes] }
        var near = NearDuplicates(
            NearestContents(holdings, in: test.index, filter: filter) { [catalog = test.catalog] content in
                try catalog.read { try $0.bands(of: content) }
            })
        var groups: [[Int64]] = []
        while let found = try near.next() {
            for group in found {
                #expect(group.members.allSatisfy { $0.match.difference == 0 && $0.match.level == 0 })
                groups.append([group.first] + group.members.map(\.content).sorted())
            }
        }
        return groups
    }

    private func contents(_ test: StoredLibrary, _ names: String...) throws -> [Int64] {
        try names.map { try #require(try test.file($0)?.content) }
    }

    @Test func findsASoundWithSilenceAroundIt() throws {
        let test = try library()
        #expect(try groups(test) == [contents(test, "a/first.wav", "b/late.wav", "a/early.wav")])
    }

    @Test func onlyFilesOfTheFolderCount() throws {
        let test = try library()
        #expect(try groups(test, under: test.path("a")) == [contents(test, "a/first.wav", "a/early.wav")])
        // The oldest file of a content need not lie there.
        #expect(try groups(test, under: test.path("b")) == [contents(test, "b/copy.wav", "b/late.wav")])
    }

    @Test func manyCopiesHideNothing() throws {
        let test = try library()
        for number in 0..<40 { try test.add("1 1 2 3 3 4 5 5 6 8", to: "a/\(number).wav") }
        #expect(try groups(test) == [contents(test, "a/first.wav", "b/late.wav", "a/early.wav")])
    }

    @Test func aGroupMayBeLarge() throws {
        let test = try StoredLibrary(smallModelWithVectors())
        for number in 0..<40 {
            // Silence before and behind, each time of other lengths.
            let (before, behind) = (number / 7, number % 7)
            let words = Array(repeating: "-", count: before) + ["1 2 3 4 5"] + Array(repeating: "-", count: behind)
            try test.add(words.joined(separator: " "), to: "\(number).wav")
        }
        #expect(try groups(test).map(\.count) == [40])
    }

    /// What one thread finds that takes one content after the other.
    private func plainGroups(_ test: StoredLibrary) throws -> [[Int64]] {
        let contents = NearestContents(
            try test.catalog.read { try $0.holdings(under: nil) }, in: test.index, filter: IndexFilter()
        ) { [catalog = test.catalog] content in try catalog.read { try $0.bands(of: content) } }
        var (grouped, groups): (Set<Int64>, [[Int64]]) = ([], [])
        for content in contents.order where !grouped.contains(content) {
            var look = NearestContents.Look(at: content)
            let found = try contents.compare(&look, patience: 6, isFurther: true, isPassedOver: grouped.contains)
            if found.isEmpty { continue }
            groups.append([content] + found.map(\.content).sorted())
            grouped.formUnion(found.map(\.content) + [content])
        }
        return groups
    }

    @Test("Two threads find what one does", arguments: 1...3)
    func inOrder(seed: UInt64) throws {
        let test = try StoredLibrary(smallModelWithVectors())
        var generator = SeededGenerator(seed: seed)
        // More than are compared at once, a third of them variants of others, near and far in the order.
        var sounds: [String] = []
        for number in 0..<400 {
            let old = Int.random(in: 0..<3, using: &generator) == 0 ? sounds.randomElement(using: &generator) : nil
            let silence = String(repeating: "- ", count: Int.random(in: 0..<4, using: &generator))
            let length = Int.random(in: 4..<9, using: &generator)
            let new = (0..<length).map { _ in "\(Int.random(in: 1...8, using: &generator))" }.joined(separator: " ")
            sounds.append(old.map { silence + $0 } ?? new)
            try test.add(sounds[number], to: "\(number).wav")
        }
        let found = try groups(test)
        #expect(try found == plainGroups(test) && found.count > 10)
    }

    @Test func whoDoesNotWaitAnyMoreEndsIt() throws {
        struct Left: Error {}
        let test = try library()
        let holdings = try test.catalog.read { try $0.holdings(under: nil) }
        var near = NearDuplicates(
            NearestContents(
                holdings, in: test.index, filter: IndexFilter(), goOn: { throw Left() }, bands: { _ in [] }))
        #expect(throws: Left.self) { try near.next() }
    }

    @Test func contentsThatAreSharedAreKnown() throws {
        let test = try library()
        let shared = try contents(test, "a/first.wav", "a/other.wav")
        #expect(try test.catalog.read { try $0.sharedContents(under: nil) } == shared)
        #expect(try test.catalog.read { try $0.sharedContents(under: test.path("b")) } == [])
        try test.remove("b/copy.wav")
        #expect(try test.catalog.read { try $0.sharedContents(under: nil) } == Array(shared.dropFirst()))
    }

    @Test func aGroupTellsWhatIsWasted() throws {
        let test = try library()
        let ids = try contents(test, "a/first.wav", "b/late.wav")
        let group = try #require(
            try test.catalog.read { try DuplicateGroup(.near, ids.map { ($0, nil) }, under: nil, $0) })
        #expect(
            group.files.map { $0.path.bytes }
                == ["a/first.wav", "b/copy.wav", "b/late.wav"].map {
                    test.path($0).bytes
                })
        // The text of the sound has 19 bytes, with silence before it 25, which is the largest.
        #expect(group.wasted == 2 * 19)
        #expect(
            try test.catalog.read { try DuplicateGroup(.exact, [(ids[0], nil)], under: test.path("a"), $0) } == nil)
    }
}
