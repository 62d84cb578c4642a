import GRDB
import Platform
import SystemPackage

/// The tables that say how many there are of a thing: `status` is asked often, and counting a million files takes a second.
///
/// - `census`: how many files a directory has in a state, those offline being in state 4 whatever theirs is, but for archives
///   of which nothing is to be said.
/// - `tally`: how many contents there are, under 0, and how many of them have codes under a model, under its number.
///
/// Triggers keep them in the very transaction that changes something, whoever changes it.
enum Census {
    static let contentTally = 0

    static let tables = """
        CREATE TABLE census (
            directory INTEGER NOT NULL, state INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (directory, state)
        ) WITHOUT ROWID;
        INSERT INTO census SELECT directory, \(countedState("file")), count(*) FROM file GROUP BY 1, 2;
        \(triggers)
        CREATE TRIGGER directoryDeletedCensus AFTER DELETE ON directory
        BEGIN DELETE FROM census WHERE directory = OLD.id; END;

        CREATE TABLE tally (thing INTEGER PRIMARY KEY, count INTEGER NOT NULL);
        INSERT INTO tally SELECT \(contentTally), count(*) FROM content;
        INSERT INTO tally SELECT model, count(*) FROM code INDEXED BY codeByContent GROUP BY model;
        CREATE TRIGGER contentInsertedTally AFTER INSERT ON content BEGIN \(tally("\(contentTally)", by: 1)) END;
        CREATE TRIGGER contentDeletedTally AFTER DELETE ON content BEGIN \(tally("\(contentTally)", by: -1)) END;
        CREATE TRIGGER codeInsertedTally AFTER INSERT ON code BEGIN \(tally("NEW.model", by: 1)) END;
        CREATE TRIGGER codeDeletedTally AFTER DELETE ON code BEGIN \(tally("OLD.model", by: -1)) END;
        """

    /// How files are counted by libraries that knew no archives becomes how they are counted now: there are none to be counted
    /// anew.
    static let withArchives = """
        DROP TRIGGER IF EXISTS fileInsertedCensus;
        DROP TRIGGER IF EXISTS fileDeletedCensus;
        DROP TRIGGER IF EXISTS fileUpdatedCensus;
        \(triggers)
        """

    private static let triggers = """
        CREATE TRIGGER fileInsertedCensus AFTER INSERT ON file BEGIN \(count("NEW", by: 1)) END;
        CREATE TRIGGER fileDeletedCensus AFTER DELETE ON file BEGIN \(count("OLD", by: -1)) END;
        CREATE TRIGGER fileUpdatedCensus AFTER UPDATE OF directory, state, isOffline ON file
        WHEN (OLD.directory, OLD.state, OLD.isOffline) IS NOT (NEW.directory, NEW.state, NEW.isOffline)
        BEGIN \(count("OLD", by: -1)) \(count("NEW", by: 1)) END;
        """

    private static func countedState(_ row: String) -> String {
        "CASE WHEN \(row).isOffline AND \(row).state <> \(FileState.opened.rawValue) THEN 4 ELSE \(row).state END"
    }

    private static func count(_ row: String, by step: Int) -> String {
        """
        INSERT INTO census VALUES (\(row).directory, \(countedState(row)), \(step))
        ON CONFLICT (directory, state) DO UPDATE SET count = count + \(step);
        """
    }

    private static func tally(_ thing: String, by step: Int) -> String {
        "INSERT INTO tally VALUES (\(thing), \(step)) ON CONFLICT (thing) DO UPDATE SET count = count + \(step);"
    }
}

/// How many files are in each state.
package struct FileCounts: Hashable, Sendable {
    package var indexed = 0
    package var pending = 0
    package var failed = 0
    package var skipped = 0
    package var offline = 0
    package var total: Int { indexed + pending + failed + skipped + offline }
}

extension CatalogReader {
    /// How many files are in each state, all or those at and below a directory; those offline are counted apart.
    ///
    /// - Complexity: O(*n*) in the directories: ``Census`` knows the rest.
    package func fileCounts(under path: FilePath? = nil) throws -> FileCounts {
        let subtree = path.map { Subtree($0.bytes) }
        var counts = FileCounts()
        try database.each(
            """
            SELECT census.state, sum(count) FROM
            \(subtree.map { "directory CROSS JOIN census ON directory.id = census.directory WHERE " + $0.condition }
                ?? "census") GROUP BY census.state
            """, subtree?.arguments ?? []
        ) { row in
            let count = row.int(1)
            switch FileState(rawValue: row.int(0)) {
            case .indexed?: counts.indexed = count
            case .pending?, .unopened?: counts.pending += count
            case .opened?: break
            case .failed?: counts.failed = count
            case .skipped?: counts.skipped = count
            case nil: counts.offline = count
            }
        }
        return counts
    }

    /// How many contents there are, failed ones included.
    package func contentCount() throws -> Int {
        try database.first("SELECT count FROM tally WHERE thing = ?", .integer(Census.contentTally)) { $0.int(0) } ?? 0
    }

    /// How many contents were decoded.
    ///
    /// - Complexity: O(*n*) in the contents.
    package func decodedContentCount() throws -> Int {
        try database.first("SELECT count(*) FROM content WHERE failure IS NULL") { $0.int(0) } ?? 0
    }

    /// How many contents have codes under a model.
    package func codeCount(model: Int64) throws -> Int {
        try database.first("SELECT count FROM tally WHERE thing = ?", .integer(model)) { $0.int(0) } ?? 0
    }
}
