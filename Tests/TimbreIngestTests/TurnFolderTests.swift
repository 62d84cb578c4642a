import FolderWatch
import Platform
import SoundFeatures
import SystemPackage
import Testing
import TimbreIndex
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

struct TurnFolderTests {
    /// A library of `a.wav`, `kit/b.wav` and `kit/deep/c.wav`, indexed in this order.
    private func library() throws -> TestLibrary {
        let test = try TestLibrary()
        for folder in ["kit", "kit/deep"] { try test.makeFolder(folder) }
        for name in ["a.wav", "kit/b.wav", "kit/deep/c.wav"] { try test.add("\(name.count % 12) 3", to: name) }
        try test.turn(try test.scan(["kit", "kit/deep"]))
        return test
    }

    private func offline(_ test: TestLibrary) -> [Bool] { test.index.ids.compactMap { test.index.file($0)?.isOffline } }

    @Test func aFileThatIsDeletedIsForgottenAndWhatItHeldIsKept() throws {
        let test = try library()
        let file = try #require(try test.file("kit/b.wav"))
        try test.remove("kit/b.wav")
        try test.turn([.gone(test.path("kit/b.wav"), isDirectory: false)])
        #expect(test.indexed == ["a.wav", "kit/deep/c.wav"])
        let orphans = try test.catalog.read { try $0.orphans() }
        #expect(orphans.map(\.id) == [file.content])
        #expect(orphans.map(\.lastPath) == [test.path("kit/b.wav").bytes])
        let decoded = test.state.decodedCount
        try test.add("9 3", to: "kit/b.wav")
        #expect(test.state.decodedCount == decoded)
        #expect(test.indexed == ["a.wav", "kit/deep/c.wav", "kit/b.wav"])
    }

    @Test func aDirectoryThatIsDeletedTakesItsFilesAlong() throws {
        let test = try library()
        try test.turn([.gone(test.path("kit"), isDirectory: true)])
        #expect(test.indexed == ["a.wav"])
    }

    @Test("What a listing does not show is deleted", arguments: [true, false])
    func missingInAListing(isDeep: Bool) throws {
        let test = try library()
        if isDeep { try test.move("kit/deep", to: "../elsewhere") } else { try test.remove("kit/b.wav") }
        try test.turn([try test.listed("kit")])
        #expect(test.indexed == ["a.wav", isDeep ? "kit/b.wav" : "kit/deep/c.wav"])
    }

    @Test func whatALinkLeadsToThatCannotBeFollowedStaysAsItIs() throws {
        let test = try library()
        try test.move("kit", to: "../elsewhere")
        try test.move("a.wav", to: "../a.wav")
        guard case .listed(var listing) = try test.listed() else { return }
        listing.unchanged = [Array("kit".utf8), Array("a.wav".utf8)]
        try test.turn([.scanBegan(test.root), .listed(listing), .scanEnded(test.root, complete: true)])
        #expect(test.indexed == ["a.wav", "kit/b.wav", "kit/deep/c.wav"])
        #expect(offline(test) == [false, false, false])
        try test.turn(try test.scan())
        #expect(test.indexed == [])
    }

    @Test func aFolderThatIsGoneOnWithOwesNoScanNorDoesOneInIt() throws {
        let test = try library()
        test.state.folders.requireScans(of: [test.root, test.path("kit"), "/elsewhere"])
        try test.sync()
        let identity = FolderIdentity(
            device: 1, inode: 7, fileSystem: FileSystemType(rawValue: 0xEF53), fileSystemID: 5)
        try test.turn([.continued(FolderStatus(root: test.root, mode: .inotify, identity: identity, watches: 3))])
        #expect(test.state.folders.pendingScans == ["/elsewhere"])
        #expect(!test.isSynced)
        try test.turn([.scanBegan("/elsewhere"), .scanEnded("/elsewhere", complete: true)])
        #expect(test.isSynced && test.state.isIdle)
    }

