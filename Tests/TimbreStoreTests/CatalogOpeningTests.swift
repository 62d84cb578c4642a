import Foundation
import GRDB
import SoundFeatures
import SystemPackage
import Testing

@testable import TimbreStore

struct CatalogOpeningTests {
    /// Gives the path of a database that is not there yet, and takes away what is made there.
    private func withDatabase(_ body: (FilePath) throws -> Void) throws {
        let folder = try temporaryFolder()
        defer { removeFolder(folder) }
        try body(folder.appending("library.sqlite"))
    }

    private func write(_ bytes: [UInt8], to path: FilePath) throws {
        let file = try FileDescriptor.open(path, .writeOnly, options: .create, permissions: .ownerReadWrite)
        _ = try file.closeAfter { try file.writeAll(bytes) }
    }

    private func change(_ path: FilePath, sql: String) throws {
        let queue = try DatabaseQueue(path: path.string)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    @Test func whatIsWrittenIsThereWhenItIsOpenedAgain() throws {
        try withDatabase { path in
            let first = try Catalog(opening: path)
            let id = try first.write { try $0.add("/a/b.wav").id }
            try first.close()
            let second = try Catalog(opening: path)
            #expect(try second.read { try $0.file(at: "/a/b.wav")?.id } == id)
            try second.close()
        }
    }

    @Test func aCloseLeavesTheDatabaseAlone() throws {
        try withDatabase { path in
            let catalog = try Catalog(opening: path)
            try catalog.write { _ = try $0.add("/a/b.wav") }
            #expect(try catalog.read { try $0.file(at: "/a/b.wav") } != nil)
            try catalog.close()
            let left = try FileManager.default.contentsOfDirectory(atPath: path.removingLastComponent().string)
            #expect(left.sorted() == ["library.sqlite", "library.sqlite.keepsakes"])
        }
    }

    @Test func whatWasWrittenIsThereWithoutAClose() throws {
        try withDatabase { path in
            let first = try Catalog(opening: path)
            try first.write { _ = try $0.add("/a/b.wav") }
            let second = try Catalog(opening: path)
            #expect(try second.read { try $0.file(at: "/a/b.wav") } != nil)
        }
    }

    @Test func anEmptyFileBecomesADatabase() throws {
        try withDatabase { path in
            try write([], to: path)
            #expect(try Catalog(opening: path).read { try $0.contentCount() } == 0)
        }
    }

    @Test(
        "Opens what a start that was cut short has left",
        arguments: [
            "PRAGMA journal_mode = WAL",
            "PRAGMA journal_mode = WAL; CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)",
        ])
    func opensTheUnfinished(sql: String) throws {
        try withDatabase { path in
            try change(path, sql: sql)
            #expect(try Catalog(opening: path).read { try $0.contentCount() } == 0)
        }
    }

    @Test(
        "Leaves the databases of others alone",
        arguments: [
            "CREATE TABLE song (title TEXT)", "PRAGMA application_id = 7",
            "PRAGMA application_id = 7; CREATE TABLE t (x)",
        ])
    func leavesOthersAlone(sql: String) throws {
        try withDatabase { path in
            try change(path, sql: sql)
            let before = try Data(contentsOf: URL(filePath: path.string))
            let error = #expect(throws: CatalogError.self) { try Catalog(opening: path) }
            #expect(error?.reason == .notACatalog)
            #expect(try Data(contentsOf: URL(filePath: path.string)) == before)
        }
    }

    @Test("What is no database, where ours should be, is a damaged one", arguments: [100, 5000])
    func findsWhatIsNoDatabase(size: Int) throws {
        try withDatabase { path in
            try write(Array(repeating: 65, count: size), to: path)
            let error = #expect(throws: CatalogError.self) { try Catalog(opening: path) }
            #expect(error?.reason == .damaged)
        }
    }

    @Test func refusesWhatALaterVersionHasWritten() throws {
        try withDatabase { path in
            try Catalog(opening: path).close()
            try change(path, sql: "INSERT INTO grdb_migrations VALUES ('9999')")
            let error = #expect(throws: CatalogError.self) { try Catalog(opening: path) }
            #expect(error?.reason == .newer)
        }
    }

    @Test func codesOfAnOlderDatabaseStayAndHaveNoVectors() throws {
        try withDatabase { path in
            let queue = try DatabaseQueue(path: path.string)
            try Schema.migrator.migrate(queue, upTo: "1")
            try queue.write { database in
                try database.execute(
                    sql: """
                        INSERT INTO content (id, hash, size, added, featureCount, soundingCount, lastPath)
                        VALUES (7, zeroblob(32), 1, 1, 0, 0, x'');
                        INSERT INTO model (id, hash, data, added, origin) VALUES (3, zeroblob(32), x'', 1, 'default');
                        INSERT INTO code (model, content, spans, frames) VALUES (3, 7, x'01', x'02');
                        """)
            }
            try queue.close()
            let catalog = try Catalog(opening: path)
            try catalog.read { (reader) throws in
                #expect(try reader.code(of: 7, model: 3) == CodeRecord(spans: [1], frames: [2]))
                #expect(try reader.contentsWithoutCode(model: 3, limit: 9) == [])
                #expect(try reader.contentsWithoutCode(model: 3, withVectors: true, limit: 9) == [7])
            }
        }
    }

    /// What the version before could not read waits again; what it did read is not read again.
    @Test func whatFailedUnderAnOlderVersionIsTriedAgain() throws {
        try withDatabase { path in
            let queue = try DatabaseQueue(path: path.string)
            try Schema.migrator.migrate(queue, upTo: "3")
            try queue.write { database in
                try database.execute(
                    sql: """
                        INSERT INTO directory (id, path) VALUES (1, x'2f73');
                        INSERT INTO content (id, hash, size, added, sampleRate, channelCount, frameCount, sampleCount,
                            format, isIncomplete, featureCount, soundingCount, failure, detail, lastPath)
                            VALUES (7, zeroblob(32), 1, 1, 8000, 1, 1, 1, 'WAV', 0, 0, 0, NULL, NULL, x''),
                            (8, zeroblob(31) || x'01', 1, 1, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 2, 'no', x'');
                        INSERT INTO file (id, directory, name, size, modified, changed, device, inode, state, content,
                            failure, detail, added)
                            VALUES (1, 1, x'61', 1, 1, 1, 1, 1, 1, 7, NULL, NULL, 1), (2, 1, x'62', 1, 1, 1, 1, 2, 2, 8, 2, 'no', 1),
                            (3, 1, x'63', 1, 1, 1, 1, 3, 3, NULL, 5, 'long', 1), (4, 1, x'64', 1, 1, 1, 1, 4, 2, NULL, 6, 'x', 1);
                        """)
            }
            try queue.close()
            try Catalog(opening: path).read { (reader) throws in
                #expect(try (1...4).map { try reader.file($0)?.state } == [.indexed, .pending, .pending, .failed])
                #expect(try reader.file(1)?.content == 7)
                #expect(try reader.content(7)?.sound?.note == nil)
                #expect(try reader.file(2)?.failure == nil)
                #expect(try reader.contentCount() == 1)
            }
        }
    }

    @Test func longContentsOfAnOlderDatabaseAreYetToGetEvents() throws {
        try withDatabase { path in
            let queue = try DatabaseQueue(path: path.string)
            try Schema.migrator.migrate(queue, upTo: "5")
            try queue.write { database in
                try database.execute(
                    sql: """
                        INSERT INTO directory (id, path) VALUES (1, x'2f73');
                        INSERT INTO content (id, hash, size, added, featureCount, soundingCount, lastPath)
                            VALUES (7, zeroblob(32), 1, 1, 87, 87, x''), (8, zeroblob(31) || x'01', 1, 1, 86, 86, x'');
                        INSERT INTO file (id, directory, name, size, modified, changed, device, inode, state, content,
                            added)
                            VALUES (1, 1, x'61', 1, 1, 1, 1, 1, 1, 7, 1), (2, 1, x'62', 1, 1, 1, 1, 2, 1, 8, 1);
                        """)
            }
            try queue.close()
            try Catalog(opening: path).read { (reader) throws in
                #expect(try reader.contentsWithoutEvents(limit: 9) == [7])
                #expect(try reader.eventEntries().isEmpty)
                #expect(try reader.eventFile() == nil)
            }
        }
    }

    @Test func contentsOfAnOlderDatabaseAreYetToGetFigures() throws {
        try withDatabase { path in
            let queue = try DatabaseQueue(path: path.string)
            try Schema.migrator.migrate(queue, upTo: "map")
            try queue.write { database in
                try database.execute(
                    sql: """
                        INSERT INTO content (id, hash, size, added, featureCount, soundingCount, failure, lastPath)
                            VALUES (7, zeroblob(32), 1, 1, 87, 87, NULL, x''),
                            (8, zeroblob(31) || x'01', 1, 1, 0, 0, 3, x''),
                            (9, zeroblob(31) || x'02', 1, 1, 5, 0, NULL, x'');
                        """)
            }
            try queue.close()
            let catalog = try Catalog(opening: path)
            #expect(try catalog.read { try $0.contentsWithoutFigures(limit: 9) } == [7, 9])
            #expect(try catalog.read { try $0.contentsWithoutFigures(limit: 1) } == [7])
            try catalog.write { try $0.setFigures([1, 2], of: 7) }
            #expect(try catalog.read { try $0.contentsWithoutFigures(limit: 9) } == [9])
            #expect(try catalog.read { try $0.content(7)?.figures } == [1, 2])
            try catalog.close()
        }
    }

    @Test func saysSoWhereThereIsNoPlaceForADatabase() throws {
        try withDatabase { path in
            let error = #expect(throws: CatalogError.self) { try Catalog(opening: path.appending("below")) }
            #expect(error?.reason == .unusable)
        }
    }

    /// As of a file that is another user's; nothing is refused to root, but links that go round in a circle.
    @Test func saysWhyTheSystemRefusesAFile() throws {
        try withDatabase { path in
            try FileManager.default.createSymbolicLink(atPath: path.string, withDestinationPath: path.string)
            let error = #expect(throws: CatalogError.self) { try Catalog(opening: path) }
            #expect(error?.reason == .unusable)
            #expect(error?.detail.hasSuffix(": \(Errno.tooManySymbolicLinkLevels)") == true, "\(error?.detail ?? "")")
        }
    }

    @Test(
        "An error is one line that names the file",
        arguments: [
            CatalogError.Reason.notACatalog, .newer, .damaged, .unusable,
        ])
    func errorsNameTheFile(reason: CatalogError.Reason) {
        let line = CatalogError("/var/lib/timbred/library.sqlite", reason, "why").description
        #expect(line.hasPrefix("/var/lib/timbred/library.sqlite: "))
        #expect(!line.contains("\n"))
    }

    @Test func aWriteThatThrowsLeavesNothing() throws {
        let test = try TemporaryCatalog()
        #expect(throws: Errno.ioError) {
            try test.catalog.write { writer in
                _ = try writer.add("/a/b.wav")
                _ = try writer.add(content: "x")
                throw Errno.ioError
            }
        }
        try test.catalog.read { (reader) throws in
            #expect(try reader.allDirectories().isEmpty)
            #expect(try reader.contentCount() == 0)
        }
    }

    @Test func aSnapshotStaysAsItWas() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { _ = try $0.add("/a.wav") }
        let snapshot = try test.catalog.snapshot()
        try test.catalog.write { _ = try $0.add("/b.wav", 2) }
        #expect(try snapshot.read { try $0.fileCounts().total } == 1)
        #expect(try test.catalog.read { try $0.fileCounts().total } == 2)
    }
}
