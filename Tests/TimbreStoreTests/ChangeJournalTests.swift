import ContentHash
import GRDB
import Platform
import SystemPackage
import Testing

@testable import TimbreStore

/// A copy of a library that is kept up to date by its journal alone.
private struct Copy {
    var cursor: ChangeCursor?
    var directories: [Int64: [UInt8]] = [:]
    var files: [Int64: ChangedFile] = [:]

    /// Reads all that there is, some changes at a time.
    mutating func catchUp(_ catalog: Catalog, limit: Int = 3) throws {
        for _ in 0..<1000 {
            let changes = try #require(
                try catalog.read { try $0.changes(after: cursor, limit: limit, size: 1 << 20) })
            if changes.isAnew { (directories, files) = ([:], [:]) }
            for (id, path) in changes.directories { directories[id] = path }
            for file in changes.files { files[file.id] = file }
            for id in changes.gone { files[id] = nil }
            cursor = changes.next
            if changes.isLast { return }
        }
        Issue.record("the journal has no end")
    }

    /// Compares itself with the rows of the library.
    func check(against catalog: Catalog, model: Int64, _ comment: Comment = "") throws {
        var rows: [Int64: ChangedFile] = [:]
        try catalog.read { reader in
            #expect(
                directories == Dictionary(uniqueKeysWithValues: try reader.allDirectories().map { ($0.id, $0.path) }),
                comment)
            try reader.forEachIndexRow(model: model) { row in
                let content = try #require(try reader.file(row.file)?.content)
                rows[row.file] = ChangedFile(
                    id: row.file, directory: row.directory, name: row.name, added: row.added,
                    isOffline: row.isOffline, hash: try #require(try reader.hash(ofContent: content)),
                    size: Int(try #require(try reader.content(content)).size), duration: row.duration,
                    channelCount: row.channelCount,
                    sampleCount: row.sampleCount,
                    code: CodeRecord(spans: row.spans, frames: [], vectors: row.vectors))
            }
        }
        #expect(files == rows, comment)
    }
}

