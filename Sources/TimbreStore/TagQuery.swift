import GRDB
import SoundFeatures

/// What tags must be. Every condition that is set must hold.
package struct TagQuery: Sendable {
    /// What must be a part of a text, in lower case, and of which text; of any if that is nil.
    package var words: [(field: String?, word: String)] = []
    /// The least and the greatest tempo, in beats per minute.
    package var minBPM, maxBPM: Double?
    /// The key, in any way of writing it.
    package var key: String?

    package init() {}

    package var isEmpty: Bool { words.isEmpty && minBPM == nil && maxBPM == nil && key == nil }

    /// A selection of contents by one of the conditions.
    private struct Selection {
        var sql: String
        var arguments: [Argument]
    }

    /// Selections in all of which a file's content must be.
    private var selections: [Selection] {
        var selections = [tempo, namedKey].compactMap(\.self)
        // No text has a control character in it; SQLite would take a NUL for the end.
        let isPossible = !words.contains { $0.word.unicodeScalars.contains { $0.value == 0 } }
        guard isPossible else { return [Selection(sql: "SELECT content FROM tagged WHERE 0", arguments: [])] }
        let long = words.filter { $0.word.unicodeScalars.count >= 3 }
        if !long.isEmpty { selections.append(Self.match(long)) }
        let short = words.filter { $0.word.unicodeScalars.count < 3 }
        return selections + short.map { Self.lookThrough($0.field, $0.word) }
    }

    private var tempo: Selection? {
        guard minBPM != nil || maxBPM != nil else { return nil }
        return Selection(sql: "SELECT content FROM tagged WHERE bpm BETWEEN ? AND ?", arguments: tempos)
    }

    private var tempos: [Argument] { [.real(minBPM ?? 0), .real(maxBPM ?? .infinity)] }

    private var namedKey: Selection? {
        guard let key else { return nil }
        if let named = MusicalKey(key) {
            return Selection(
                sql: "SELECT content FROM tagged WHERE key = ?", arguments: [.integer(TagIndex.number(named))])
        }
        return Selection(sql: "SELECT content FROM tagged WHERE keyText = ?", arguments: [.text(key.lowercased())])
    }

    private static func match(_ words: [(field: String?, word: String)]) -> Selection {
        let phrases = words.map { field, word in
            (field.map { "{\($0)} : " } ?? "") + "\"" + word.replacing("\"", with: "\"\"") + "\""
        }
        return Selection(
            sql: "SELECT rowid AS content FROM tagText WHERE tagText MATCH ?",
            arguments: [.text(phrases.joined(separator: " AND "))])
    }

    /// Looks for a word in all texts, as it is shorter than what the index knows: in the table in which FTS5 keeps them, without
    /// FTS5 in between, which takes two fifths of the time. (Its columns are `c0` and so on; sqlite.org/fts5.html, 4.4.)
    private static func lookThrough(_ field: String?, _ word: String) -> Selection {
        let columns = SoundTags.texts.indices.filter { field ?? SoundTags.texts[$0].name == SoundTags.texts[$0].name }
        return Selection(
            sql: "SELECT id AS content FROM tagText_content WHERE "
                + columns.map { "instr(c\($0), ?) > 0" }.joined(separator: " OR "),
            arguments: columns.map { _ in .text(word) })
    }
}

extension TagQuery {
    /// Runs the query.
    fileprivate func run(_ database: Database, _ body: (Int64) -> Void) throws {
        if key == nil, words.isEmpty {
            try database.each("SELECT file FROM tempo WHERE bpm BETWEEN ? AND ?", tempos) { body($0.integer(0)) }
            return
        }
        let selections = selections
        guard let first = selections.first else { preconditionFailure("no conditions") }
        let others = selections.dropFirst().map { " AND found.content IN (\($0.sql))" }.joined()
        try database.each(
            """
            SELECT file.id FROM (\(first.sql)) AS found CROSS JOIN file ON file.content = found.content\(others)
            """, selections.flatMap(\.arguments)
        ) { body($0.integer(0)) }
    }
}

extension CatalogReader {
    /// Hands on the numbers of the files whose tags are as they must be, in no order. Which of them can be searched the index
    /// knows; to look at their states here would take three times as long, as `fileByContent` does not have them.
    ///
    /// - Complexity: O(*m*) in the contents, or files, that meet one of the conditions, for each of them; O(*n*) in all that
    ///   have texts where a word has fewer than three characters.
    /// - Precondition: There are conditions.
    package func forEachFile(tagged query: TagQuery, _ body: (Int64) -> Void) throws {
        try query.run(database, body)
    }

    /// Hands on the files that say whether they are loops, in no order.
    ///
    /// - Complexity: O(*n*) in these files.
    package func forEachFileThatSaysWhetherItLoops(_ body: (_ file: Int64, _ isLoop: Bool) -> Void) throws {
        try database.each(
            """
            SELECT file.id, tagged.isLoop FROM tagged INDEXED BY taggedByLoop
            CROSS JOIN file ON file.content = tagged.content WHERE tagged.isLoop IS NOT NULL
            """
        ) { body($0.integer(0), $0.flag(1)) }
    }
}
