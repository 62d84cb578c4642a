import ContentHash
import SoundFeatures
import SystemPackage
import Testing

@testable import TimbreStore

struct ModelTests {
    private func addModel(_ number: UInt8, _ writer: CatalogWriter) throws -> Int64 {
        try writer.addModel(ContentHash(of: [number]), data: [number], origin: "import", at: Double(number))
    }

    @Test func aModelThatIsKnownKeepsItsNumber() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let (one, two) = (try addModel(1, writer), try addModel(2, writer))
            #expect(one != two)
            #expect(try addModel(1, writer) == one)
            #expect(try writer.reader.models().map(\.id) == [one, two])
            #expect(try writer.reader.modelData(two) == [2])
            #expect(try writer.reader.modelData(99) == nil)
            #expect(try writer.reader.liveModel() == nil)
            try writer.setLiveModel(two)
            try writer.setLiveModel(one)
            #expect(try writer.reader.liveModel() == one)
        }
    }

    @Test func codesAreThoseOfOneModel() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let (one, two) = (try addModel(1, writer), try addModel(2, writer))
            let contents = try (0..<5).map { try writer.add(content: "c\($0)") }
            let code = CodeRecord(spans: Array(0..<32), frames: [0, 255, 7], vectors: Array(0..<192))
            try writer.setCode(CodeRecord(spans: [], frames: []), of: contents[1], model: one)
            try writer.setCode(code, of: contents[1], model: one)
            #expect(try writer.reader.code(of: contents[1], model: one) == code)
            #expect(try writer.reader.code(of: contents[1], model: two) == nil)
            #expect(try writer.reader.contentsWithoutCode(model: two, limit: 9) == contents)
            let missing = [contents[0]] + contents[2...]
            #expect(try writer.reader.contentsWithoutCode(model: one, limit: 9) == missing)
            #expect(try writer.reader.contentsWithoutCode(model: one, limit: 2) == Array(missing[..<2]))
            #expect(
                try writer.reader.contentsWithoutCode(model: one, after: contents[2], limit: 9) == Array(missing[2...]))
        }
    }

    @Test func settingsAreOverwritten() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            #expect(try writer.reader.setting("paused") == nil)
            try writer.set("paused", to: 1)
            try writer.set("paused", to: .min)
            #expect(try writer.reader.setting("paused") == .min)
        }
    }

    @Test func theCodesOfAFilesFramesAreThoseOfItsContent() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let (live, other) = (try addModel(1, writer), try addModel(2, writer))
            let content = try writer.add(content: "known")
            try writer.setCode(CodeRecord(spans: [], frames: [3, 255]), of: content, model: live)
            var file = try writer.add("/a/known")
            #expect(try writer.reader.frames(ofFile: file.id, model: live) == nil)
            (file.state, file.content) = (.indexed, content)
            try writer.update(file)
            #expect(try writer.reader.frames(ofFile: file.id, model: live) == [3, 255])
            #expect(try writer.reader.frames(ofFile: file.id, model: other) == nil)
            #expect(try writer.reader.frames(ofFile: file.id + 1, model: live) == nil)
        }
    }

    @Test func aRowOfAListTellsWhatIsKnown() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let (live, other) = (try addModel(1, writer), try addModel(2, writer))
            let content = try writer.add(content: "known")
            try writer.setCode(CodeRecord(spans: [1, 2], frames: [3]), of: content, model: live)
            var file = try writer.add("/a/known")
            (file.state, file.content) = (.indexed, content)
            try writer.update(file)
            let waiting = try writer.add("/a/b/waiting")
            var rows: [ListingRow] = []
            rows += try writer.reader.listingPage(under: "/a", model: live, after: nil, limit: 100)
            #expect(rows.map(\.file) == [file, waiting])
            #expect(rows[0].hash == ContentHash(of: Array("known".utf8)))
            #expect((rows[0].sound, rows[0].spans) == (sound, [1, 2]))
            #expect(rows[1].hash == nil && rows[1].sound == nil && rows[1].spans == nil)
            #expect(rows.map(\.directory) == [Array("/a".utf8), Array("/a/b".utf8)])
            var spans: [[UInt8]?] = []
            spans += try writer.reader.listingPage(under: nil, model: other, after: nil, limit: 100).map(\.spans)
            #expect(spans == [nil, nil])
        }
    }

    @Test func pagesOfAListAreTheWholeList() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let model = try addModel(1, writer)
            for path in ["/a/2", "/a/1", "/a/b/1", "/a-/1", "/a/b/3", "/b/1"] { try writer.add(FilePath(path)) }
            func listing(under path: FilePath?, by limit: Int) throws -> [FileRecord] {
                var (rows, last): ([ListingRow], ListingRow?) = ([], nil)
                repeat {
                    let page = try writer.reader.listingPage(
                        under: path, model: model, after: last.map { ($0.directory, $0.file.name) }, limit: limit)
                    rows += page
                    last = page.last
                } while last != nil
                return rows.map(\.file)
            }
            for path in [nil, "/a"] as [FilePath?] {
                let whole = try listing(under: path, by: 100)
                #expect(whole.count == (path == nil ? 6 : 4))
                for limit in 1...3 { #expect(try listing(under: path, by: limit) == whole) }
            }
        }
    }

    @Test func theIndexIsFilledWithIndexedFilesOnly() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let model = try addModel(1, writer)
            let content = try writer.add(content: "known")
            try writer.setCode(CodeRecord(spans: [5], frames: []), of: content, model: model)
            for (name, state) in [("a", FileState.indexed), ("b", .failed), ("c", .pending)] {
                var file = try writer.add(FilePath("/\(name)"))
                (file.state, file.content, file.isOffline) = (state, content, name == "a")
                try writer.update(file)
            }
            var rows: [IndexRow] = []
            try writer.reader.forEachIndexRow(model: model) { rows.append($0) }
            #expect(rows.map(\.name) == [Array("a".utf8)])
            #expect(rows.first?.isOffline == true)
            #expect(rows.first?.duration == 2)
            #expect(rows.first?.spans == [5])
        }
    }

    @Test func anAttemptIsSuspectOnlyAfterTheMachineWentDown() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let (first, second) = (try writer.add("/1").id, try writer.add("/2").id)
            try writer.noteAttempt(on: first, boot: "A")
            try writer.noteAttempt(on: first, boot: "A")
            try writer.noteAttempt(on: second, boot: "A")
            try writer.clearAttempt(on: second)
            let suspects = try writer.takeSuspects(boot: "B")
            #expect(suspects.map(\.file) == [first] && suspects.map(\.count) == [1])
            try writer.noteAttempt(on: first, boot: "B")
            #expect(try writer.takeSuspects(boot: "C").map(\.count) == [2])
        }
    }

    @Test func anAttemptThatTheMachineSurvivedSaysNothing() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let file = try writer.add("/1").id
            try writer.noteAttempt(on: file, boot: "A")
            #expect(try writer.takeSuspects(boot: "A").isEmpty)
            #expect(try writer.takeSuspects(boot: "B").isEmpty)
            try writer.noteAttempt(on: file, boot: "B")
            try writer.removeFile(file)
            #expect(try writer.takeSuspects(boot: "C").isEmpty)
        }
    }

    @Test func anAttemptThatIsWithdrawnLeavesTheEarlierOnes() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let (suspect, other) = (try writer.add("/1").id, try writer.add("/2").id)
            try writer.noteAttempt(on: suspect, boot: "A")
            for file in [suspect, other] { try writer.noteAttempt(on: file, boot: "B") }
            try writer.withdrawAttempts(boot: "B")
            let left = try writer.takeSuspects(boot: "C")
            #expect(left.map(\.file) == [suspect] && left.map(\.count) == [1])
        }
    }
}
