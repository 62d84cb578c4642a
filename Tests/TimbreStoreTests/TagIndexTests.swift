import ContentHash
import Foundation
import GRDB
import SoundFeatures
import SystemPackage
import Testing

@testable import TimbreStore

/// Files found by their tags, held against a plain look at the tags of all.
struct TagIndexTests {
    /// The definition: whether tags are as a query wants them.
    private func isMet(_ query: TagQuery, _ tags: SoundTags) -> Bool {
        if query.minBPM != nil || query.maxBPM != nil {
            guard let tempo = tags.bpm, tempo >= query.minBPM ?? 0, tempo <= query.maxBPM ?? .infinity else {
                return false
            }
        }
        if let key = query.key {
            guard let text = tags.key else { return false }
            let isSame = MusicalKey(key).map { MusicalKey(text) == $0 } ?? (text.lowercased() == key.lowercased())
            guard isSame else { return false }
        }
        return query.words.allSatisfy { field, word in
            SoundTags.texts.contains { name, path in
                guard field ?? name == name, let text = tags[keyPath: path] else { return false }
                return Array(text.lowercased().utf8).firstRange(of: Array(word.utf8)) != nil
            }
        }
    }

    // Texts that have parts in common, letters that change their length in lower case, signs that SQL and FTS5 know.
    private static let texts = [
        "Große Trommel", "GROSSE Trommel", "Kick 909", "kick drum", "drum & bass", "İstanbul", "e\u{301}tude", "étude",
        "\"quoted\" OR kick", "ab", "a", "100%", "🥁🥁🥁 solo", "日本語の音", "O'Neil: AND NOT (x) *", "ΟΔΟΣ",
    ]
    private static let keys = ["C", "c minor", "Am", "8A", "Dbm", "C#m", "H", "none", "ostinato"]

    private func tags(_ generator: inout SystemRandomNumberGenerator) -> SoundTags {
        var tags = SoundTags()
        for (name, path) in SoundTags.texts where Bool.random(using: &generator) {
            tags[keyPath: path] = (name == "key" ? Self.keys : Self.texts).randomElement(using: &generator)
        }
        if Bool.random(using: &generator) { tags.bpm = Double(Int.random(in: 100...130, using: &generator)) }
        if Bool.random(using: &generator) { tags.isOneShot = Bool.random(using: &generator) }
        return tags
    }

