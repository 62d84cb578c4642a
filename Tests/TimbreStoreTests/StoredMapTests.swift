import ContentHash
import Platform
import SystemPackage
import Testing

@testable import TimbreStore

struct StoredMapTests {
    /// Contents 1 to 3, of which the first two are held by files 1 and 2, and by a copy, file 3, of the first.
    private func library() throws -> TemporaryCatalog {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            #expect(try writer.addModel(ContentHash(of: [1]), data: [1], origin: "default", at: 0) == 1)
            for name in ["a", "b", "c"] { _ = try writer.add(content: name) }
            for (number, content) in [(1, 1), (2, 2), (3, 1)] as [(Int64, Int64)] {
                var file = try writer.add(FilePath("/a/\(number)"), number)
                (file.state, file.content) = (.indexed, content)
                try writer.update(file)
            }
        }
        return test
    }

    private func places(_ contents: Int64...) -> [MapPlace] {
        contents.map { MapPlace(content: $0, x: Int16($0), y: -32_767, isLearnt: $0 == 1) }
    }

    @Test func aMapIsInUseOnceItHasAllItsPlaces() throws {
        let test = try library()
        try test.catalog.write { writer in
            let map = try writer.addMap(model: 1)
            try writer.setPlaces(places(1, 2), on: map)
            #expect(try writer.reader.map() == nil)
            try writer.useMap(map, soundCount: 2, at: 5)
            #expect(try writer.reader.map() == MapRecord(id: map, model: 1, learnt: 5, soundCount: 2))
        }
    }

    @Test func everyFileLiesWhereItsContentDoes() throws {
        let test = try library()
        var found: [Int64: MapPlace] = [:]
        try test.catalog.write { writer in
            let map = try writer.addMap(model: 1)
            try writer.setPlaces(places(1, 2, 3), on: map)
            try writer.reader.forEachFile(on: map) { found[$0] = $1 }
            #expect(try writer.reader.place(of: 3, on: map) == places(3)[0])
            #expect(try writer.reader.place(of: 3, on: map + 1) == nil)
        }
        #expect(found == [1: places(1)[0], 2: places(2)[0], 3: places(1)[0]])
    }

    @Test func contentsComeByHashWithTheirOldestFiles() throws {
        let test = try library()
        let found = try test.catalog.read { try $0.contentsWithFile() }
        let expected = [(Int64(1), "a"), (2, "b")].sorted {
            ContentHash(of: Array($0.1.utf8)).bytes.lexicographicallyPrecedes(ContentHash(of: Array($1.1.utf8)).bytes)
        }
        #expect(found.map(\.content) == expected.map(\.0) && found.map(\.file) == found.map(\.content))
    }

    @Test func whatIsForgottenHasNoPlace() throws {
        let test = try library()
        try test.catalog.write { writer in
            let map = try writer.addMap(model: 1)
            try writer.removeContent(3)
            // Content 9 never was.
            try writer.setPlaces(places(1, 3, 9), on: map)
            #expect(try writer.reader.place(of: 3, on: map) == nil)
            #expect(try writer.reader.place(of: 1, on: map) != nil)
            let other = try writer.add(content: "d")
            try writer.setPlaces(places(other), on: map)
            try writer.removeContent(other)
            #expect(try writer.reader.place(of: other, on: map) == nil)
        }
    }

    @Test func otherMapsGoALittleAtATime() throws {
        let test = try library()
        try test.catalog.write { writer in
            let maps = try (0..<3).map { _ in try writer.addMap(model: 1) }
            for map in maps { try writer.setPlaces(places(1, 2), on: map) }
            try writer.useMap(maps[1], soundCount: 2, at: 5)
            #expect(try !writer.removeOtherPlaces(than: maps[1], limit: 3))
            #expect(try writer.removeOtherPlaces(than: maps[1], limit: 3))
            #expect(try writer.reader.map()?.id == maps[1])
            #expect(try maps.map { try writer.reader.place(of: 2, on: $0) != nil } == [false, true, false])
            #expect(try writer.addMap(model: 1) > maps[2])
        }
    }
}
