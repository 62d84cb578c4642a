import ContentHash
import Foundation
import GRDB
import SoundFeatures
import SystemPackage
import Testing

@testable import TimbreStore

/// Tags in the database.
struct StoredTagsTests {
    /// Gives the path of a database that is not there yet, and takes away what is made there.
    private func withDatabase(_ body: (FilePath) throws -> Void) throws {
        let folder = try temporaryFolder()
        defer { removeFolder(folder) }
        try body(folder.appending("library.sqlite"))
    }

    private func tags(_ title: String) -> SoundTags {
        var tags = SoundTags()
        tags.title = title
        return tags
    }

    /// Of the formats in which they were not looked for once.
    @Test func tagsOfMoreContainersAreReadAnew() throws {
        let formats = [
            "W64, 16 bit PCM", "CAF, ALAC (16 bit)", "AAC in CAF", "FLAC in Matroska", "Opus in WebM", "WMA in ASF",
            "WAV, 16 bit PCM", "AAC in MP4", "AIFF, 16 bit PCM",
        ]
        let contents = formats.map { (format: $0, tags: SoundTags()) }
        #expect(try withoutTags(contents, afterMigrating: "tag index") == [1, 2, 3, 4, 5, 6])
    }

    /// Where there were none, or letters that nobody could read.
    @Test func tagsBehindSoundsAreReadAnew() throws {
        let mpeg = "MPEG-1/2 Audio, MPEG Layer III"
        let contents = [
            (mpeg, SoundTags()), (mpeg, tags("known")), (mpeg, tags("M\u{FFFD}ll")), ("WavPack", SoundTags()),
            ("Monkey's Audio", tags("\u{FFFD}")), ("Musepack", SoundTags()), ("TAK", SoundTags()),
            ("TTA", tags("known")),
            ("WAV, 16 bit PCM", SoundTags()), ("WAV, 16 bit PCM", tags("\u{FFFD}")),
            ("FLAC, 16 bit PCM", SoundTags()), ("FLAC, 16 bit PCM", tags("known")), ("AAC (ADTS)", tags("\u{FFFD}")),
            ("AC-3", SoundTags()),
        ]
        let unread = try withoutTags(contents, afterMigrating: "tags of more containers")
        #expect(unread == [1, 3, 4, 5, 6, 7, 11, 13, 14])
    }

    /// The contents that are yet to get tags when a database of an earlier version is opened. They are numbered from 1 on.
    private func withoutTags(
        _ contents: [(format: String, tags: SoundTags)], afterMigrating migration: String
    ) throws -> [Int64] {
        var unread: [Int64] = []
        try withDatabase { path in
            let queue = try DatabaseQueue(path: path.string)
            try Schema.migrator.migrate(queue, upTo: migration)
            try queue.write { database in
                for (number, content) in contents.enumerated() {
                    try database.execute(
                        sql: """
                            INSERT INTO content (id, hash, size, added, sampleRate, channelCount, frameCount, sampleCount,
                                format, isIncomplete, featureCount, soundingCount, lastPath, tags)
                                VALUES (?, ?, 1, 1, 44100, 1, 9, 9, ?, 0, 5, 5, x'', ?)
                            """,
                        arguments: [
                            number + 1, Data(ContentHash(of: [UInt8(number)]).bytes), content.format,
                            Data(content.tags.bytes),
                        ])
                }
            }
            try queue.close()
            let catalog = try Catalog(opening: path)
            unread = try catalog.read { try $0.contentsWithoutTags(limit: 99) }.map(\.content)
            try catalog.close()
        }
        return unread
    }

    @Test func contentsOfAnOlderDatabaseAreYetToGetTags() throws {
        try withDatabase { path in
            let queue = try DatabaseQueue(path: path.string)
            try Schema.migrator.migrate(queue, upTo: "figures 1")
            try queue.write { database in
                try database.execute(
                    sql: """
                        INSERT INTO directory (id, path) VALUES (1, x'2f');
                        INSERT INTO content (id, hash, size, added, sampleRate, channelCount, frameCount, sampleCount, format,
                            isIncomplete, featureCount, soundingCount, failure, lastPath, figures)
                            VALUES (7, zeroblob(32), 1, 1, 44100, 1, 9, 9, 'x', 0, 87, 87, NULL, x'',
                                x'01000100010001000100010001000000'),
                            (8, zeroblob(31) || x'01', 1, 1, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 3, x'', NULL),
                            (9, zeroblob(31) || x'02', 1, 1, 44100, 1, 9, 9, 'x', 0, 5, 0, NULL, x'', zeroblob(16));
                        INSERT INTO file (id, directory, name, size, modified, changed, device, inode, state, content, added)
                            VALUES (3, 1, x'61', 1, 1, 1, 1, 1, 1, 7, 1), (4, 1, x'62', 1, 1, 1, 1, 1, 1, 7, 1);
                        """)
            }
            try queue.close()
            let catalog = try Catalog(opening: path)
            #expect(try catalog.read { try $0.lacksTags() })
            let unread = try catalog.read { try $0.contentsWithoutTags(limit: 9) }
            #expect(unread == [UnreadTags(content: 7, file: 3), UnreadTags(content: 9, file: nil)])
            // Figures of before that do not say whether it is a loop are to be computed; those of silence are not.
            #expect(try catalog.read { try $0.contentsWithoutFigures(limit: 9) } == [7])
            try catalog.write { try $0.setTags(tags("a"), of: 7) }
            #expect(try catalog.read { try $0.contentsWithoutTags(after: 7, limit: 9) }.map(\.content) == [9])
            #expect(try catalog.read { try !$0.lacksTags() }, "no file holds the other")
            var query = TagQuery()
            query.words = [(nil, "a")]
            var found: [Int64] = []
            try catalog.read { try $0.forEachFile(tagged: query) { found.append($0) } }
            #expect(found.sorted() == [3, 4])
            // No tags are known, too.
            try catalog.write { try $0.setTags(SoundTags(), of: 9) }
            #expect(try catalog.read { try $0.content(9)?.sound?.tags } == SoundTags())
            #expect(try catalog.read { try $0.contentsWithoutTags(limit: 9) }.isEmpty)
            // Another content of the same sound has tags of its own, and this one keeps its.
            let copy = try catalog.write { try $0.retag(7, as: ContentHash(of: [5]), size: 2, tags: tags("b"), at: 2) }
            let titles = try catalog.read { reader in
                try [7, copy].map { try reader.content($0)?.sound?.tags?.title }
            }
            #expect(titles == ["a", "b"])
            try catalog.close()
        }
    }
}
