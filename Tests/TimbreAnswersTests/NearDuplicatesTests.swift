import Platform
import SoundDuplicates
import SystemPackage
import TestIngest
import TestModels
import Testing
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
        var near = NearDuplicates(holdings, in: test.index, filter: filter) { content in
            try test.catalog.read { try $0.bands(of: content) }
        }
        var groups: [[Int64]] = []
        for content in near.order {
            let members = try near.members(ofGroupWith: content)
            if members.isEmpty { continue }
            #expect(members.allSatisfy { $0.match.difference == 0 && $0.match.level == 0 })
            groups.append([content] + members.map(\.content).sorted())
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
