import FolderWatch
import Platform
import SystemPackage
import TestFiles
import Testing
import TimbreIndex
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

struct RebasingTests {
    /// A library of which the folder `old` lies in the watched folder.
    private func library() throws -> TestLibrary {
        let test = try TestLibrary()
        for folder in ["old", "old/deep", "older", "new"] { try test.makeFolder(folder) }
        try test.add("1 2", to: "old/a.wav")
        try test.add("2 3", to: "old/deep/b.wav")
        try test.add("3 4", to: "older/c.wav")
        return test
    }

    private func rebase(_ test: TestLibrary, _ old: String, _ new: String) throws {
        try test.turn { turn in try Rebasing(from: test.path(old), to: test.path(new)).apply(in: turn) }
    }

    @Test func filesKeepTheirNumbersAndNothingIsRead() throws {
        let test = try library()
        let before = test.index.ids
        try test.move("old", to: "moved")
        try rebase(test, "old", "moved")
        #expect(test.index.ids == before)
        #expect(test.indexed.sorted() == ["moved/a.wav", "moved/deep/b.wav", "older/c.wav"])
        try test.turn(try test.scan(["moved", "moved/deep", "older", "new"]))
        #expect(try test.work().isEmpty)
        #expect(test.state.decodedCount == 3)
    }

    @Test func onADifferentDiskFilesAreHashedAndNotDecoded() throws {
        let test = try library()
        try test.makeFolder("disk")
        try test.makeFolder("disk/deep")
        try test.write("1 2", to: "disk/a.wav")
        try test.write("2 3", to: "disk/deep/b.wav")
        for name in ["old/a.wav", "old/deep/b.wav"] { try test.remove(name) }
        try rebase(test, "old", "disk")
        try test.turn(try test.scan(["disk", "disk/deep", "old", "old/deep", "older", "new"]))
        try test.work()
        #expect(test.indexed.sorted() == ["disk/a.wav", "disk/deep/b.wav", "older/c.wav"])
        #expect(test.state.decodedCount == 3 && test.state.recognizedCount == 2)
    }

    @Test func whatIsKnownAtTheNewPlaceBecomesOneWithIt() throws {
        let test = try library()
        let known = try #require(try test.file("old/a.wav"))
        let there = try test.add("1 2", to: "new/a.wav")
        let more = try test.add("7", to: "new/more.wav")
        #expect(there.content == known.content)
        try rebase(test, "old", "new")
        #expect(try test.file("new/a.wav")?.id == known.id)
        #expect(try test.file("new/a.wav")?.identity == there.identity)
        #expect(try test.file("new/more.wav")?.id == more.id)
        #expect(test.indexed.sorted() == ["new/a.wav", "new/deep/b.wav", "new/more.wav", "older/c.wav"])
        #expect(try test.catalog.read { try $0.directories(under: test.path("old")) }.isEmpty)
    }

    @Test func anArchiveTakesItsMembersAlongAndTheyAreThereAsItIs() throws {
        let test = try library()
        let archive = try test.addArchive(["k/x.wav:5", "y.wav:6"], to: "old/pack.zip")
        let members = try ["k/x.wav", "y.wav"].map { try test.file("old/pack.zip/" + $0)?.id }
        try test.addArchive(["k/x.wav:5", "y.wav:6"], to: "new/pack.zip")
        Disk.remove(test.path("old/pack.zip"))
        try test.turn([.unreadable(test.path("old"), reason: "permission denied")])
        #expect(try test.file("old/pack.zip/y.wav")?.isOffline == true)
        try rebase(test, "old", "new")
        #expect(try test.file("new/pack.zip")?.id == archive.id)
        #expect(try ["k/x.wav", "y.wav"].map { try test.file("new/pack.zip/" + $0)?.id } == members)
        #expect(try test.file("new/pack.zip/y.wav")?.isOffline == false)
        try test.turn(try test.scan(["new", "older"]))
        try test.workArchives()
        #expect(Set(test.indexed).isSuperset(of: ["new/pack.zip/k/x.wav", "new/pack.zip/y.wav"]))
        #expect(test.state.decodedCount == 5)
    }

    @Test func anotherSoundOfTheNameIsAConflictAndNothingHappens() throws {
        let test = try library()
        try test.add("9", to: "new/a.wav")
        let conflict = #expect(throws: Rebasing.Conflict.self) { try rebase(test, "old", "new") }
        #expect(conflict?.path == test.path("new/a.wav"))
        #expect(test.indexed.sorted() == ["new/a.wav", "old/a.wav", "old/deep/b.wav", "older/c.wav"])
    }

    @Test func aFileThatIsNotReadYetIsAConflict() throws {
        let test = try library()
        try test.write("1 2", to: "new/a.wav")
        try test.turn([.settled(test.path("new/a.wav"))])
        let conflict = #expect(throws: Rebasing.Conflict.self) { try rebase(test, "old", "new") }
        #expect(conflict?.reason.contains("not read yet") == true)
    }

    @Test func filesThatWereAwayAreBackWhereTheOtherOneIs() throws {
        let test = try library()
        let file = try #require(try test.file("old/a.wav"))
        try test.add("1 2", to: "new/a.wav")
        try test.turn([.unreadable(test.path("old"), reason: "not permitted")])
        #expect(try test.file("old/a.wav")?.isOffline == true)
        try rebase(test, "old", "new")
        #expect(try test.file("new/a.wav").map { ($0.id, $0.isOffline) } ?? (0, true) == (file.id, false))
        #expect(test.index.file(file.id)?.isOffline == false)
    }

    @Test func aWatchedFolderIsKnownByWhatItWas() throws {
        let test = try TestLibrary()
        try test.add("1 2", to: "a.wav")
        let before = try test.catalog.read { try $0.folders() }
        let moved = test.folder.path.appending("elsewhere")
        try test.turn { turn in
            try Rebasing(from: test.root, to: moved).apply(in: turn)
            try turn.keepOnly([moved])
        }
        let after = try test.catalog.read { try $0.folders() }
        #expect(after.map(\.path) == [moved])
        #expect(after.map(\.inode) == before.map(\.inode))
        #expect(try test.catalog.read { try $0.file(at: moved.appending("a.wav")) } != nil)
    }
}
