import FolderWatch
import Platform
import SystemPackage
import Testing
import TimbreIndex
import TimbreStore

@testable import TimbreIngest

/// Watched folders that lie in others: some are seen as parts of those, some are hidden there and watched on their own.
struct NestedFolderTests {
    /// A library of `a.wav`, `kit/b.wav` and `.own/c.wav`, in which the folder and `.own` are watched.
    private func library() throws -> TestLibrary {
        let test = try TestLibrary()
        for folder in ["kit", ".own"] { try test.makeFolder(folder) }
        for name in ["a.wav", "kit/b.wav", ".own/c.wav"] { try test.write("\(name.count) 3", to: name) }
        try test.turn { turn in
            try turn.addFolder(test.root)
            try turn.addFolder(test.path(".own"))
        }
        try test.turn([.folder(status(test, ".own"))])
        try test.turn(scanOfOuter(test) + scanOfInner(test))
        try test.work()
        #expect(Set(test.indexed) == ["a.wav", "kit/b.wav", ".own/c.wav"])
        return test
    }

    private func status(_ test: TestLibrary, _ name: String) -> FolderStatus {
        var status = test.status()
        status.root = test.path(name)
        return status
    }

    /// What a watcher says of the folder: that it does not enter what is hidden in it.
    private func scanOfOuter(_ test: TestLibrary) throws -> [FolderChange] {
        try test.scan(["kit"]).map { change in
            guard case .listed(var listing) = change else { return change }
            listing.subdirectories.removeAll { $0 == ".own" }
            return .listed(listing)
        }
    }

    private func scanOfInner(_ test: TestLibrary) throws -> [FolderChange] {
        let inner = test.path(".own")
        guard case .listed(var listing) = try test.listed(".own") else { return [] }
        listing.root = inner
        return [.scanBegan(inner), .listed(listing), .scanEnded(inner, complete: true)]
    }

    @Test func aScanOfTheOuterFolderLeavesTheInnerOneAlone() throws {
        let test = try library()
        try test.turn([.leftOut(test.path(".own"), count: 2)])
        try test.turn(try scanOfOuter(test))
        #expect(Set(test.indexed) == ["a.wav", "kit/b.wav", ".own/c.wav"])
        #expect(try test.catalog.read { try $0.leftOutCount() } == 2)
    }

    @Test func anOuterFolderThatIsAwayTakesTheInnerOneNowhere() throws {
        let test = try library()
        try test.turn([test.offline])
        let away = test.index.ids.compactMap { test.index.file($0) }.filter(\.isOffline)
        #expect(away.count == 2)
        #expect(try test.file(".own/c.wav")?.isOffline == false)
    }

    @Test func theInnerFolderIsOwedAScanOfItsOwn() throws {
        let test = try library()
        let both: Set<FilePath> = [test.root, test.path(".own")]
        test.state.folders.requireScans(of: both)
        try test.turn(try scanOfOuter(test))
        #expect(test.state.folders.pendingScans == [test.path(".own")])
        try test.turn(try scanOfInner(test))
        #expect(test.state.folders.pendingScans.isEmpty)
        test.state.folders.requireScans(of: both)
        try test.turn([.continued(test.status())])
        #expect(test.state.folders.pendingScans == [test.path(".own")])
    }

    @Test func theInnerFolderThatIsRemovedLeavesNothing() throws {
        let test = try library()
        try test.turn([.leftOut(test.path(".own"), count: 2)])
        try test.turn { try $0.keepOnly([test.root]) }
        #expect(Set(test.indexed) == ["a.wav", "kit/b.wav"])
        #expect(try test.catalog.read { try $0.leftOutCount() } == 0)
        #expect(test.state.forgetting == nil)
    }

    @Test func soItDoesIfThatIsSeenAtTheNextStart() throws {
        let test = try library()
        test.state = IngestState()
        try test.turn { try $0.keepOnly([test.root]) }
        #expect(Set(test.indexed) == ["a.wav", "kit/b.wav"])
    }

    @Test func theOuterFolderThatIsRemovedLeavesTheInnerOne() throws {
        let test = try library()
        try test.turn { try $0.keepOnly([test.path(".own")]) }
        #expect(test.indexed == [".own/c.wav"])
        try test.turn { try $0.keepOnly([]) }
        #expect(test.indexed == [])
    }

    @Test func aFolderInAHoleStays() throws {
        let test = try library()
        try test.makeFolder(".own/deep")
        try test.write("7 7", to: ".own/deep/d.wav")
        guard case .listed(var listing) = try test.listed(".own/deep") else { return }
        listing.root = test.path(".own")
        try test.turn([.listed(listing)])
        try test.work()
        try test.turn { try $0.addFolder(test.path(".own/deep")) }
        try test.turn { try $0.keepOnly([test.root, test.path(".own/deep")]) }
        #expect(Set(test.indexed) == ["a.wav", "kit/b.wav", ".own/deep/d.wav"])
    }

    @Test func aPartIsNotTrustedForWhatItWasOnItsOwn() throws {
        let test = try TestLibrary()
        try test.makeFolder("kit")
        try test.write("1 3", to: "kit/b.wav")
        // First the inner folder alone, then the one around it.
        try test.turn { try $0.keepOnly([test.path("kit")]) }
        try test.turn([.folder(status(test, "kit"))])
        #expect(test.state.folders.roots[test.path("kit")] != nil)
        try test.turn { try $0.addFolder(test.root) }
        #expect(test.state.folders.roots[test.path("kit")] == nil)
        // What the watcher says of it before it has heard counts no more.
        try test.turn([.folder(status(test, "kit"))])
        #expect(test.state.folders.roots[test.path("kit")] == nil)
        try test.online()
        try test.turn(try test.scan(["kit"]))
        try test.work()
        try test.turn { try $0.keepOnly([test.root]) }
        #expect(test.indexed == ["kit/b.wav"])
        try test.remove("kit/b.wav")
        try test.turn([try test.listed("kit")])
        #expect(test.indexed == [])
    }
}