struct ChangeJournalTests {
    /// Two models, the first of which is live, and indexed files 1 to 6, of which the fifth and the sixth hold the same.
    private func library() throws -> TemporaryCatalog {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            for number in 1...2 as ClosedRange<UInt8> {
                _ = try writer.addModel(ContentHash(of: [number]), data: [number], origin: "import", at: 0)
            }
            try writer.setLiveModel(1)
            for number in 1...6 as ClosedRange<Int64> { try index(number, writer) }
        }
        return test
    }

    /// Adds a file as ingest does: the content, its codes, then the file.
    private func index(_ number: Int64, _ writer: CatalogWriter) throws {
        let content =
            number == 6
            ? 5 : try writer.add(content: "\(number) \(try writer.reader.contentCount())")
        if number != 6 {
            for model in 1...2 as ClosedRange<Int64> {
                try writer.setCode(
                    CodeRecord(spans: [UInt8(number)], frames: [], vectors: [1]), of: content, model: model)
            }
        }
        var file = try writer.add(FilePath("/\(number % 2 == 0 ? "a" : "b")/\(number)"), number)
        (file.state, file.content) = (.indexed, content)
        try writer.update(file)
    }

    @Test func aCopyFollowsWhateverIsDone() throws {
        var generator = SystemRandomNumberGenerator()
        for round in 0..<40 {
            let test = try library()
            var (copy, next) = (Copy(), Int64(7))
            var done: [Int] = []
            for _ in 0..<12 {
                let (kind, file) = (Int.random(in: 0..<11, using: &generator), Int64.random(in: 1...8))
                done.append(kind)
                try test.catalog.write { writer in
                    let record = try writer.reader.file(file)
                    switch (kind, record) {
                    case (0, _):
                        try index(next, writer)
                        next += 1
                    case (1, let record?): try writer.removeFile(record.id)
                    case (2, let record?): try writer.moveFile(record.id, to: [9, 0xFF], in: record.directory)
                    case (3, let record?): try writer.setOffline(!record.isOffline, file: record.id)
                    case (4, let record?): _ = try writer.renew(record, at: 50)
                    case (5, var record?):
                        record.state = .pending
                        try writer.update(record)
                    case (6, _):
                        let (old, new) = round % 2 == 0 ? ("/a", "/c") : ("/b", "/d")
                        guard try writer.reader.directory(FilePath(new)) == nil else { return }
                        _ = try writer.moveDirectory(FilePath(old), to: FilePath(new))
                    case (7, let record?):
                        guard let content = record.content else { return }
                        try writer.setCode(
                            CodeRecord(spans: [77], frames: [], vectors: [UInt8(next)]), of: content,
                            model: Int64.random(in: 1...2))
                    case (8, let record?):
                        guard let content = record.content else { return }
                        _ = try writer.retag(content, as: ContentHash(of: [UInt8(next), 5]), size: 5, at: 1)
                        next += 1
                    case (9, _): try writer.removeEmptyDirectories()
                    case (10, _): try writer.beginHistory()
                    default: break
                    }
                }
                if Bool.random(using: &generator) { try copy.catchUp(test.catalog) }
            }
            try copy.catchUp(test.catalog)
            try copy.check(against: test.catalog, model: 1, "\(done)")
            let counts = try test.catalog.read { reader in
                try reader.database.all("SELECT count(*) FROM change GROUP BY kind, item") { $0.int(0) }
            }
            #expect(counts.allSatisfy { $0 == 1 })
        }
    }

    @Test func underAnotherModelEverythingIsReadAnew() throws {
        let test = try library()
        var copy = Copy()
        try copy.catchUp(test.catalog)
        try test.catalog.write { try $0.setLiveModel(2) }
        var other = Copy()
        try other.catchUp(test.catalog)
        try other.check(against: test.catalog, model: 2)
        // What a model that is not live is given changes nothing.
        let last = try test.catalog.read { try $0.lastChange() }
        try test.catalog.write { try $0.setCode(CodeRecord(spans: [3], frames: []), of: 2, model: 1) }
        #expect(try test.catalog.read { try $0.lastChange() } == last)
        try test.catalog.write { try $0.setCode(CodeRecord(spans: [3], frames: []), of: 2, model: 2) }
        #expect(try test.catalog.read { try $0.lastChange() } == last + 1)
    }

    @Test func whatNobodyCanFindIsNoChange() throws {
        let test = try library()
        let last = try test.catalog.read { try $0.lastChange() }
        try test.catalog.write { writer in
            let file = try writer.add("/a/pending", 9)
            try writer.moveFile(file.id, to: [7], in: file.directory)
            try writer.removeFile(file.id)
            var indexed = try #require(try writer.reader.file(1))
            (indexed.identity.inode, indexed.tries) = (99, 4)
            try writer.update(indexed)
        }
        #expect(try test.catalog.read { try $0.lastChange() } == last)
    }

    @Test func aLibraryOfEarlierKnowsItsOwnNumbersOnly() throws {
        let test = try library()
        let path = test.folder.appending("copy.sqlite")
        try test.catalog.write { try $0.beginHistory() }
        var copy = Copy()
        try copy.catchUp(test.catalog)
        let backup = copy.cursor
        let beside = try DatabaseQueue(path: test.catalog.path.string)
        try beside.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [path.string]) }
        try beside.close()
        try test.catalog.write { try $0.removeFile(1) }
        try copy.catchUp(test.catalog)

        let restored = try Catalog(opening: path)
        // More happens to it than to the one that it was copied from, so that its numbers go beyond the others.
        try restored.write { writer in
            try writer.beginHistory()
            for file: Int64 in 2...6 { try writer.removeFile(file) }
        }
        #expect(try #require(try restored.read { try $0.changes(after: copy.cursor, limit: 9, size: 9) }).isAnew)
        #expect(try !#require(try restored.read { try $0.changes(after: backup, limit: 9, size: 9) }).isAnew)
        try copy.catchUp(restored)
        try copy.check(against: restored, model: 1)
        #expect(try restored.read { try $0.libraryName() } == test.catalog.read { try $0.libraryName() })
        try restored.close()
    }

    @Test func whatAnOlderLibraryHoldsIsInItsJournal() throws {
        let folder = try temporaryFolder()
        defer { removeFolder(folder) }
        let path = folder.appending("library.sqlite")
        let queue = try DatabaseQueue(path: path.string)
        let versions = Schema.migrator.migrations
        let before = try #require(versions.firstIndex(of: "changes")) - 1
        try Schema.migrator.migrate(queue, upTo: versions[before])
        try queue.write { database in
            let writer = CatalogWriter(database: database)
            for number in 1...2 as ClosedRange<UInt8> {
                _ = try writer.addModel(ContentHash(of: [number]), data: [number], origin: "import", at: 0)
            }
            try writer.setLiveModel(1)
            for number in 1...5 as ClosedRange<Int64> { try index(number, writer) }
            _ = try writer.add("/a/pending", 9)
        }
        try queue.close()
        let catalog = try Catalog(opening: path)
        var copy = Copy()
        try copy.catchUp(catalog)
        #expect(copy.files.count == 5)
        try copy.check(against: catalog, model: 1)
        let names = try [catalog.read { try $0.libraryName() }, library().catalog.read { try $0.libraryName() }]
        #expect(names[0].count == 32 && names[0] != names[1])
        try catalog.close()
    }

    @Test func oldChangesOfWhatIsGoneCanBeForgotten() throws {
        let test = try library()
        var copy = Copy()
        try copy.catchUp(test.catalog)
        let behind = copy.cursor
        try test.catalog.write { writer in
            try writer.removeFile(2)
            // As if a million changes had followed.
            try writer.database.execute(sql: "UPDATE sqlite_sequence SET seq = seq + 1000001 WHERE name = 'change'")
            try writer.removeFile(3)
            try writer.forgetOldChanges()
        }
        let items = try test.catalog.read { reader in
            try reader.database.all("SELECT item FROM change WHERE kind = 1 ORDER BY item") { $0.integer(0) }
        }
        #expect(items == [1, 3, 4, 5, 6])
        #expect(try #require(try test.catalog.read { try $0.changes(after: behind, limit: 9, size: 9) }).isAnew)
        try copy.catchUp(test.catalog)
        try copy.check(against: test.catalog, model: 1)
    }

    @Test func aPageEndsBehindALongRecording() throws {
        let test = try library()
        try test.catalog.write { writer in
            let code = CodeRecord(spans: [UInt8](repeating: 1, count: 5000), frames: [])
            for content: Int64 in 1...3 { try writer.setCode(code, of: content, model: 1) }
        }
        let changes = try #require(try test.catalog.read { try $0.changes(after: nil, limit: 100, size: 4000) })
        // What comes first is small.
        #expect(!changes.isLast && changes.files.map(\.id) == [4, 5, 6, 1])
    }
}
