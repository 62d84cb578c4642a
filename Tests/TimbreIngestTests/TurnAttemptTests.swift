import FolderWatch
import SystemPackage
import TestFiles
import Testing
import TimbreStore

@testable import TimbreIngest

struct TurnAttemptTests {
    /// The files that would be suspect if the machine went down now.
    private func suspects(_ test: TestLibrary) throws -> [Int64] {
        try test.catalog.write { try $0.takeSuspects(boot: "next").map(\.file) }
    }

    /// A library with one file whose attempt is noted, as it is before it goes to a worker.
    private func noted(_ sound: String = "1 2") throws -> (TestLibrary, Int64) {
        let test = try TestLibrary()
        let path = try test.write(sound, to: "a.wav")
        try test.turn([.settled(path)])
        let id = try #require(try test.file("a.wav")?.id)
        try test.turn { try $0.writer.noteAttempt(on: id, boot: "this") }
        #expect(try suspects(test) == [id])
        return (test, id)
    }

    @Test("An answer ends an attempt", arguments: ["1 2", "!damaged", "!long", "!unreadable", "!crash"])
    func answersEndAttempts(sound: String) throws {
        let (test, _) = try noted(sound)
        try test.work()
        #expect(try suspects(test).isEmpty)
    }

    @Test func aFileThatTurnsOutUnchangedIsNotSuspect() throws {
        let (test, id) = try noted()
        try test.work()
        test.state.enqueue(id, path: test.path("a.wav"), isUrgent: true)
        try test.turn { try $0.writer.noteAttempt(on: id, boot: "this") }
        #expect(try test.work() == [id])
        #expect(try suspects(test).isEmpty)
    }

    @Test func aFileWhoseFolderGoesIsNotSuspect() throws {
        let (test, _) = try noted()
        try test.turn([test.offline])
        #expect(try suspects(test).isEmpty)
    }

    @Test func aFileThatIsNotThereIsNotSuspect() throws {
        let (test, _) = try noted()
        try test.remove("a.wav")
        try test.work()
        #expect(try suspects(test).isEmpty)
    }

    @Test func aSuspectIsTriedOnceMoreAndThenLeftAlone() throws {
        let (test, id) = try noted()
        let file = try #require(try test.file("a.wav"))
        try test.turn { try Attempts(turn: $0).resume(file, suspicions: 1) }
        #expect(test.state.waiting.entries[id]?.isUrgent == true)
        try test.turn { try Attempts(turn: $0).resume(file, suspicions: 2) }
        #expect(try test.file("a.wav")?.state == .failed)
        #expect(try suspects(test).isEmpty)
        try test.turn { _ = try Attempts(turn: $0).retry([file]) }
        try test.work()
        #expect(test.indexed == ["a.wav"])
    }

    @Test func aFileThatWorkersDiedOfWaitsForAChangeOrARetry() throws {
        let test = try TestLibrary()
        let file = try test.add("!crash", to: "a.wav")
        #expect(file.state == .failed && file.tries == 2)
        try test.turn([.settled(test.path("a.wav")), try test.listed()])
        #expect(try test.work().isEmpty)
        try test.turn { _ = try Attempts(turn: $0).retry([file]) }
        // Both tries are its own again.
        #expect(try test.work() == [file.id, file.id])
        #expect(try test.file("a.wav")?.state == .failed)
        try test.write("1 2 3", to: "a.wav")
        try test.turn([.settled(test.path("a.wav"))])
        try test.work()
        #expect(test.indexed == ["a.wav"])
    }

    @Test func aSuspectThatWasIndexedLeavesTheIndexButNotItsCopies() throws {
        let test = try TestLibrary()
        let file = try test.add("1 2", to: "a.wav")
        try test.add("1 2", to: "copy.wav")
        try test.turn { try Attempts(turn: $0).resume(file, suspicions: 2) }
        #expect(test.indexed == ["copy.wav"])
        let failed = try #require(try test.file("a.wav"))
        try test.turn { _ = try Attempts(turn: $0).retry([failed]) }
        #expect(test.indexed == ["copy.wav"])
        try test.work()
        #expect(test.indexed.sorted() == ["a.wav", "copy.wav"])
    }

    @Test func whatEarlierDecodersDidNotKnowIsTriedOnceMore() throws {
        let test = try TestLibrary()
        for name in ["a.wav", "copy.wav"] { try test.add("!unsupported", to: name) }
        try test.add("!damaged", to: "b.wav")
        let start = IngestStart(folders: [test.folder.path.appending("samples")], haveAllAnswered: true)
        func failed() throws -> Int { try test.catalog.read { try $0.fileCounts().failed } }
        #expect(try failed() == 3)
        try test.turn { try start.open($0, boot: "1") }
        #expect(try failed() == 1)
        try test.work()
        #expect(try failed() == 3)
        try test.turn { try start.open($0, boot: "1") }
        #expect(try failed() == 3)
    }

    @Test func whatWasTriedWithoutSuccessIsTriedAgainWithItsCopies() throws {
        let test = try TestLibrary()
        for name in ["a.wav", "b.wav"] { try test.add("!damaged", to: name) }
        let failed = try #require(try test.file("b.wav"))
        try test.turn { turn throws in #expect(try Attempts(turn: turn).retry([failed]) == 2) }
        #expect(try test.catalog.read { try $0.contentCount() } == 0)
        #expect(try test.work().count == 2)
        #expect(try test.catalog.read { try $0.fileCounts().failed } == 2)
    }
}
