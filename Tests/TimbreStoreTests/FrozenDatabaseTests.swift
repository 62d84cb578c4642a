import Foundation
import GRDB
import Platform
import SystemPackage
import Testing

@testable import TimbreStore

struct FrozenDatabaseTests {
    private func copy(_ frozen: FrozenDatabase, to path: FilePath) throws {
        let piece: Int64 = 100_000
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: frozen.size, by: Int(piece)) {
            bytes += try frozen.bytes(start..<min(start + piece, frozen.size))
        }
        try Data(bytes).write(to: URL(filePath: path.string))
    }

    /// Adds files so that the log alone has to hold them.
    private func fill(_ catalog: Catalog, _ numbers: Range<Int>) throws {
        for number in numbers {
            try catalog.write { writer in
                let directory = try writer.directory(FilePath("/samples/\(number % 7)"))
                _ = try writer.addFile(
                    Array("\(number).wav".utf8), in: directory, identity: identity(1), at: Double(number))
            }
        }
    }

    private func withFolder(_ body: (FilePath) throws -> Void) throws {
        let folder = try temporaryFolder()
        defer { removeFolder(folder) }
        try body(folder)
    }

    @Test func aFrozenDatabaseIsOfOneMomentWhateverIsWrittenMeanwhile() throws {
        try withFolder { folder in
            let catalog = try Catalog(opening: folder.appending("library.sqlite"))
            try fill(catalog, 0..<300)
            let frozen = try #require(try catalog.freeze())
            let before = try frozen.bytes(0..<frozen.size)
            // More than the thousand pages behind which SQLite folds the log by itself.
            try fill(catalog, 300..<900)
            #expect(frozen.isUntouched)
            #expect(try frozen.bytes(0..<frozen.size) == before)
            let path = folder.appending("copy.sqlite")
            try copy(frozen, to: path)
            #expect(try DatabaseCopy(path).examine() == 300)
            let copied = try DatabaseQueue(path: path.string)
            #expect(try copied.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") } == "ok")
            #expect(try copied.read { try Int.fetchOne($0, sql: "SELECT max(added) FROM file") } == 299)
            try copied.close()
            #expect(try catalog.read { try $0.fileCounts().total } == 900)
            try catalog.close()
        }
    }

    @Test func whoReadsAnEarlierMomentKeepsADatabaseFromBeingFrozen() throws {
        try withFolder { folder in
            let catalog = try Catalog(opening: folder.appending("library.sqlite"))
            try fill(catalog, 0..<3)
            var earlier: CatalogSnapshot? = try catalog.snapshot()
            try fill(catalog, 3..<6)
            #expect(try catalog.freeze() == nil)
            #expect(try earlier?.read { try $0.fileCounts().total } == 3)
            earlier = nil
            #expect(try catalog.freeze()?.moment.read { try $0.fileCounts().total } == 6)
            try catalog.close()
        }
    }

    @Test func aWriteToTheFileIsNoticed() throws {
        try withFolder { folder in
            let path = folder.appending("library.sqlite")
            let catalog = try Catalog(opening: path)
            try fill(catalog, 0..<3)
            let frozen = try #require(try catalog.freeze())
            #expect(frozen.isUntouched)
            // The mode, which no reader minds, counts as a change of the file.
            let status = try FileManager.default.attributesOfItem(atPath: path.string)
            var changed = frozen.isUntouched
            let deadline = ContinuousClock.now + .seconds(20)
            while changed, ContinuousClock.now < deadline {
                try FileManager.default.setAttributes(
                    [.posixPermissions: status[.posixPermissions] ?? 0o644], ofItemAtPath: path.string)
                changed = frozen.isUntouched
            }
            #expect(!changed)
            try catalog.close()
        }
    }

    @Test func whatIsNoLibraryIsRefused() throws {
        try withFolder { folder in
            let path = folder.appending("other.sqlite")
            #expect(throws: CatalogError.self) { try DatabaseCopy(path).examine() }
            try Data("no database".utf8).write(to: URL(filePath: path.string))
            #expect(throws: CatalogError.self) { try DatabaseCopy(path).examine() }
            try FileManager.default.removeItem(atPath: path.string)
            let foreign = try DatabaseQueue(path: path.string)
            try foreign.write { try $0.execute(sql: "PRAGMA application_id = 7; CREATE TABLE file (id)") }
            try foreign.close()
            let error = #expect(throws: CatalogError.self) { try DatabaseCopy(path).examine() }
            #expect(error?.reason == .notACatalog)
        }
    }

    @Test func aLibraryOfALaterVersionIsRefused() throws {
        try withFolder { folder in
            let path = folder.appending("later.sqlite")
            try Catalog(opening: path).close()
            let later = try DatabaseQueue(path: path.string)
            try later.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('of the future')") }
            try later.close()
            #expect(throws: CatalogError(path, .newer)) { try DatabaseCopy(path).examine() }
        }
    }

    @Test func aCopyThatGoesItsOwnWayHasANameOfItsOwn() throws {
        try withFolder { folder in
            let path = folder.appending("library.sqlite")
            let catalog = try Catalog(opening: path)
            let name = try catalog.read { try $0.libraryName() }
            try catalog.close()
            try DatabaseCopy(path).rename()
            let renamed = try Catalog(opening: path)
            let other = try renamed.read { try $0.libraryName() }
            #expect(other != name && other.count == 32)
            try renamed.close()
        }
    }
}
