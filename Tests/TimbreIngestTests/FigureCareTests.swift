import GRDB
import Platform
import SystemPackage
import Testing
import TimbreDescriptors
import TimbreIndex
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

/// How sounds get figures that came without.
@Suite(.timeLimit(.minutes(10)))
struct FigureCareTests {
    private let start = ContinuousClock.now

    /// Forgets all figures on disk, as they are in a library of an earlier version.
    private func forgetFigures(_ test: TestLibrary) throws {
        let queue = try DatabaseQueue(path: test.catalog.path.string)
        try queue.write { try $0.execute(sql: "UPDATE content SET figures = NULL") }
        try queue.close()
        test.library.apply(test.index.ids.map { .figures($0, nil) }, isComplete: true)
    }

    @Test func newSoundsComeWithTheirs() throws {
        let test = try TestLibrary()
        for (name, sound) in [("a", "1 1 2"), ("b", "7 8"), ("copy", "1 1 2"), ("silent", "- -")] {
            try test.add(sound, to: "\(name).wav")
        }
        #expect(test.index.ids.count { test.index.figures(of: $0) != nil } == 3)
        #expect(!test.index.lacksFigures)
        var care = FigureCare()
        #expect(try care.findSome(test.catalog) == [])
        #expect(!care.mayWork(at: start) && care.next == nil)
    }

    @Test func anOldLibraryGetsThemAndNothingIsDecoded() throws {
        let test = try TestLibrary()
        for (name, sound) in [("a", "1 1 2"), ("b", "7 8"), ("copy", "1 1 2"), ("silent", "- -")] {
            try test.add(sound, to: "\(name).wav")
        }
        let before = test.index.ids.map(test.index.figures(of:))
        let decoded = test.state.decodedCount
        try forgetFigures(test)
        #expect(test.index.ids.allSatisfy { test.index.figures(of: $0) == nil })
        var care = FigureCare()
        #expect(care.mayWork(at: start))
        let found = try care.findSome(test.catalog)
        #expect(found.count == 3)
        // The turn compares the index with what a fresh start would load, packs and all.
        try test.turn { try $0.setFigures(found) }
        care.succeeded()
        #expect(test.index.ids.map(test.index.figures(of:)) == before)
        #expect(try care.findSome(test.catalog) == [])
        #expect(!care.mayWork(at: start))
        #expect(test.state.decodedCount == decoded)
        for _ in 0..<4 { try test.turn() }
    }

    @Test func whatCannotBeStoredIsTriedAgainLater() throws {
        let test = try TestLibrary()
        try test.add("1 2", to: "a.wav")
        try forgetFigures(test)
        var care = FigureCare()
        _ = try care.findSome(test.catalog)
        care.failed(CatalogError("", .unusable, "the disk is full"), at: start)
        #expect(!care.mayWork(at: start + .seconds(9)) && care.mayWork(at: start + .seconds(10)))
        #expect(care.next == start + .seconds(10))
    }
}
