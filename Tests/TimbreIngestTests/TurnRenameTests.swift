import FolderWatch
import Platform
import SystemPackage
import Testing
import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

struct TurnRenameTests {
    @Test func aFileThatIsRenamedStaysTheFileThatItWas() throws {
        let test = try TestLibrary()
        let file = try test.add("1 2", to: "a.wav")
        try test.move("a.wav", to: "b.wav")
        try test.turn([.moved(from: test.path("a.wav"), to: test.path("b.wav"), isDirectory: false)])
        try test.turn([.settled(test.path("b.wav"))])
        // A rename changes the file's own time of change: it is hashed, and not decoded.
        try test.work()
        #expect(test.state.decodedCount == 1)
        #expect(try test.file("b.wav")?.id == file.id)
        #expect(test.indexed == ["b.wav"])
    }

    @Test func aFileThatIsRewrittenAndGivenItsOldTimeIsReadAgain() throws {
        let test = try TestLibrary()
        var before = try test.add("1 2", to: "a.wav")
        try test.write("2 1", to: "a.wav")
        // As if the time of the content had been set back: only that of the change tells.
        before.identity = try #require(FileIdentity(of: test.path("a.wav")))
        before.identity.changed -= 1
        try test.catalog.write { try $0.update(before) }
        try test.turn([.settled(test.path("a.wav"))])
        try test.work()
        #expect(try test.file("a.wav")?.content != before.content)
    }

    @Test func aFileThatIsRenamedOntoAnotherReplacesIt() throws {
        let test = try TestLibrary()
        let replaced = try test.add("1", to: "a.wav")
        let moved = try test.add("2", to: "b.wav")
        try test.move("b.wav", to: "a.wav")
        try test.turn([.moved(from: test.path("b.wav"), to: test.path("a.wav"), isDirectory: false)])
        #expect(try test.file("a.wav")?.id == moved.id)
        #expect(test.indexed == ["a.wav"])
        #expect(try test.catalog.read { try $0.orphans().map(\.id) } == [replaced.content])
    }

    @Test func aDirectoryTakesItsFilesAlong() throws {
        let test = try TestLibrary()
        for folder in ["kit", "kit/deep", "kits"] { try test.makeFolder(folder) }
        let files = try ["kit/a.wav", "kit/deep/b.wav", "kits/c.wav"].map { try test.add("\($0.count)", to: $0) }
        try test.move("kit", to: "drums")
        try test.turn([.moved(from: test.path("kit"), to: test.path("drums"), isDirectory: true)])
        #expect(test.index.ids == files.map(\.id))
        #expect(test.indexed == ["drums/a.wav", "drums/deep/b.wav", "kits/c.wav"])
        try test.turn(try test.scan(["drums", "drums/deep", "kits"]))
        #expect(try test.work().isEmpty)
        #expect(test.index.ids == files.map(\.id))
    }

    @Test func aDirectoryMayTakeThePlaceOfOneWhoseFilesAreGone() throws {
        let test = try TestLibrary()
        for folder in ["old", "new"] { try test.makeFolder(folder) }
        try test.add("1", to: "old/a.wav")
        let kept = try test.add("2", to: "new/a.wav")
        try test.remove("old/a.wav")
        try test.move("new", to: "old")
        try test.turn([.moved(from: test.path("new"), to: test.path("old"), isDirectory: true)])
        #expect(try test.file("old/a.wav")?.id == kept.id)
        #expect(test.indexed == ["old/a.wav"])
    }

    @Test func aFileThatIsRenamedWhileItWaitsIsFoundUnderItsNewName() throws {
        let test = try TestLibrary()
        try test.turn([.settled(try test.write("1 2", to: "a.wav"))])
        let id = try #require(try test.file("a.wav")?.id)
        // Handed out under the old name, which is not there any more.
        let handed = Finding(
            file: id, result: .unopened(nil),
            identity: FileIdentity(size: 0, modified: 0, changed: 7, device: 0, inode: 0),
            hasChanged: false)
        _ = try test.nextFinding()
        try test.move("a.wav", to: "b.wav")
        try test.turn(
            [.moved(from: test.path("a.wav"), to: test.path("b.wav"), isDirectory: false)], [handed])
        #expect(try test.work() == [id])
        #expect(test.indexed == ["b.wav"])
    }

    @Test func anotherFileThatTakesTheNameWhileTheFirstIsReadIsReadToo() throws {
        let test = try TestLibrary()
        try test.turn([.settled(try test.write("1 2", to: "a.wav"))])
        let first = try #require(try test.nextFinding())
        try test.write("3 4 5", to: "other")
        try test.move("other", to: "a.wav")
        try test.turn([.settled(test.path("a.wav"))])
        // The worker's file is the old one, still open, and has not changed.
        try test.turn([], [first])
        try test.work()
        let file = try #require(try test.file("a.wav"))
        #expect(test.index.file(file.id)?.spans.map(\.code.bits) == [[3, 4, 5]])
        #expect(test.state.waiting.isEmpty)
    }

    @Test func newsThatIsNoneWhileAFileIsReadCostsNothing() throws {
        let test = try TestLibrary()
        try test.turn([.settled(try test.write("1 2", to: "a.wav"))])
        let first = try #require(try test.nextFinding())
        try test.turn([.settled(test.path("a.wav")), try test.listed()])
        try test.turn([], [first])
        #expect(test.state.waiting.isEmpty)
        #expect(test.indexed == ["a.wav"])
    }
}