    private func query(_ generator: inout SystemRandomNumberGenerator) -> TagQuery {
        var query = TagQuery()
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
            let text = Self.texts.randomElement(using: &generator)?.lowercased() ?? "a"
            let scalars = Array(text.unicodeScalars)
            let start = Int.random(in: 0..<scalars.count, using: &generator)
            let end = Int.random(in: start + 1...scalars.count, using: &generator)
            var word = String.UnicodeScalarView()
            word.append(contentsOf: scalars[start..<end])
            query.words.append((Bool.random(using: &generator) ? nil : "title", String(word)))
        }
        if Int.random(in: 0..<3, using: &generator) == 0 { query.minBPM = 110 }
        if Int.random(in: 0..<3, using: &generator) == 0 { query.maxBPM = 120 }
        if Int.random(in: 0..<4, using: &generator) == 0 { query.key = Self.keys.randomElement(using: &generator) }
        return query
    }

    private func expectSame(_ catalog: Catalog, _ known: [Int64: SoundTags], _ queries: [TagQuery]) throws {
        try catalog.read { reader in
            for query in queries where !query.isEmpty {
                var found: [Int64] = []
                try reader.forEachFile(tagged: query) { found.append($0) }
                #expect(found.sorted() == known.filter { isMet(query, $0.value) }.keys.sorted(), "\(query)")
            }
            var loops: [Int64: Bool] = [:]
            try reader.forEachFileThatSaysWhetherItLoops { loops[$0] = $1 }
            #expect(loops == known.compactMapValues { $0.isLoop(frameCount: 96_000) })
        }
    }

    @Test func findsWhatAPlainLookFindsWhateverWasWrittenBefore() throws {
        let test = try TemporaryCatalog()
        let catalog = test.catalog
        var generator = SystemRandomNumberGenerator()
        var known: [Int64: SoundTags] = [:]
        var contents: [Int64: Int64] = [:]
        for number in 0..<200 as Range<Int64> {
            let tags = number % 5 == 0 ? nil : tags(&generator)
            try catalog.write { writer in
                var sound = sound
                sound.tags = tags
                let content = try writer.addContent(
                    ContentHash(of: [UInt8(number)]), size: number, sound: sound, features: frames(1), soundingCount: 1,
                    path: [0x2F], at: 1)
                var file = try writer.add(FilePath("/s/\(number).wav"), number)
                (file.state, file.content) = (.indexed, content.id)
                try writer.update(file)
                known[file.id] = tags ?? SoundTags()
                contents[file.id] = content.id
            }
        }
        let queries = (0..<300).map { _ in query(&generator) }
        try expectSame(catalog, known, queries)
        let before = known
        for (file, content) in contents {
            let tags = tags(&generator)
            try catalog.write { writer in
                switch file % 4 {
                case 0:
                    try writer.setTags(tags, of: content)
                    known[file] = tags
                case 1:
                    _ = try writer.retag(content, as: ContentHash(of: [UInt8(file), 1]), size: 1, tags: tags, at: 2)
                    known[file] = tags
                case 2:
                    try writer.removeFile(file)
                    try writer.removeContent(content)
                    known[file] = nil
                case 3 where contents[file + 4] != nil:
                    var record = try #require(try writer.reader.file(file))
                    record.content = contents[file + 4]
                    try writer.update(record)
                    known[file] = before[file + 4]
                default: break
                }
            }
        }
        try expectSame(catalog, known, queries)
    }

    @Test func allFilesOfOneContentAreFound() throws {
        let test = try TemporaryCatalog()
        var tags = SoundTags()
        tags.title = "Kick"
        var sound = sound
        sound.tags = tags
        try test.catalog.write { writer in
            let content = try writer.addContent(
                ContentHash(of: [1]), size: 1, sound: sound, features: frames(1), soundingCount: 1, path: [0x2F], at: 1)
            for number in 1...3 as ClosedRange<Int64> {
                var file = try writer.add(FilePath("/s/\(number).wav"), number)
                file.content = content.id
                // Whether it can be searched the index knows.
                file.state = number == 3 ? .pending : .indexed
                try writer.update(file)
            }
        }
        try expectSame(test.catalog, [1: tags, 2: tags, 3: tags], [word("kick"), word("ki")])
    }

    @Test func filesHaveTheTempoOfTheirContent() throws {
        let test = try TemporaryCatalog()
        var query = TagQuery()
        query.minBPM = 1
        func expect(_ files: [Int64]) throws {
            var found: [Int64] = []
            try test.catalog.read { try $0.forEachFile(tagged: query) { found.append($0) } }
            #expect(found.sorted() == files)
        }
        var tags = SoundTags()
        tags.bpm = 120
        let (fast, none) = try test.catalog.write { writer in
            var sound = sound
            let contents = try [tags, SoundTags()].enumerated().map { number, tags in
                sound.tags = tags
                return try writer.addContent(
                    ContentHash(of: [UInt8(number)]), size: 1, sound: sound, features: frames(1), soundingCount: 1,
                    path: [0x2F], at: 1
                ).id
            }
            return (contents[0], contents[1])
        }
        func attach(_ file: Int64, to content: Int64?) throws {
            try test.catalog.write { writer in
                var record = try #require(try writer.reader.file(file))
                record.content = content
                try writer.update(record)
            }
        }
        let files = try test.catalog.write { writer in
            try (1...3 as ClosedRange<Int64>).map { try writer.add(FilePath("/s/\($0).wav"), $0).id }
        }
        for (file, content) in [(files[0], fast), (files[1], fast), (files[2], none)] { try attach(file, to: content) }
        try expect([files[0], files[1]])
        try attach(files[0], to: none)
        try attach(files[2], to: fast)
        try expect([files[1], files[2]])
        try attach(files[1], to: nil)
        try expect([files[2]])
        try test.catalog.write { try $0.setTags(tags, of: none) }
        try expect([files[0], files[2]])
        tags.bpm = 90
        try test.catalog.write { try $0.setTags(tags, of: fast) }
        query.minBPM = 100
        try expect([files[0]])
        try test.catalog.write { try $0.setTags(SoundTags(), of: none) }
        try expect([])
        query.minBPM = 1
        try test.catalog.write { try $0.removeFile(files[2]) }
        try expect([])
    }

    private func word(_ word: String) -> TagQuery {
        var query = TagQuery()
        query.words = [(nil, word)]
        return query
    }

    @Test func aWordThatCannotBeInATextFindsNothing() throws {
        let test = try TemporaryCatalog()
        for text in ["\0", "kick\0", "\0\"", "\"\"\"", "\u{7}\u{7}\u{7}"] {
            try test.catalog.read { reader in
                try reader.forEachFile(tagged: word(text)) { _ in Issue.record("found") }
            }
        }
    }

    @Test func anEarlierLibraryIsFilledWhenItIsOpened() throws {
        let folder = try temporaryFolder()
        defer { removeFolder(folder) }
        let path = folder.appending("library.sqlite")
        var tags = SoundTags()
        (tags.title, tags.bpm, tags.key) = ("Große Trommel", 120, "Dbm")
        let queue = try DatabaseQueue(path: path.string)
        try Schema.migrator.migrate(queue, upTo: "changes")
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO directory (id, path) VALUES (1, x'2f');
                    INSERT INTO content (id, hash, size, added, sampleRate, channelCount, frameCount, sampleCount, format,
                        isIncomplete, featureCount, soundingCount, lastPath, tags)
                        VALUES (7, zeroblob(32), 1, 1, 44100, 1, 9, 9, 'x', 0, 87, 87, x'', ?);
                    INSERT INTO file (id, directory, name, size, modified, changed, device, inode, state, content, added)
                        VALUES (3, 1, x'61', 1, 1, 1, 1, 1, 1, 7, 1);
                    """, arguments: [Data(tags.bytes)])
        }
        try queue.close()
        let catalog = try Catalog(opening: path)
        var query = word("trommel")
        (query.minBPM, query.key) = (119, "C# minor")
        var tempo = TagQuery()
        tempo.maxBPM = 120
        try expectSame(catalog, [3: tags], [query, tempo, word("GROSSE".lowercased())])
        try catalog.close()
    }
}