    @Test func aSyncDoesNotWaitForWhatSomebodyIsWriting() throws {
        let test = try library()
        let path = try test.write("8 3", to: "take.wav")
        try test.turn([.pending(path)])
        try test.sync(unsettled: [path])
        #expect(!test.isSynced)
        try test.turn([.pending(path)])
        #expect(test.isSynced)
    }

    @Test("Many files that are gone at the start are told of", arguments: [19, 20])
    func vanished(count: Int) throws {
        let test = try TestLibrary()
        try test.makeFolder("kit")
        let names = (0..<count).map { $0 < 5 ? "\($0).wav" : "kit/\($0).wav" }
        for name in names { try test.write("1 \(name.count)", to: name) }
        try test.turn(try test.scan(["kit"]))
        #expect(test.state.folders.roots[test.root]?.vanishedCount == 0)
        for name in names { try test.remove(name) }
        try test.move("kit", to: "../away")
        // As at a start: the folder is owed a scan.
        test.state.folders.requireScans(of: [test.root])
        let turn = try test.turn(try test.scan())
        let told = turn.notes.compactMap { if case .vanished(_, let count) = $0 { count } else { nil } }
        #expect(told == (count < 20 ? [] : [20]))
        // What is deleted afterwards is no news.
        try test.write("1 99", to: "99.wav")
        try test.turn(try test.scan())
        try test.remove("99.wav")
        let next = try test.turn(try test.scan())
        #expect(next.notes.isEmpty && test.state.folders.roots[test.root]?.vanishedCount == count)
    }

    @Test func whatLayOnADiskThatIsNotMountedNowIsOffline() throws {
        let test = try library()
        try test.turn([try test.listed("kit", device: 2), try test.listed("kit/deep", device: 2)])
        for name in ["kit/b.wav", "kit/deep/c.wav"] { try test.move(name, to: "../\(name.count)") }
        try test.turn(try test.scan(["kit"]))
        #expect(offline(test) == [false, true, true])
        for name in ["kit/b.wav", "kit/deep/c.wav"] { try test.move("../\(name.count)", to: name) }
        try test.turn([try test.listed("kit", device: 2), try test.listed("kit/deep", device: 2)])
        try test.work()
        #expect(offline(test) == [false, false, false])
        #expect(test.state.decodedCount == 3)
    }

    @Test func whatIsMissingInAnotherFolderThanTheOneThatWasKnownIsOffline() throws {
        let test = try library()
        let before = test.index.ids
        try test.turn([test.offline])
        try test.online(inode: 8)
        for name in ["a.wav", "kit/b.wav", "kit/deep/c.wav"] { try test.move(name, to: "../\(name.count)") }
        try test.turn(try test.scan(["kit", "kit/deep"]))
        #expect(test.index.ids == before)
        #expect(offline(test) == [true, true, true])
        for name in ["a.wav", "kit/b.wav", "kit/deep/c.wav"] { try test.move("../\(name.count)", to: name) }
        try test.turn(try test.scan(["kit", "kit/deep"]))
        try test.work()
        #expect(offline(test) == [false, false, false])
        #expect(test.state.decodedCount == 3)
    }

    @Test func aFolderThatVanishesIsOfflineAndBackAtNoCost() throws {
        let test = try library()
        let before = test.index.ids
        try test.turn([test.offline])
        #expect(test.index.ids == before)
        #expect(offline(test) == [true, true, true])
        #expect(test.state.isIdle)
        try test.online()
        #expect(!test.state.isIdle)
        try test.turn(try test.scan(["kit", "kit/deep"]))
        #expect(offline(test) == [false, false, false])
        #expect(try test.work().isEmpty && test.state.isIdle)
    }

    @Test func whatAScanDoesNotComeByIsNotThere() throws {
        let test = try library()
        try test.turn([.scanBegan(test.root), try test.listed("kit"), .scanEnded(test.root, complete: true)])
        #expect(test.indexed == ["kit/b.wav"])
    }

    @Test func aScanThatBrokeOffSaysNothing() throws {
        let test = try library()
        try test.turn([.scanBegan(test.root), .scanEnded(test.root, complete: false)])
        #expect(test.indexed.count == 3)
        #expect(test.state.isIdle)
    }

