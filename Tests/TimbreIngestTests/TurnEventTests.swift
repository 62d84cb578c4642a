import ContentHash
import EventStore
import FolderWatch
import SoundEvents
import SoundFeatures
import TestModels
import Testing
import TimbreIndex
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

/// Which files have events after a turn; that the catalog has the same, ``TestLibrary`` looks after each.
struct TurnEventTests {
    /// Looks that a file has the events of its sound, as they are in the file of events.
    private func expectEvents(
        _ test: TestLibrary, _ name: String, of sound: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = try #require(try test.file(name), sourceLocation: sourceLocation)
        let table = test.library.snapshot.events
        let entry = try #require(table[file.id], sourceLocation: sourceLocation)
        let frames = features(FakeSound(Array(sound.utf8)).axes)
        #expect(entry.content == file.content, sourceLocation: sourceLocation)
        #expect(entry.extent.frameCount == frames.count, sourceLocation: sourceLocation)
        #expect(
            try table.file?.events(at: entry.extent) == SoundEvents(in: frames.bands), sourceLocation: sourceLocation)
    }

    private func hasEvents(_ test: TestLibrary, _ name: String) throws -> Bool {
        let file = try #require(try test.file(name))
        return test.library.snapshot.events[file.id] != nil
    }

    @Test func aLongSoundHasEventsAfterItsTurnAndAShortOneHasNone() throws {
        let test = try TestLibrary()
        try test.add(longSound(1), to: "long.wav")
        try test.add("1 2 3", to: "short.wav")
        try test.add("!damaged", to: "none.wav")
        try expectEvents(test, "long.wav", of: longSound(1))
        #expect(test.library.snapshot.events.entries.count == 1 && test.library.snapshot.events.isComplete)
    }

    @Test func aCopyHasTheSameEventsUnderItsOwnNumber() throws {
        let test = try TestLibrary()
        for name in ["a.wav", "b.wav"] { try test.add(longSound(1), to: name) }
        for name in ["a.wav", "b.wav"] { try expectEvents(test, name, of: longSound(1)) }
        let entries = test.library.snapshot.events.entries
        #expect(entries.count == 2 && entries[0].extent == entries[1].extent && test.state.decodedCount == 1)
    }

    @Test func eventsFollowAFileThatIsRenamedGoesAwayAndIsDeleted() throws {
        let test = try TestLibrary()
        let file = try test.add(longSound(1), to: "a.wav")
        try test.move("a.wav", to: "b.wav")
        try test.turn([.moved(from: test.path("a.wav"), to: test.path("b.wav"), isDirectory: false)])
        try expectEvents(test, "b.wav", of: longSound(1))
        try test.turn([test.offline])
        #expect(test.index.file(file.id)?.isOffline == true)
        try expectEvents(test, "b.wav", of: longSound(1))
        try test.online()
        try test.turn(try test.scan())
        try test.work()
        try test.remove("b.wav")
        try test.turn([.gone(test.path("b.wav"), isDirectory: false)])
        #expect(test.library.snapshot.events.entries.isEmpty)
        // What was learnt is kept, and is there at once when the sound comes again.
        try test.add(longSound(1), to: "c.wav")
        try expectEvents(test, "c.wav", of: longSound(1))
        #expect(test.state.decodedCount == 1)
    }

    @Test("A file has the events of what it holds now", arguments: [longSound(2), "1 2", "!damaged"])
    func holdsSomethingElse(sound: String) throws {
        let test = try TestLibrary()
        try test.add(longSound(1), to: "a.wav")
        try test.add(sound, to: "a.wav")
        if sound == longSound(2) { try expectEvents(test, "a.wav", of: sound) }
        #expect(test.library.snapshot.events.entries.count == (sound == longSound(2) ? 1 : 0))
    }

    /// Writes a file anew, and has a worker say of it what is made of its extraction.
    private func rewrite(
        _ test: TestLibrary, _ name: String, _ sound: String, _ answer: (Extraction) -> WorkerOutcome.Result
    ) throws {
        let path = try test.write(sound, to: name)
        try test.turn([.settled(path)])
        var finding = try #require(try test.nextFinding())
        guard case .extracted(let extraction) = FakeSound(Array(sound.utf8)).answer(hashOnly: false) else { return }
        finding.result = .answer(answer(extraction))
        try test.turn([], [finding])
    }

    @Test("Other tags change nothing", arguments: [false, true])
    func otherTags(hasCopy: Bool) throws {
        let test = try TestLibrary()
        let file = try test.add(longSound(1), to: "a.wav")
        if hasCopy { try test.add(longSound(1), to: "b.wav") }
        try rewrite(test, "a.wav", longSound(1) + " ") { .sameAudio($0.content, size: $0.size) }
        #expect(try test.file("a.wav")?.id == file.id)
        #expect(try (test.file("a.wav")?.content == file.content) == !hasCopy)
        try expectEvents(test, "a.wav", of: longSound(1))
        if hasCopy { try expectEvents(test, "b.wav", of: longSound(1)) }
    }

    @Test("Nor do they where the sound is decoded again", arguments: [false, true])
    func otherTagsAreDecoded(keepsEvents: Bool) throws {
        let test = try TestLibrary()
        let heard = { (extraction: Extraction) -> WorkerOutcome.Result in
            var same = extraction
            same.info.audio = AudioHash(bytes: Array(repeating: 7, count: 16))
            return .extracted(same)
        }
        try rewrite(test, "a.wav", longSound(1), heard)
        let file = try #require(try test.file("a.wav"))
        test.keepsEvents = keepsEvents
        try rewrite(test, "a.wav", longSound(1) + " ", heard)
        #expect(try test.file("a.wav")?.id == file.id)
        #expect(try test.file("a.wav")?.content != file.content)
        // If those of the other content could not be kept, it has none: the ones before are another content's.
        if keepsEvents { try expectEvents(test, "a.wav", of: longSound(1)) }
        #expect(try hasEvents(test, "a.wav") == keepsEvents)
        #expect(test.library.snapshot.events.isComplete == keepsEvents)
    }

    @Test func whatWasLearntWithoutEventsIsToGetThemWhenItComesAgain() throws {
        let test = try TestLibrary()
        test.keepsEvents = false
        try test.add(longSound(1), to: "a.wav")
        try test.remove("a.wav")
        try test.turn([.gone(test.path("a.wav"), isDirectory: false)])
        // Nothing on disk lacks any now.
        test.library.noteEvents(areComplete: true)
        try test.add("1 2", to: "b.wav")
        #expect(test.library.snapshot.events.isComplete)
        try test.add(longSound(1), to: "c.wav")
        #expect(try test.state.decodedCount == 2 && !hasEvents(test, "c.wav"))
        #expect(!test.library.snapshot.events.isComplete)
    }
}
