import Platform
import SoundEvents
import SystemPackage
import TestBands
import TestFiles
import Testing

@testable import EventStore

struct EventScanTests {
    /// Sounds of all lengths in a file, of which some hold the same events.
    private final class Recordings {
        let folder: TemporaryFolder
        let file: EventFile
        var sounds: [SoundEvents] = []
        var extents: [EventExtent] = []

        init(_ counts: [Int]) throws {
            folder = try TemporaryFolder()
            file = try EventFile(at: folder.path.appending("events"), expected: nil, used: 0)
            var made = MadeUpEvents(seed: 5)
            for count in counts {
                let events = made.events(count)
                extents.append(try file.append(events, frameCount: 25 * count))
                sounds.append(events)
            }
        }

        /// Gives the sounds other numbers.
        func shuffle() {
            var random = RandomBytes(state: 8)
            for place in sounds.indices {
                let other = random.next(below: sounds.count)
                sounds.swapAt(place, other)
                extents.swapAt(place, other)
            }
        }
    }

    /// Looks for a tone, and for noise in two phases. Making templates takes long, and is done once.
    private static let queries = EventScan(
        for: [
            EventQuery(phases: [MadeUpSounds.tone(20, decay: 0.9, seed: 3)]),
            EventQuery(phases: [MadeUpSounds.noise(9, seed: 2), MadeUpSounds.noise(9, seed: 3)]),
        ].compactMap(\.self), count: 0)

    private func scan(_ count: Int) -> EventScan {
        var scan = Self.queries
        scan.count = count
        return scan
    }

    /// The best events of some sounds, query by query.
    private func best(_ count: Int, in sounds: [SoundEvents]) -> [[FoundPlace]] {
        Self.queries.templates.indices.map { Array(places($0, in: sounds).prefix(count)) }
    }

    /// How well each event of some sounds agrees with a query, by the plain definition.
    private func places(_ query: Int, in sounds: [SoundEvents]) -> [FoundPlace] {
        sounds.enumerated().flatMap { number, sound in
            (0..<sound.count).map { event in
                let patch = sound.patches.span.extracting(
                    event * SoundEvents.patchSize..<(event + 1) * SoundEvents.patchSize)
                let cosine = Self.queries.templates[query][Int(sound.shapes[event])].cosines(with: patch)[0]
                return FoundPlace(sound: number, frame: Int(sound.frames[event]), score: cosine)
            }
        }.sorted(by: FoundPlace.isBefore)
    }

    @Test("The best events are those of all events, sorted")
    func areTheBest() throws {
        let test = try Recordings([0, 1, 30, 1024, 1025, 3000, 5, 700, 2, 2, 400])
        test.shuffle()
        let best = best(.max, in: test.sounds)
        #expect(Set(best[0].map(\.score)).count < best[0].count / 2, "many are equal")
        for count in [1, 2, 7, 100, 2048, 10_000] {
            for threads in [1, 3] {
                let found = try scan(count).run(among: test.extents, in: test.file, threads: threads)
                #expect(found.best == best.map { Array($0.prefix(count)) })
                #expect(found.damaged.isEmpty && found.inRanges.isEmpty)
            }
        }
    }

    @Test func onlyTheSoundsThatAreAskedForCount() throws {
        let test = try Recordings([200, 1300, 90, 4, 1100])
        let wanted = [4, 2, 0]
        let sounds = wanted.map { test.sounds[$0] }
        let found = try scan(50).run(among: wanted.map { test.extents[$0] }, in: test.file, threads: 2)
        #expect(found.best == best(50, in: sounds))
    }

    /// As two contents have whose files differ in tags alone.
    @Test func soundsMayHaveTheSameEvents() throws {
        let test = try Recordings([40, 2500, 3])
        let sounds = test.sounds + test.sounds
        let found = try scan(300).run(among: test.extents + test.extents, in: test.file, threads: 2)
        #expect(found.best == best(300, in: sounds))
        #expect(found.damaged.isEmpty)
    }

    @Test("The best event of each range is found, however bad it is", arguments: [1, 3])
    func areTheBestInRanges(threads: Int) throws {
        let test = try Recordings([50, 2300, 900])
        test.shuffle()
        let ranges = [0: [0..<40, 20..<300], 1: [100..<101, 9_000..<9_400, 13_000..<13_700], 2: [500..<900]]
        let all = places(0, in: test.sounds)
        let plain = ranges.flatMap { sound, ranges in
            ranges.compactMap { range in all.first { $0.sound == sound && range.contains($0.frame) } }
        }.sorted(by: FoundPlace.isBefore)
        let found = try scan(2).run(among: test.extents, ranges: ranges, in: test.file, threads: threads)
        #expect(found.inRanges == plain && plain.count > 3)
        #expect(found.best == best(2, in: test.sounds))
    }

    @Test func nothingHasNothing() throws {
        let test = try Recordings([0])
        for extents in [[], test.extents] {
            let found = try scan(9).run(among: extents, in: test.file, threads: 4)
            #expect(found.best == [[], []] && found.damaged.isEmpty)
        }
    }

    @Test func aSoundIsDamagedWhoseEventsAreNotThere() throws {
        let test = try Recordings([300, 1500, 20])
        // As if the second part of the second sound were another's, and the file ended before the third one.
        let part = test.extents[1].position + Int64(EventPart.fullSize)
        let descriptor = try FileDescriptor.open(test.file.path, .readWrite)
        try descriptor.closeAfter {
            try descriptor.seek(offset: part + 8, from: .start)
            try descriptor.writeAll([UInt8](repeating: 0xff, count: 8))
            try descriptor.resize(to: test.extents[2].position)
        }
        let found = try scan(10_000).run(among: test.extents, in: test.file, threads: 2)
        #expect(found.damaged == [1, 2])
        // What is there still is found.
        var counts: [Int: Int] = [:]
        for place in found.best[0] { counts[place.sound, default: 0] += 1 }
        #expect(counts == [0: 300, 1: EventPart.capacity])
    }
}