    @Test func whatLiesBelowADirectoryThatCannotBeReadIsOffline() throws {
        let test = try library()
        try test.turn([.unreadable(test.path("kit"), reason: "permission denied")])
        #expect(offline(test) == [false, true, true])
        try test.turn([
            .scanBegan(test.root), try test.listed(), .unreadable(test.path("kit"), reason: "permission denied"),
            .scanEnded(test.root, complete: true),
        ])
        #expect(offline(test) == [false, true, true])
        try test.turn(try test.scan(["kit", "kit/deep"]))
        #expect(offline(test) == [false, false, false])
        #expect(test.state.folders.unreadable.isEmpty)
    }

    @Test func aDirectoryThatCouldNotBeReadIsForgottenWhenItIsDeleted() throws {
        let test = try library()
        try test.turn([.unreadable(test.path("kit/deep"), reason: "permission denied")])
        try test.turn([.gone(test.path("kit"), isDirectory: true)])
        #expect(test.state.folders.unreadable.isEmpty)
    }

    @Test func oneScanWithinAnotherLeavesBothTheirTrails() throws {
        let test = try library()
        // Asked for while the first is under way: the newest goes on first.
        try test.turn([.scanBegan(test.root), try test.listed()])
        try test.turn(try test.scan(["kit", "kit/deep"]))
        #expect(test.indexed.count == 3)
        try test.turn([try test.listed("kit"), try test.listed("kit/deep"), .scanEnded(test.root, complete: true)])
        #expect(test.indexed.count == 3)
        #expect(test.state.isIdle)
    }

    @Test func aFileThatCannotBeOpenedAsItsFolderGoesIsNotForgotten() throws {
        let test = try library()
        let old = try #require(try test.file("a.wav"))
        try test.turn([.settled(try test.write("7 8 9 10", to: "a.wav"))])
        try test.move("a.wav", to: "../away")
        try test.turn([], [try #require(try test.nextFinding())])
        try test.turn([test.offline])
        #expect(try test.file("a.wav")?.id == old.id)
        #expect(try test.file("a.wav")?.isOffline == true)
        #expect(test.state.waiting.isEmpty)
    }

    @Test(
        "An answer that comes after its folder has gone does not bring the file back",
        arguments: [
            "5 6 7", "!crash", "!unreadable",
        ])
    func answersAfterTheFolderHasGone(sound: String) throws {
        let test = try library()
        try test.turn([.settled(try test.write(sound, to: "new.wav"))])
        let finding = try #require(try test.nextFinding())
        try test.turn([test.offline], [finding])
        let file = try #require(try test.file("new.wav"))
        #expect((file.state, file.isOffline) == (.pending, true))
        #expect(test.state.isIdle)
        let decoded = test.state.decodedCount
        try test.online()
        try test.write("5 6 7", to: "new.wav")
        try test.turn(try test.scan(["kit", "kit/deep"]))
        try test.work()
        #expect(try test.file("new.wav")?.state == .indexed)
        #expect(test.state.decodedCount == decoded + (sound == "5 6 7" ? 0 : 1))
    }

    @Test func aFileThatCouldNotBeReadAsItsFolderWentIsReadWhenThatIsBack() throws {
        let test = try library()
        try test.add("!unreadable", to: "new.wav")
        try test.turn([test.offline])
        try test.online()
        try test.turn(try test.scan(["kit", "kit/deep"]))
        #expect(try test.work() == [try #require(try test.file("new.wav")).id])
    }

    @Test func whatComesLateFromAFolderThatIsWatchedNoMoreIsPassedOver() throws {
        let test = try library()
        try test.turn { try $0.keepOnly([]) }
        try test.turn([try test.listed(), .settled(test.path("kit/b.wav")), .pending(test.path("a.wav"))])
        #expect(test.state.waiting.isEmpty)
        #expect(try test.catalog.read { try $0.fileCounts().total } == 0)
        try test.online()
        try test.turn(try test.scan(["kit", "kit/deep"]))
        try test.work()
        #expect(test.indexed.count == 3)
    }
}
