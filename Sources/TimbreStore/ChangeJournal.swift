import ContentHash
import GRDB

/// The tables by which a copy of the library elsewhere is kept up to date.
///
/// - `change`: the last change of each directory, and of each file that is or was indexed, numbered in the order of the
///   changes. Each has one row at most, so that the journal never overflows, and whoever has read it up to some number can
///   go on from there whenever it likes. Triggers write it in the very transaction that changes something.
/// - `history`: what the changes from a number on belong to. Each run of the service begins one, so that a library that was
///   restored from a backup does not take a number for one of its own that it gave before.
///
/// A file counts as changed whether its name, its content or its codes under the live model did. When another model goes live
/// nothing changes here: under a new model everything is read from the beginning.
enum ChangeJournal {
    static let directory = 0
    static let file = 1
    /// The setting with the random name of the library.
    static let library = "library"

    static let tables = """
        CREATE TABLE change (
            number INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, item INTEGER NOT NULL, UNIQUE (kind, item));
        CREATE TABLE history (first INTEGER PRIMARY KEY, id BLOB NOT NULL);
        INSERT INTO history VALUES (1, randomblob(16));
        INSERT INTO setting VALUES ('\(library)', randomblob(16));
        INSERT INTO change (kind, item) SELECT \(directory), id FROM directory ORDER BY id;
        INSERT INTO change (kind, item) SELECT \(file), id FROM file WHERE state = 1 ORDER BY id;

        CREATE TRIGGER directoryInsertedChange AFTER INSERT ON directory BEGIN \(note(directory, "NEW")) END;
        CREATE TRIGGER directoryUpdatedChange AFTER UPDATE OF path ON directory BEGIN \(note(directory, "NEW")) END;
        CREATE TRIGGER directoryDeletedChange AFTER DELETE ON directory BEGIN \(note(directory, "OLD")) END;
        CREATE TRIGGER fileInsertedChange AFTER INSERT ON file WHEN NEW.state = 1 BEGIN \(note(file, "NEW")) END;
        CREATE TRIGGER fileUpdatedChange AFTER UPDATE OF directory, name, state, content, added, isOffline ON file
        WHEN (OLD.state = 1 OR NEW.state = 1)
            AND (OLD.directory, OLD.name, OLD.state, OLD.content, OLD.added, OLD.isOffline)
                IS NOT (NEW.directory, NEW.name, NEW.state, NEW.content, NEW.added, NEW.isOffline)
        BEGIN \(note(file, "NEW")) END;
        CREATE TRIGGER fileDeletedChange AFTER DELETE ON file WHEN OLD.state = 1 BEGIN \(note(file, "OLD")) END;
        CREATE TRIGGER contentUpdatedChange
        AFTER UPDATE OF hash, sampleRate, channelCount, frameCount, sampleCount ON content
        BEGIN \(noteFiles(of: "OLD.id")) END;
        CREATE TRIGGER codeInsertedChange AFTER INSERT ON code WHEN \(isLive("NEW"))
        BEGIN \(noteFiles(of: "NEW.content")) END;
        CREATE TRIGGER codeUpdatedChange AFTER UPDATE ON code WHEN \(isLive("NEW"))
        BEGIN \(noteFiles(of: "NEW.content")) END;
        CREATE TRIGGER codeDeletedChange AFTER DELETE ON code WHEN \(isLive("OLD"))
        BEGIN \(noteFiles(of: "OLD.content")) END;
        """

    // Not INSERT OR REPLACE: in a trigger the statement that set it off decides what becomes of a conflict.
    private static func note(_ kind: Int, _ row: String) -> String {
        """
        DELETE FROM change WHERE kind = \(kind) AND item = \(row).id;
        INSERT INTO change (kind, item) VALUES (\(kind), \(row).id);
        """
    }

    private static func noteFiles(of content: String) -> String {
        let files = "SELECT id FROM file WHERE content = \(content) AND state = 1"
        return """
            DELETE FROM change WHERE kind = \(file) AND item IN (\(files));
            INSERT INTO change (kind, item) SELECT \(file), id FROM file WHERE content = \(content) AND state = 1;
            """
    }

    private static func isLive(_ row: String) -> String {
        "\(row).model = (SELECT value FROM setting WHERE name = 'model')"
    }
}

extension CatalogWriter {
    /// Begins a history: what changes from here on belongs to this run of the service.
    ///
    /// - Precondition: Nothing was changed by this run yet.
    package func beginHistory() throws {
        let last = try reader.lastChange()
        try database.run("DELETE FROM history WHERE first > ?", .integer(last))
        try database.run("INSERT INTO history VALUES (?, randomblob(16))", .integer(last + 1))
    }

    /// How many changes have to follow one until it may be forgotten.
    private static let keptChanges: Int64 = 1_000_000

    /// Forgets old changes of files and directories that are gone. Who has not read them yet has to begin anew.
    package func forgetOldChanges() throws {
        let end = try reader.lastChange() - Self.keptChanges
        guard end > 0 else { return }
        try database.run(
            """
            DELETE FROM change WHERE number <= ?
            AND (kind <> \(ChangeJournal.directory) OR NOT EXISTS (SELECT 1 FROM directory WHERE id = item))
            AND (kind <> \(ChangeJournal.file) OR NOT EXISTS (SELECT 1 FROM file WHERE id = item))
            """, .integer(end))
        guard database.changesCount > 0 else { return }
        // What was read up to then is no longer a beginning to go on from: it belonged to another history.
        try database.run(
            """
            INSERT OR REPLACE INTO history SELECT ?, id FROM history WHERE first <= ? ORDER BY first DESC LIMIT 1
            """, .integer(end + 1), .integer(end + 1))
        try database.run("DELETE FROM history WHERE first <= ?", .integer(end))
        try database.run("INSERT INTO history VALUES (1, randomblob(16))")
    }
}

extension CatalogReader {
    /// The number of the last change; 0 if there was none.
    package func lastChange() throws -> Int64 {
        try database.first("SELECT seq FROM sqlite_sequence WHERE name = 'change'") { $0.integer(0) } ?? 0
    }

    /// The hash of the live model; nil if there is none yet.
    package func liveModelHash() throws -> ContentHash? {
        try database.first("SELECT hash FROM model WHERE id = (SELECT value FROM setting WHERE name = 'model')") {
            try ContentHash(stored: $0.bytes(0))
        }
    }

    /// The random name of the library, 32 hexadecimal digits. A copy of the database has the same.
    package func libraryName() throws -> String {
        try database.first("SELECT lower(hex(value)) FROM setting WHERE name = ?", .text(ChangeJournal.library)) {
            $0.text(0) ?? ""
        } ?? ""
    }

    /// The history that a change belongs to, 32 hexadecimal digits.
    func history(of number: Int64) throws -> String {
        try database.first(
            "SELECT lower(hex(id)) FROM history WHERE first <= ? ORDER BY first DESC LIMIT 1",
            .integer(max(number, 1))
        ) { $0.text(0) ?? "" } ?? ""
    }
}
