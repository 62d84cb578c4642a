import EventStore
import FolderWatch
import GRDB
import Platform
import SoundEvents
import SystemPackage
import TestFiles
import TestModels
import TestSounds
import Testing
import TimbreIndex
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

/// How sounds get events that came without.
@Suite(.timeLimit(.minutes(10)))
struct EventCareTests {
    private let start = ContinuousClock.now

    /// A library that an earlier version has made: two long sounds, of which one has a copy, and a short one.
    private func oldLibrary() throws -> TestLibrary {
        let test = try TestLibrary()
        test.keepsEvents = false
        for (name, sound) in [("a", longSound(1)), ("b", longSound(2)), ("copy", longSound(1)), ("c", "1 2")] {
            try test.add(sound, to: "\(name).wav")
        }
        #expect(test.library.snapshot.events.entries.isEmpty && !test.library.snapshot.events.isComplete)
        return test
    }

    /// Does some work.
    ///
    /// - Returns: Whether all is done.
    private func work(_ care: inout EventCare, _ test: TestLibrary) throws -> Bool {
        let found = try #require(try care.findSome(test.catalog, test.library.snapshot.events))
        if found.isEmpty { return true }
        try test.turn { try $0.setEvents(found) }
        care.succeeded()
        return false
    }

    private func expectAllHaveEvents(_ test: TestLibrary) throws {
        let table = test.library.snapshot.events
        #expect(table.entries.count == 3)
        for entry in table.entries {
            let bands = try test.catalog.read { try $0.bands(of: entry.content) }
            #expect(try table.file?.events(at: entry.extent) == SoundEvents(in: bands))
            #expect(try test.catalog.read { try $0.file(entry.file)?.content } == entry.content)
        }
    }

    @Test func anOldLibraryGetsItsEventsAndNothingIsDecoded() throws {
        let test = try oldLibrary()
        let decoded = test.state.decodedCount
        var care = EventCare()
        #expect(care.mayWork(at: start))
        while try !work(&care, test) {}
        #expect(!care.mayWork(at: start) && care.next == nil)
        try expectAllHaveEvents(test)
        #expect(test.state.decodedCount == decoded)
    }

    @Test func whatCannotBeKeptIsTriedAgainLessAndLessOften() throws {
        let test = try oldLibrary()
        var care = EventCare()
        try withUnwritable(test.catalog.path.adding("-events")) {
            #expect(throws: Errno.badFileDescriptor) { try work(&care, test) }
        }
        let isNews = [Errno.badFileDescriptor, .badFileDescriptor, .noSpace].map { care.failed($0, at: start) }
        #expect(isNews == [true, false, true])
        #expect(care.next == start + .seconds(40))
        #expect(!care.mayWork(at: start + .seconds(39)) && care.mayWork(at: start + .seconds(40)))
        while try !work(&care, test) {}
        try expectAllHaveEvents(test)
        #expect(care.next == nil)
    }

    @Test func withoutAFileThereIsNothingToDoUntilTheNextStart() throws {
        let test = try oldLibrary()
        var care = EventCare()
        let found = try care.findSome(test.catalog, EventTable())
        #expect(found == nil)
        #expect(!care.mayWork(at: start))
    }

    /// Waits for something that a running ingest does.
    private func wait(until isSo: () throws -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try !isSo() {
            if ContinuousClock.now > deadline { throw Errno.timedOut }
        }
    }

    @Test func ingestFindsThemWhenThereIsNothingElseToDo() throws {
        let test = try oldLibrary()
        let running = try RunningIngest(test)
        try wait { test.library.snapshot.events.isComplete }
        running.stop()
        try expectAllHaveEvents(test)
        #expect(try running.ingest.status.decodedCount == 0 && test.isFresh)
    }

    @Test func whatIsDamagedIsFoundAnewAndSaid() throws {
        let test = try oldLibrary()
        let log = CollectingLog()
        let running = try RunningIngest(test, logger: log.logger)
        try wait { test.library.snapshot.events.isComplete }
        let before = try #require(test.library.snapshot.events.entries.first)
        let copies = test.library.snapshot.events.entries.filter { $0.content == before.content }
        try running.ingest.remakeEvents(of: [before.content, 1_000_000])
        try wait {
            let now = copies.map { test.library.snapshot.events[$0.file] }
            return now.allSatisfy { $0 != nil && $0?.extent != before.extent }
        }
        running.stop()
        try expectAllHaveEvents(test)
        #expect(log.events.count { $0 == "events-damaged" } == 1)
        #expect(try test.isFresh)
    }

    @Test func whatCannotBeKeptIsTakenInWithoutItAndSaidOnce() throws {
        let test = try TestLibrary()
        let log = CollectingLog()
        func write(_ hertz: Double, _ name: String) throws {
            let tone = WaveFile(sine(hertz, count: 60_000, rate: 22_050), rate: 22_050)
            _ = try test.folder.write(tone.bytes, to: "samples/\(name).wav")
        }
        try withUnwritable(test.catalog.path.adding("-events")) {
            let running = try RunningIngest(test, logger: log.logger)
            for (number, name) in ["a", "b", "c"].enumerated() {
                try write(200 + 100 * Double(number), name)
                #expect(try running.finish([test.listed()]))
            }
            running.stop()
        }
        #expect(test.index.fileCount == 3 && test.library.snapshot.events.entries.isEmpty)
        #expect(!test.library.snapshot.events.isComplete)
        #expect(log.events.count { $0 == "events-not-kept" } == 1)
        let running = try RunningIngest(test)
        try wait { test.library.snapshot.events.isComplete }
        running.stop()
        try expectAllHaveEvents(test)
    }

    @Test func whatCannotBeReadIsTriedAgainAfterAWhile() throws {
        let test = try oldLibrary()
        let other = try DatabaseQueue(path: test.catalog.path.string)
        try other.write { try $0.execute(sql: "ALTER TABLE bands RENAME TO others") }
        let running = try RunningIngest(test)
        try wait {
            let timeout = try running.ingest.perform { $0.timeout(at: .now) }
            return timeout.map { $0 > .seconds(5) } ?? false
        }
        running.stop()
        try other.close()
    }

    /// A wait of no time at all would be one that is made again and again.
    @Test func whileThereIsNoTimeForItNothingIsDue() throws {
        let test = try oldLibrary()
        let log = CollectingLog()
        try withUnwritable(test.catalog.path.adding("-events")) {
            let running = try RunningIngest(test, logger: log.logger)
            try wait { log.events.contains("events-not-kept") }
            try running.ingest.pause()
            running.ingest.watcherSaw([.settled(try test.write("3", to: "new.wav"))])
            // The round in which the file was taken in has yet to end.
            try wait {
                try running.ingest.perform { loop in
                    loop.intake.state.waiting.count == 1
                        && loop.timeout(at: .now + .seconds(3600)).map { $0 > .zero } ?? true
                }
            }
        }
    }
}
