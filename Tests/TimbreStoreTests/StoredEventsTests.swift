import ContentHash
import EventStore
import SoundEvents
import SoundFeatures
import SystemPackage
import Testing

@testable import TimbreStore

struct StoredEventsTests {
    private func extent(_ position: Int64) -> EventExtent {
        EventExtent(position: position, eventCount: Int(position) / 10, frameCount: 90)
    }

    /// Adds a content of so many frames, and files that hold it.
    private func add(
        _ name: String, frames count: Int = SoundEvents.shortest, in paths: [String], _ writer: CatalogWriter,
        state: FileState = .indexed
    ) throws -> Int64 {
        let id = try writer.addContent(
            ContentHash(of: Array(name.utf8)), size: 3, sound: sound, features: frames(count), soundingCount: count,
            path: [], at: 1
        ).id
        for path in paths {
            var file = try writer.add(FilePath("/s/\(path)"))
            (file.state, file.content) = (state, id)
            try writer.update(file)
        }
        return id
    }

    @Test func whatIsNotedIsTheLastThatWasSaid() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let ids = try [add("a", in: ["a"], writer), add("b", in: ["b"], writer)]
            #expect(try writer.reader.events(of: ids[0]) == nil)
            for (id, position) in [(ids[0], 64), (ids[1], 700), (ids[0], 900)] as [(Int64, Int64)] {
                try writer.setEvents(extent(position), of: id)
            }
            #expect(try ids.map { try writer.reader.events(of: $0) } == [extent(900), extent(700)])
            #expect(try writer.reader.eventExtents() == [extent(700), extent(900)])
            try writer.removeEvents(of: ids[0])
            #expect(try ids.map { try writer.reader.events(of: $0) } == [nil, extent(700)])
        }
    }

    @Test func eachFileThatIsSearchedHasTheEventsOfItsContent() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let twice = try add("twice", in: ["1", "2"], writer)
            let without = try add("without", in: ["3"], writer)
            let orphan = try add("orphan", in: [], writer)
            let pending = try add("pending", in: ["4"], writer, state: .pending)
            let last = try add("last", in: ["5"], writer)
            for (id, position) in [(last, 64), (twice, 200), (orphan, 300), (pending, 400)] as [(Int64, Int64)] {
                try writer.setEvents(extent(position), of: id)
            }
            #expect(
                try writer.reader.eventEntries() == [
                    EventTable.Entry(file: 1, content: twice, extent: extent(200)),
                    EventTable.Entry(file: 2, content: twice, extent: extent(200)),
                    EventTable.Entry(file: 5, content: last, extent: extent(64)),
                ])
            #expect(try writer.reader.contentsWithoutEvents(limit: 9) == [without])
        }
    }

    @Test func whatIsLongAndHeldByAFileShouldHaveEvents() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let long = try add("long", in: ["1"], writer)
            _ = try add("short", frames: SoundEvents.shortest - 1, in: ["2"], writer)
            _ = try add("orphan", in: [], writer)
            let longer = try add("longer", frames: 5000, in: ["3"], writer, state: .pending)
            _ = try writer.addFailedContent(
                ContentHash(of: [9]), size: 1, failure: ExtractionFailure(.damaged, "no"), path: [], at: 1)
            #expect(try writer.reader.contentsWithoutEvents(limit: 9) == [long, longer])
            #expect(try writer.reader.contentsWithoutEvents(limit: 1) == [long])
            try writer.setEvents(extent(64), of: long)
            #expect(try writer.reader.contentsWithoutEvents(limit: 9) == [longer])
        }
    }

    @Test func anotherFileHasWhatWasMovedToItOrNothing() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            #expect(try writer.reader.eventFile() == nil)
            let ids = try (0..<4).map { try add("\($0)", in: ["\($0)"], writer) }
            for (id, position) in zip(ids, [64, 200, 300, 200] as [Int64]) {
                try writer.setEvents(extent(position), of: id)
            }
            try writer.setEventFile(.max, moved: [200: 64, 300: 200, 64_000: 9])
            #expect(try writer.reader.eventFile() == .max)
            let places = try ids.map { try writer.reader.events(of: $0)?.position }
            #expect(places == [nil, 64, 200, 64])
            try writer.setEventFile(5)
            #expect(try writer.reader.eventFile() == 5)
            #expect(try writer.reader.eventExtents().isEmpty)
        }
    }

    @Test("A content with other tags has the same events", arguments: [["a"], ["a", "b"]])
    func otherTags(paths: [String]) throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let id = try add("before", in: paths, writer)
            try writer.setEvents(extent(64), of: id)
            let after = try writer.retag(id, as: ContentHash(of: [1]), size: 3, at: 2)
            #expect((after == id) == (paths.count == 1))
            for content in [id, after] { #expect(try writer.reader.events(of: content) == extent(64)) }
            // Both are in the same place of the file.
            #expect(try writer.reader.eventExtents() == [extent(64)])
        }
    }

    @Test func aContentThatIsForgottenHasNone() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let (id, other) = (try add("a", in: [], writer), try add("b", in: ["b"], writer))
            try writer.setEvents(extent(64), of: id)
            try writer.setEvents(extent(200), of: other)
            try writer.removeContent(id)
            #expect(try writer.reader.events(of: id) == nil)
            #expect(try writer.reader.eventExtents() == [extent(200)])
        }
    }
}
