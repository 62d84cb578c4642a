/// The tables by which a start fills the index without reading every row.
///
/// - `pack`: what ``CatalogReader/forEachIndexRow(model:_:_:)`` gives for the files up to `last` that are not in the pack
///   before, as the index keeps it: bytes that mean nothing here. Each is of one model.
/// - `touched`: packed files of which that may be something else by now. Triggers see to it in the very transaction that
///   changes something, whoever changes it, so that packs and the rows of touched files together are the whole truth.
///
/// Files beyond the last pack are not noted: all their rows are read. Those are the ones that ingest changes most. A new
/// file is not indexed yet, so that only its update counts, and a code is of no account to a pack of another model.
extension Schema {
    static let packs = """
        CREATE TABLE pack (
            last INTEGER PRIMARY KEY, model INTEGER NOT NULL, fileCount INTEGER NOT NULL, data BLOB NOT NULL);
        CREATE TABLE touched (file INTEGER PRIMARY KEY);
        CREATE TRIGGER fileUpdated AFTER UPDATE OF directory, name, state, content, added, isOffline ON file
        WHEN OLD.id <= (SELECT max(last) FROM pack)
            AND (OLD.directory, OLD.name, OLD.state, OLD.content, OLD.added, OLD.isOffline)
                IS NOT (NEW.directory, NEW.name, NEW.state, NEW.content, NEW.added, NEW.isOffline)
        BEGIN INSERT OR IGNORE INTO touched VALUES (OLD.id); END;
        CREATE TRIGGER fileDeleted AFTER DELETE ON file WHEN OLD.id <= (SELECT max(last) FROM pack)
        BEGIN INSERT OR IGNORE INTO touched VALUES (OLD.id); END;
        CREATE TRIGGER contentUpdated AFTER UPDATE OF sampleRate, channelCount, frameCount, sampleCount ON content
        BEGIN
            INSERT OR IGNORE INTO touched SELECT id FROM file
            WHERE content = OLD.id AND id <= (SELECT max(last) FROM pack);
        END;
        CREATE TRIGGER codeInserted AFTER INSERT ON code \(touchFiles("NEW"));
        CREATE TRIGGER codeUpdated AFTER UPDATE ON code \(touchFiles("NEW"));
        CREATE TRIGGER codeDeleted AFTER DELETE ON code \(touchFiles("OLD"));
        """

    /// Touches the files of a code's content in the packs of its model.
    private static func touchFiles(_ row: String) -> String {
        """
        BEGIN
            INSERT OR IGNORE INTO touched SELECT id FROM file WHERE content = \(row).content
            AND \(row).model = (SELECT model FROM pack WHERE last >= file.id ORDER BY last LIMIT 1);
        END
        """
    }
}
