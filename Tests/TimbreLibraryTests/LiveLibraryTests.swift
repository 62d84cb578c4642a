import EventStore
import TestModels
import Testing
import TimbreIndex

@testable import TimbreLibrary

struct LiveLibraryTests {
    private func entry(_ file: Int64, _ content: Int64 = 1) -> EventTable.Entry {
        EventTable.Entry(
            file: file, content: content, extent: EventExtent(position: 64 * content, eventCount: 3, frameCount: 90))
    }

    private func library(_ entries: [EventTable.Entry] = []) throws -> LiveLibrary {
        LiveLibrary(
            LibrarySnapshot(
                index: TimbreIndex(), generation: Generation(id: 1, model: try smallModel()),
                events: EventTable(in: nil, entries)))
    }

    @Test func theLastThatIsSaidOfAFileCounts() throws {
        let library = try library([entry(1), entry(2), entry(4)])
        let before = library.snapshot
        library.apply(
            [
                .events(entry(3)), .remove(3), .events(entry(2, 7)), .rename(4, directory: 1, name: [97]), .remove(1),
                .offline([4], true), .events(entry(9)), .withoutEvents(9), .remove(6), .events(entry(5)),
            ], isComplete: true)
        #expect(library.snapshot.events.entries == [entry(2, 7), entry(4), entry(5)])
        // Who has asked already goes on with what there was.
        #expect(before.events.entries == [entry(1), entry(2), entry(4)])
    }

    @Test func anotherModelAndFurtherTurnsLeaveEventsAsTheyAre() throws {
        let library = try library([entry(1)])
        library.noteEvents(areComplete: true)
        library.swap(TimbreIndex(), Generation(id: 2, model: try smallModel(9)))
        library.apply([], isComplete: true)
        library.apply([.events(entry(2))], isComplete: false)
        #expect(library.snapshot.events.entries == [entry(1), entry(2)])
        #expect(library.snapshot.events.isComplete && library.snapshot.generation.id == 2)
        library.noteEvents(areComplete: false)
        #expect(!library.snapshot.events.isComplete)
    }
}
