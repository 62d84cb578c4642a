import FolderWatch
import Platform
import SoundFeatures
import SystemPackage
import Testing
import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

struct TurnTests {
    @Test func aListingGivesEachFileANumberInTheOrderOfTheNames() throws {
        let test = try TestLibrary()
        for name in ["c.wav", "a.wav", "b.wav"] { try test.write("1 \(name.count)", to: name) }
        try test.turn([try test.listed()])
        let files = try test.catalog.read { try $0.files(in: .pending) }
        #expect(files.map(\.name) == ["a.wav", "b.wav", "c.wav"].map { Array($0.utf8) })
        #expect(try test.work() == files.map(\.id))
        #expect(test.indexed == ["a.wav", "b.wav", "c.wav"])
    }

    @Test func aNewFileIsIndexedWhenItIsFinished() throws {
        let test = try TestLibrary()
        let path = try test.write("1 2 -", to: "bell.wav")
        try test.turn([.pending(path)])
        #expect(try test.file("bell.wav")?.state == .pending)
        #expect(test.state.waiting.isEmpty)
        try test.turn([.settled(path)])
        try test.work()
        let file = try #require(try test.file("bell.wav"))
        #expect(file.state == .indexed)
        #expect(test.index.file(file.id)?.spans.map(\.code.bits) == [[1, 2]])
        let id = try #require(file.content)
        let content = try #require(try test.catalog.read { try $0.content(id) })
        #expect(content.soundingCount == 2 && content.featureCount == 3)
        #expect(test.state.decodedCount == 1)
        #expect(test.library.snapshot.isComplete == false)
        try test.turn(try test.scan())
        #expect(test.library.snapshot.isComplete)
    }

    @Test func copiesCostNoDecoding() throws {
        let test = try TestLibrary()
        let first = try test.add("1 2 3", to: "first.wav")
        let copy = try test.add("1 2 3", to: "copy.wav")
        #expect(copy.content == first.content)
        #expect((test.state.decodedCount, test.state.recognizedCount) == (1, 1))
        #expect(test.indexed == ["first.wav", "copy.wav"])
    }

    @Test func aSoundOfAKnownSizeIsDecodedWhenItsBytesAreNew() throws {
        let test = try TestLibrary()
        try test.add("1 2 3", to: "first.wav")
        try test.add("1 2 4", to: "second.wav")
        #expect((test.state.decodedCount, test.state.recognizedCount) == (2, 0))
        #expect(test.indexed == ["first.wav", "second.wav"])
    }

    @Test(
        "A file that fails is listed with the reason",
        arguments: [
            ("!damaged", FileState.failed, ExtractionFailure.Reason.damaged, true),
            ("!empty", .failed, .empty, true), ("!long", .skipped, .outOfLimits, false),
            ("!unreadable", .failed, .unreadable, false), ("!crash", .failed, .crashed, false),
        ])
    func failures(sound: String, state: FileState, reason: ExtractionFailure.Reason, isKept: Bool) throws {
        let test = try TestLibrary()
        let file = try test.add(sound, to: "bad.wav")
        #expect(file.state == state)
        #expect(file.failure?.reason == reason)
        #expect((file.content != nil) == isKept)
        #expect(test.indexed.isEmpty && test.state.waiting.isEmpty)
        let asked = test.state.decodedCount + test.state.recognizedCount
        let copy = try test.add(sound, to: "copy.wav")
        #expect(copy.failure?.reason == reason)
        #expect(test.state.decodedCount + test.state.recognizedCount == asked + (isKept ? 1 : 0))
    }

    @Test func aWorkerThatDiesOnceMayHaveDiedByChance() throws {
        let test = try TestLibrary()
        let path = try test.write("!crash", to: "bad.wav")
        try test.turn([.settled(path)])
        try test.turn([], [try #require(try test.nextFinding())])
        #expect(try test.file("bad.wav")?.state == .pending)
        #expect(test.state.waiting.count == 1)
        try test.turn([], [try #require(try test.nextFinding())])
        let file = try #require(try test.file("bad.wav"))
        #expect((file.state, file.tries) == (.failed, 2))
        #expect(test.state.waiting.isEmpty)
    }

    @Test func whatHasNotChangedIsNotReadAgain() throws {
        let test = try TestLibrary()
        let file = try test.add("1 2", to: "bell.wav")
        let turn = try test.turn([.settled(test.path("bell.wav")), try test.listed()])
        #expect(test.state.waiting.isEmpty && turn.edits.isEmpty)
        #expect(try test.file("bell.wav") == file)
    }

    @Test func anotherSoundUnderTheNameIsAYoungerFileAndTheOldOneIsKept() throws {
        let test = try TestLibrary()
        let old = try test.add("1 2", to: "a.wav")
        try test.add("3", to: "b.wav")
        let new = try test.add("4 5 6", to: "a.wav")
        #expect(new.id > old.id && new.content != old.content)
        #expect(test.indexed == ["b.wav", "a.wav"])
        let orphans = try test.catalog.read { try $0.orphans() }
        #expect(orphans.map(\.id) == [old.content] && orphans.map(\.lastPath) == [test.path("a.wav").bytes])
        try test.add("1 2", to: "c.wav")
        #expect(test.state.decodedCount == 3)
    }

    @Test func aTouchedFileWithTheSameBytesStaysTheFileThatItWas() throws {
        let test = try TestLibrary()
        let old = try test.add("1 2", to: "a.wav")
        try test.remove("a.wav")
        let new = try test.add("1 2", to: "a.wav")
        #expect(new.id == old.id && new.content == old.content)
        #expect(test.state.decodedCount == 1)
    }

    @Test func aSoundThatIsBrokenLaterLeavesTheIndex() throws {
        let test = try TestLibrary()
        let old = try test.add("1 2", to: "a.wav")
        let new = try test.add("!damaged", to: "a.wav")
        #expect(new.state == .failed && test.indexed.isEmpty)
        #expect(try test.catalog.read { try $0.orphans().map(\.id) } == [old.content])
    }

    @Test func aFileThatChangesWhileItIsReadIsReadAgain() throws {
        let test = try TestLibrary()
        try test.turn([.settled(try test.write("1", to: "a.wav"))])
        var finding = try #require(try test.nextFinding())
        finding.hasChanged = true
        try test.turn([], [finding])
        #expect(try test.file("a.wav")?.state == .pending)
        #expect(try test.work().isEmpty)
        test.state.waiting.wake(at: test.now + .seconds(1))
        try test.work()
        #expect(test.indexed == ["a.wav"])
    }

    @Test("A file that looks unfinished is waited for while it is young", arguments: ["~ 1 2", "!damaged", "!empty"])
    func waitsForTheUnfinished(sound: String) throws {
        let test = try TestLibrary()
        let path = try test.write(sound, to: "a.wav")
        test.time = Double(try #require(FileIdentity(of: path)).modified) / 1e9 + 0.5
        try test.turn([.settled(path)])
        try test.work()
        #expect(try test.file("a.wav")?.state == .pending)
        let next = try #require(test.state.waiting.nextDeferred)
        #expect(next > test.now + .seconds(1) && next < test.now + .seconds(2))
        test.time += 2
        test.state.waiting.wake(at: next)
        try test.work()
        #expect(try test.file("a.wav")?.state == (sound.hasPrefix("~") ? .indexed : .failed))
        #expect(test.state.waiting.isEmpty)
    }
}
