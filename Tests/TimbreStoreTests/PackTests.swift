import ContentHash
import GRDB
import Platform
import SoundFeatures
import SystemPackage
import Testing

@testable import TimbreStore

struct PackTests {
    /// Indexed files 1 to 6, the contents of which are 1 to 6, with codes of two models; 1 to 4 are packed for the first.
    private func packed() throws -> TemporaryCatalog {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            for number in 1...2 as ClosedRange<UInt8> {
                #expect(
                    try writer.addModel(ContentHash(of: [number]), data: [number], origin: "import", at: 0) == number)
            }
            for number in 1...6 as ClosedRange<Int64> {
                let content = try writer.add(content: "\(number)")
                for model in 1...2 as ClosedRange<Int64> {
                    try writer.setCode(CodeRecord(spans: [], frames: []), of: content, model: model)
                }
                var file = try writer.add(FilePath("/a/\(number)"), number)
                (file.state, file.content) = (.indexed, content)
                try writer.update(file)
                #expect((file.id, content) == (number, number))
            }
            try writer.setPacks([(PackRecord(last: 4, model: 1, fileCount: 4), [7, 8])], of: 1...4)
            #expect(try writer.reader.touchedFiles() == [])
        }
        return test
    }

    private func touched(
        _ test: TemporaryCatalog, by change: (CatalogWriter) throws -> Void
    ) throws -> [Int64] {
        try test.catalog.write { try change($0) }
        return try test.catalog.read { try $0.touchedFiles() }
    }

    @Test func whatChangesAnIndexRowTouchesThePackedFile() throws {
        #expect(try touched(packed()) { try $0.moveFile(2, to: Array("new".utf8), in: 1) } == [2])
        #expect(try touched(packed()) { try $0.moveFile(2, to: Array("3".utf8), in: 1) } == [2, 3])
        #expect(try touched(packed()) { try $0.removeFile(4) } == [4])
        #expect(try touched(packed()) { for id: Int64 in 1...4 { try $0.setOffline(true, file: id) } } == [1, 2, 3, 4])
        #expect(try touched(packed()) { _ = try $0.forgetFailure(3) } == [3])
        let changes: [(inout FileRecord) -> Void] = [
            { $0.state = .failed }, { $0.content = 6 }, { $0.added = 77 }, { $0.isOffline = true },
        ]
        for change in changes {
            let found = try touched(packed()) { writer in
                var file = try #require(try writer.reader.file(3))
                change(&file)
                try writer.update(file)
            }
            #expect(found == [3])
        }
        let renewed = try touched(packed()) { writer in
            let file = try writer.renew(try #require(try writer.reader.file(1)), at: 9)
            #expect(file.id == 7)
        }
        #expect(renewed == [1])
        let code = CodeRecord(spans: [1], frames: [])
        #expect(try touched(packed()) { try $0.setCode(code, of: 2, model: 1) } == [2])
        let sql = "UPDATE content SET frameCount = 5 WHERE id = 2"
        #expect(try touched(packed()) { try $0.database.execute(sql: sql) } == [2])
        #expect(try touched(packed()) { try $0.database.execute(sql: "DELETE FROM code WHERE content = 4") } == [4])
        #expect(
            try touched(packed()) { try $0.database.execute(sql: "UPDATE code SET spans = x'00'") } == [1, 2, 3, 4])
    }

    @Test func whatChangesNoneDoesNot() throws {
        let found = try touched(packed()) { writer in
            var file = try #require(try writer.reader.file(3))
            (file.identity.device, file.identity.changed, file.tried, file.tries) = (5, 6, 7, 8)
            try writer.update(file)
            // A code of another model, a directory by its number, and what is not packed.
            try writer.setCode(CodeRecord(spans: [1], frames: []), of: 2, model: 2)
            _ = try writer.moveDirectory("/a", to: "/b")
            try writer.removeFile(5)
            try writer.moveFile(6, to: Array("new".utf8), in: 1)
            try writer.setLastPath([1], ofContent: 2)
            try writer.add("/a/9")
        }
        #expect(found == [])
    }

    @Test func aContentOfSeveralFilesTouchesThemAll() throws {
        let test = try packed()
        try test.catalog.write { writer in
            var file = try #require(try writer.reader.file(4))
            file.content = 1
            try writer.update(file)
            try writer.setPacks([(PackRecord(last: 4, model: 1, fileCount: 4), [])], of: 1...4)
        }
        #expect(try touched(test) { try $0.setCode(CodeRecord(spans: [1], frames: []), of: 1, model: 1) } == [1, 4])
    }

    @Test func whatIsTakenBackTouchesNothing() throws {
        struct Refused: Error {}
        let test = try packed()
        #expect(throws: Refused.self) {
            try test.catalog.write { writer in
                try writer.removeFile(4)
                throw Refused()
            }
        }
        #expect(try touched(test) { _ in } == [])
    }

    @Test func packsTakeTheirPlaces() throws {
        let test = try packed()
        try test.catalog.write { writer in
            try writer.removeFile(2)
            try writer.removeFile(3)
            let first = PackRecord(last: 2, model: 1, fileCount: 1)
            let second = PackRecord(last: 6, model: 2, fileCount: 2)
            try writer.setPacks([(second, [6])], of: 5...6)
            #expect(try writer.reader.touchedFiles() == [2, 3])
            try writer.setPacks([(first, [1]), (PackRecord(last: 4, model: 1, fileCount: 1), [4])], of: 1...4)
            #expect(try writer.reader.touchedFiles() == [])
            #expect(try writer.reader.packs().map(\.last) == [2, 4, 6])
            var seen: [Int64: Int?] = [:]
            try writer.reader.forEachPack(of: 1) { pack, bytes in
                if let bytes { seen[pack.last] = bytes.byteCount } else { seen[pack.last] = .some(nil) }
            }
            #expect(seen == [2: 1, 4: 1, 6: nil])
            // Each pack is of its own model.
            try writer.setCode(CodeRecord(spans: [9], frames: []), of: 4, model: 2)
            try writer.setCode(CodeRecord(spans: [9], frames: []), of: 5, model: 2)
            #expect(try writer.reader.touchedFiles() == [5])
            try writer.setPacks([], of: 5...6)
            #expect(try writer.reader.packs().map(\.last) == [2, 4] && writer.reader.touchedFiles().isEmpty)
        }
    }

    @Test func rowsAreThoseAskedFor() throws {
        let test = try packed()
        try test.catalog.write { writer in
            func rows(_ rows: IndexRows) throws -> [Int64] {
                var found: [Int64] = []
                try writer.reader.forEachIndexRow(model: 1, rows) { found.append($0.file) }
                return found
            }
            #expect(try rows(.files(.min ... .max)) == [1, 2, 3, 4, 5, 6])
            #expect(try rows(.files(2...4)) == [2, 3, 4])
            try writer.removeFile(1)
            try writer.moveFile(3, to: [1], in: 1)
            #expect(try rows(.touched) == [3])
        }
    }
}
