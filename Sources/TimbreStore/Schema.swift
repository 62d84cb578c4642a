import GRDB

/// The tables, and how older databases become what this version reads.
///
/// - `folder`: watched folders, whether added at run time, and what they looked like when they were last online.
/// - `directory`, `file`: every candidate file, by name; names are bytes. `isMount` marks what lay on another file system
///   than its watched folder. A file's id is its age: it is given in the
///   order of discovery, kept through renames, and given anew when the file's content changes.
/// - `content`: what is known under the hash of a file's bytes, for good; files point to it. Its `figures` are NULL until they
///   are known; see ``StoredFigures``. So are its `tags`; see ``StoredTags``.
/// - `cepstra`, `bands`: the features of a content in blocks; the key is `content << 20 | block`.
/// - `model`, `code`: generations, and the codes and timbre vectors of every content under them.
/// - `attempt`: files that are with a worker now. What is left over after a reboot is suspect.
/// - `setting`: small facts: the live model, whether ingest is paused.
/// - `leftOut`: how many entries of a directory are left out for their names, or as links, where there are any.
/// - `pack`, `touched`: what the index is filled from; see ``Packs``.
/// - `events`: where the events of long contents are in the file beside the database; see ``StoredEvents``.
/// - `map`, `place`: where contents lie on the map of the library; see ``StoredMap``.
/// - `change`, `history`: what changed last, and when; see ``ChangeJournal``.
/// - `tagged`, `tempo`, `tagText`: how files are found by their tags; see ``TagIndex``.
/// - `census`, `tally`: how many there are; see ``Census``.
enum Schema {
    /// "TIMB", in SQLite's header.
    static let applicationID = 0x5449_4D42

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(sql: "PRAGMA application_id = \(applicationID)")
            try database.execute(sql: version1)
        }
        migrator.registerMigration("2") { database in
            try database.execute(sql: "ALTER TABLE code ADD COLUMN vectors BLOB NOT NULL DEFAULT x''")
        }
        migrator.registerMigration("3", foreignKeyChecks: .immediate) { try $0.execute(sql: Packs.tables) }
        migrator.registerMigration("left out", foreignKeyChecks: .immediate) { database in
            try database.execute(
                sql: "CREATE TABLE leftOut (directory BLOB PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID")
        }
        migrator.registerMigration("census", foreignKeyChecks: .immediate) { try $0.execute(sql: Census.tables) }
        // What could not be read then may be read now.
        migrator.registerMigration("4", foreignKeyChecks: .immediate) { try $0.execute(sql: notes) }
        migrator.registerMigration("5") { try $0.execute(sql: "ALTER TABLE content ADD COLUMN audio BLOB") }
        migrator.registerMigration("events") { try $0.execute(sql: StoredEvents.tables) }
        migrator.registerMigration("map") { try $0.execute(sql: StoredMap.tables) }
        // If figures come to mean something else, another migration sets them to NULL: they are computed anew then.
        migrator.registerMigration("figures 1") { try $0.execute(sql: StoredFigures.column) }
        migrator.registerMigration("tags") { try $0.execute(sql: StoredTags.column) }
        migrator.registerMigration("loops") { try $0.execute(sql: StoredFigures.withoutLoops) }
        migrator.registerMigration("changes") { try $0.execute(sql: ChangeJournal.tables) }
        migrator.registerMigration("archives") { try $0.execute(sql: Census.withArchives) }
        migrator.registerMigration("tag index") { try TagIndex.make(in: $0) }
        migrator.registerMigration("tags of more containers") {
            try $0.execute(sql: StoredTags.ofMoreContainers)
        }
        migrator.registerMigration("tags behind sounds") { try $0.execute(sql: StoredTags.behindSounds) }
        migrator.registerMigration("tempos") { try $0.execute(sql: TagIndex.tempos) }
        return migrator
    }

    /// What is wrong in a sound's file, and another look at all that gave no sound: reasons 2 to 5 are an unknown format,
    /// damage, emptiness and a length that is out of limits.
    private static let notes = """
        ALTER TABLE content ADD COLUMN note TEXT;
        UPDATE file SET content = NULL, state = 0, failure = NULL, detail = NULL WHERE failure BETWEEN 2 AND 5;
        DELETE FROM content WHERE failure IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM file WHERE file.content = content.id);
        """

    private static let version1 = """
        CREATE TABLE folder (
            path BLOB PRIMARY KEY, atRunTime INTEGER NOT NULL, device INTEGER, inode INTEGER, fileSystem INTEGER);
        CREATE TABLE directory (
            id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, isMount INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE content (
            id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, size INTEGER NOT NULL, added REAL NOT NULL,
            sampleRate INTEGER, channelCount INTEGER, frameCount INTEGER, sampleCount INTEGER, format TEXT,
            isIncomplete INTEGER, featureCount INTEGER NOT NULL, soundingCount INTEGER NOT NULL,
            failure INTEGER, detail TEXT, lastPath BLOB NOT NULL);
        CREATE INDEX contentBySize ON content (size);
        CREATE TABLE file (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            directory INTEGER NOT NULL REFERENCES directory (id), name BLOB NOT NULL,
            size INTEGER NOT NULL, modified INTEGER NOT NULL, changed INTEGER NOT NULL,
            device INTEGER NOT NULL, inode INTEGER NOT NULL,
            state INTEGER NOT NULL, content INTEGER REFERENCES content (id), failure INTEGER, detail TEXT,
            tried REAL, tries INTEGER NOT NULL DEFAULT 0, added REAL NOT NULL,
            isOffline INTEGER NOT NULL DEFAULT 0, UNIQUE (directory, name));
        CREATE INDEX fileByContent ON file (content);
        CREATE INDEX fileUnfinished ON file (state) WHERE state <> 1;
        CREATE TABLE cepstra (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
        CREATE TABLE bands (key INTEGER PRIMARY KEY, data BLOB NOT NULL);
        CREATE TABLE model (
            id INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE, data BLOB NOT NULL, added REAL NOT NULL,
            origin TEXT NOT NULL);
        CREATE TABLE code (
            model INTEGER NOT NULL REFERENCES model (id), content INTEGER NOT NULL REFERENCES content (id),
            spans BLOB NOT NULL, frames BLOB NOT NULL, PRIMARY KEY (model, content)) WITHOUT ROWID;
        CREATE INDEX codeByContent ON code (content);
        CREATE TABLE attempt (file INTEGER PRIMARY KEY, count INTEGER NOT NULL, boot TEXT NOT NULL);
        CREATE TABLE setting (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
        """
}
