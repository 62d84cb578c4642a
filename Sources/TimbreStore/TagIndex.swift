import GRDB
import SoundFeatures

/// The tables by which files are found by their tags, without a look at those of all others.
///
/// - `tagged`: of each content that says such a thing its tempo, its key, as ``MusicalKey`` counts them and as it is written,
///   in lower case, and whether it is a loop.
/// - `tempo`: the tempo of each file whose content says one: of a million files 250,000 are found so in some 20 ms, where looking
///   up the files of as many contents takes 150.
/// - `tagText`: its texts in lower case, by all runs of three characters: what is in a text as a part is found as well as a
///   word. (FTS5's tokenizer `trigram`; "SQLite FTS5 Extension", sqlite.org/fts5.html, 4.3.5.)
///
/// `tagged` and `tagText` follow `content.tags`: triggers take away what was there, and who writes tags puts the new ones in.
/// `tempo` follows `tagged` and `file.content` by triggers alone.
enum TagIndex {
    static let tables = """
        CREATE TABLE tagged (
            content INTEGER PRIMARY KEY, bpm REAL, key INTEGER, keyText TEXT, isLoop INTEGER);
        CREATE INDEX taggedByTempo ON tagged (bpm) WHERE bpm IS NOT NULL;
        CREATE INDEX taggedByKey ON tagged (key) WHERE key IS NOT NULL;
        CREATE INDEX taggedByKeyText ON tagged (keyText) WHERE keyText IS NOT NULL;
        CREATE INDEX taggedByLoop ON tagged (isLoop) WHERE isLoop IS NOT NULL;
        CREATE VIRTUAL TABLE tagText USING fts5(
            \(SoundTags.texts.map(\.name).joined(separator: ", ")), tokenize = 'trigram case_sensitive 1');
        CREATE TRIGGER tagsReplaced AFTER UPDATE OF tags ON content WHEN OLD.tags > x'' BEGIN \(removal) END;
        CREATE TRIGGER tagsRemoved AFTER DELETE ON content WHEN OLD.tags > x'' BEGIN \(removal) END;
        """

    private static let removal = """
        DELETE FROM tagged WHERE content = OLD.id;
        DELETE FROM tagText WHERE rowid = OLD.id;
        """

    static let tempos = """
        CREATE TABLE tempo (file INTEGER PRIMARY KEY, bpm REAL NOT NULL);
        INSERT INTO tempo SELECT file.id, bpm FROM tagged CROSS JOIN file ON file.content = tagged.content
            WHERE bpm IS NOT NULL;
        CREATE INDEX tempoByBPM ON tempo (bpm);
        CREATE TRIGGER taggedInsertedTempo AFTER INSERT ON tagged WHEN NEW.bpm IS NOT NULL
        BEGIN INSERT INTO tempo SELECT id, NEW.bpm FROM file WHERE content = NEW.content; END;
        CREATE TRIGGER taggedDeletedTempo AFTER DELETE ON tagged WHEN OLD.bpm IS NOT NULL
        BEGIN DELETE FROM tempo WHERE file IN (SELECT id FROM file WHERE content = OLD.content); END;
        CREATE TRIGGER fileInsertedTempo AFTER INSERT ON file WHEN NEW.content IS NOT NULL BEGIN \(tempoOfFile) END;
        CREATE TRIGGER fileUpdatedTempo AFTER UPDATE OF content ON file WHEN OLD.content IS NOT NEW.content
        BEGIN DELETE FROM tempo WHERE file = OLD.id; \(tempoOfFile) END;
        CREATE TRIGGER fileDeletedTempo AFTER DELETE ON file BEGIN DELETE FROM tempo WHERE file = OLD.id; END;
        """

    private static let tempoOfFile =
        "INSERT INTO tempo SELECT NEW.id, bpm FROM tagged WHERE content = NEW.content AND bpm IS NOT NULL;"

    /// Makes the tables, and fills them from the tags that are there: some seconds for each 100,000 contents.
    static func make(in database: Database) throws {
        try database.execute(sql: tables)
        try database.each(
            "SELECT id, tags, frameCount FROM content INDEXED BY withTags WHERE tags > x''"
        ) { row in
            guard let tags = SoundTags(bytes: row.bytes(1)) else { return }
            try add(tags, frameCount: row.int(2), of: row.integer(0), to: database)
        }
    }

    /// Puts the tags of a content in, of which there are none in the tables.
    static func add(_ tags: SoundTags, frameCount: Int, of content: Int64, to database: Database) throws {
        let isLoop = tags.isLoop(frameCount: frameCount)
        if tags.bpm != nil || tags.key != nil || isLoop != nil {
            try database.run(
                "INSERT INTO tagged (content, bpm, key, keyText, isLoop) VALUES (?, ?, ?, ?, ?)", .integer(content),
                .real(tags.bpm), .integer(tags.key.flatMap { MusicalKey($0) }.map(number)),
                .text(tags.key?.lowercased()), .integer(isLoop.map { $0 ? 1 : 0 }))
        }
        let texts = SoundTags.texts.map { tags[keyPath: $0.path]?.lowercased() }
        guard texts.contains(where: { $0 != nil }) else { return }
        try database.run(
            "INSERT INTO tagText (rowid, \(columns)) VALUES (?\(String(repeating: ", ?", count: texts.count)))",
            [.integer(content)] + texts.map { .text($0) })
    }

    private static let columns = SoundTags.texts.map(\.name).joined(separator: ", ")

    /// A key as a number: two for each tonic.
    static func number(_ key: MusicalKey) -> Int { 2 * key.tonic + (key.isMinor ? 1 : 0) }
}
