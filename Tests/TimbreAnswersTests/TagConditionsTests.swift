import Platform
import SoundFeatures
import SystemPackage
import TestIngest
import TestModels
import Testing
import TimbreIndex
import TimbreStore
import TimbreWire

@testable import TimbreAnswers

/// Filters that ask what files say of themselves.
@Suite(.timeLimit(.minutes(10)))
struct TagConditionsTests {
    private static let tags: SoundTags = {
        var tags = SoundTags()
        (tags.title, tags.artist, tags.comment) = ("Große Trommel", "Ann; Bob", "120 takes")
        (tags.key, tags.bpm) = ("Dbm", 119.97)
        return tags
    }()

    @Test(
        "Tags meet a filter",
        arguments: [
            (FileFilter(), true), (filter { $0.tags = [TagFilter("trommel")] }, true),
            (filter { $0.tags = [TagFilter("GROSSE")] }, false),
            (filter { $0.tags = [TagFilter("große TROMMEL")] }, true),
            (filter { $0.tags = [TagFilter("bob", in: .artist)] }, true),
            (filter { $0.tags = [TagFilter("bob", in: .title)] }, false),
            (filter { $0.tags = [TagFilter("bob"), TagFilter("120")] }, true),
            (filter { $0.tags = [TagFilter("bob"), TagFilter("121")] }, false),
            (filter { ($0.minBPM, $0.maxBPM) = (118, 124) }, true), (filter { $0.minBPM = 120 }, false),
            (filter { $0.key = "C#m" }, true), (filter { $0.key = "12A" }, true), (filter { $0.key = "C#" }, false),
        ])
    func meets(filter: FileFilter, isMet: Bool) throws {
        let library = try StoredLibrary(of: ["a.wav": "1 2"])
        let file = try #require(try library.file("a.wav"))
        try library.catalog.write { try $0.setTags(Self.tags, of: try #require(file.content)) }
        var conditions = IndexFilter()
        try TagConditions(filter).apply(to: &conditions, library.catalog)
        #expect(conditions.among?.contains(file.id) ?? true == isMet)
    }

    private static func filter(_ change: (inout FileFilter) -> Void) -> FileFilter {
        var filter = FileFilter()
        change(&filter)
        return filter
    }

    @Test func aFileWithoutTagsMeetsNone() throws {
        let library = try StoredLibrary(of: ["a.wav": "1 2"])
        let file = try #require(try library.file("a.wav"))
        for filter in [
            Self.filter { $0.tags = [TagFilter("a")] }, Self.filter { $0.maxBPM = 500 }, Self.filter { $0.key = "C" },
        ] {
            var conditions = IndexFilter()
            try TagConditions(filter).apply(to: &conditions, library.catalog)
            #expect(conditions.among?.contains(file.id) == false)
        }
    }

    @Test func answersKeepToThem() throws {
        let library = try StoredLibrary(
            of: ["a.wav": "1 1 2 1 1", "b.wav": "1 1 2 1 3", "c.wav": "7 8 7 9", "broken.wav": "!"],
            smallModelWithVectors())
        let responder = try TestResponder(library).responder
        func content(_ name: String) throws -> Int64 {
            try library.catalog.read { try $0.file(at: library.path(name))?.content } ?? 0
        }
        func names(_ filter: FileFilter) throws -> (names: [String], complete: Bool?) {
            let reply = try responder.list(List.Parameters(filter: filter), from: .owner) { _ in }
            return (reply.files.map { library.name(of: $0.path.bytes) }, reply.complete)
        }
        let titled = Self.filter { $0.tags = [TagFilter("trommel")] }
        // Nobody has read any tags yet.
        #expect(try names(titled) == ([], false))
        #expect(try names(FileFilter(channels: 1)).complete == nil)
        let (a, b, c) = (try content("a.wav"), try content("b.wav"), try content("c.wav"))
        var oneShot = SoundTags()
        oneShot.isOneShot = true
        try library.catalog.write { writer in
            try writer.setTags(Self.tags, of: b)
            try writer.setTags(oneShot, of: a)
        }
        #expect(try names(titled) == (["b.wav"], false))
        try library.catalog.write { try $0.setTags(SoundTags(), of: c) }
        #expect(try names(titled) == (["b.wav"], true))
        let numbers = try responder.numbers(Numbers.Parameters(filter: titled), from: .owner) { _ in }
        #expect(
            numbers.numbers == [try library.file("b.wav")?.id].compactMap { $0.map(Int.init) }
                && numbers.complete == true)
        let similar = try responder.similar(
            Similar.Parameters(queries: [QuerySound(.file(WirePath(library.path("c.wav").bytes)))], filter: titled),
            from: .owner)
        #expect(similar.results.map { library.name(of: $0.path.bytes) } == ["b.wav"] && similar.complete)
        let random = try responder.random(Random.Parameters(filter: titled), from: .owner)
        #expect(random.files.map { library.name(of: $0.path.bytes) } == ["b.wav"] && random.complete == true)
        #expect(random.files[0].tags?.title == "Große Trommel")
        // What the file says counts more than what it seems to be.
        #expect(try names(Self.filter { $0.loop = false }).names.contains("a.wav"))
        #expect(try !names(Self.filter { $0.loop = true }).names.contains("a.wav"))
        let nothing = try responder.random(
            Random.Parameters(filter: Self.filter { $0.tags = [TagFilter("horn")] }), from: .owner
        ).nothing
        #expect(nothing?.filters == [FilterCount(.tags, files: 0)] && nothing?.files == 3)
    }
}
