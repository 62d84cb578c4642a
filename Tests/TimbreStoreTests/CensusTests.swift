import ContentHash
import GRDB
import SystemPackage
import Testing

@testable import TimbreStore

struct CensusTests {
    /// The counts as plain queries give them.
    private func counted(_ reader: CatalogReader) throws -> (files: FileCounts, contents: Int, codes: [Int]) {
        var counts = FileCounts()
        for row in try Row.fetchAll(reader.database, sql: "SELECT state, isOffline FROM file") {
            let (state, isOffline): (Int, Bool) = (row[0], row[1])
            switch FileState(rawValue: state) {
            // Nobody counts an archive beside its members.
            case .opened: break
            case _ where isOffline: counts.offline += 1
            case .indexed: counts.indexed += 1
            case .failed: counts.failed += 1
            case .skipped: counts.skipped += 1
            case .pending, .unopened, nil: counts.pending += 1
            }
        }
        let contents = try Int.fetchOne(reader.database, sql: "SELECT count(*) FROM content") ?? 0
        let codes = try (1...2).map { model in
            try Int.fetchOne(reader.database, sql: "SELECT count(*) FROM code WHERE model = \(model)") ?? 0
        }
        return (counts, contents, codes)
    }

    private func expectRight(_ reader: CatalogReader) throws {
        let expected = try counted(reader)
        #expect(try reader.fileCounts() == expected.files)
        #expect(try reader.contentCount() == expected.contents)
        #expect(try (1...2).map { try reader.codeCount(model: Int64($0)) } == expected.codes)
        let parts = try ["/a", "/b"].map { try reader.fileCounts(under: FilePath($0)).total }
        #expect(parts.reduce(0, +) == expected.files.total)
    }

    /// One of the things that happen to a file.
    private func change(_ step: Int, _ writer: CatalogWriter, _ draw: (Int) -> Int) throws {
        let files = try writer.reader.files(under: "/")
        guard files.count > 3 else {
            let places: [FilePath] = ["/a", "/a/b", "/b"]
            try writer.add(places[step % 3].appending("\(step)"), Int64(step))
            return
        }
        var file = files[draw(files.count)]
        switch draw(9) {
        case 0: try writer.removeFile(file.id)
        case 1: try writer.setOffline(!file.isOffline, file: file.id)
        case 2:
            file.state = FileState(rawValue: draw(7)) ?? .pending
            try writer.update(file)
        case 3: _ = try writer.renew(file, at: 1)
        case 4: _ = try writer.moveFile(file.id, to: Array("m\(step)".utf8), in: try writer.directory("/b"))
        case 5: try writer.removeEmptyDirectories()
        case 6:
            let content = try writer.add(content: "\(step)")
            let code = CodeRecord(spans: [], frames: [], vectors: [])
            for model in 1...2 { try writer.setCode(code, of: content, model: Int64(model)) }
            try writer.setCode(code, of: content, model: 2)
        case 7: for content in try writer.reader.orphans(limit: 1) { try writer.removeContent(content.id) }
        default: try writer.add(FilePath("/a/c\(draw(3))/\(step)"), Int64(step))
        }
    }

    @Test func whateverHappensTheCountsAreThoseOfTheRows() throws {
        let test = try TemporaryCatalog()
        var generator = SystemRandomNumberGenerator()
        try test.catalog.write { writer in
            for number in 1...2 { _ = try writer.addModel(.init(of: [UInt8(number)]), data: [], origin: "", at: 1) }
        }
        for step in 0..<400 {
            try test.catalog.write { writer in
                try change(step, writer) { Int.random(in: 0..<$0, using: &generator) }
                try expectRight(writer.reader)
            }
        }
    }

    @Test func aLibraryOfAnEarlierVersionIsCountedOnce() throws {
        let folder = try temporaryFolder()
        defer { removeFolder(folder) }
        let path = folder.appending("library.sqlite")
        let first = try Catalog(opening: path)
        try first.write { writer in
            for number in 0..<5 { try writer.setOffline(number == 0, file: writer.add(FilePath("/a/\(number)")).id) }
            _ = try writer.add(content: "1")
            let triggers = try String.fetchAll(
                writer.database,
                sql: "SELECT name FROM sqlite_schema WHERE name GLOB '*Census' OR name GLOB '*Tally'")
            #expect(triggers.count == 8)
            for name in triggers { try writer.database.execute(sql: "DROP TRIGGER \(name)") }
            try writer.database.execute(
                sql: "DROP TABLE census; DROP TABLE tally; DELETE FROM grdb_migrations WHERE identifier = 'census'")
        }
        try first.close()
        let catalog = try Catalog(opening: path)
        #expect(try catalog.read { try $0.fileCounts(under: "/a") } == FileCounts(pending: 4, offline: 1))
        #expect(try catalog.read { try $0.contentCount() } == 1)
        try catalog.close()
    }
}
