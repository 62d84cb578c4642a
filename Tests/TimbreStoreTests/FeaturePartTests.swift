import ContentHash
import GRDB
import SoundFeatures
import Testing

@testable import TimbreStore

/// Parts of features, which lie in blocks of 4,096 frames.
struct FeaturePartTests {
    @Test("Some frames are those of the whole", arguments: [0, 1, 4095, 4096, 4097, 8192, 9000])
    func areThoseOfTheWhole(count: Int) throws {
        let test = try TemporaryCatalog()
        let features = frames(count)
        let stride = FeatureFrames.bandStride
        let id = try test.catalog.write { writer in
            let id = try writer.addContent(
                ContentHash(of: [1]), size: 3, sound: sound, features: features, soundingCount: 0, path: [], at: 1
            ).id
            _ = try writer.add(content: "after")
            return id
        }
        let ends = [0, 1, 2, 4000, 4095, 4096, 4097, 8191, 8192, 8193, 8999, 9000, 9001, 20_000]
        try test.catalog.read { (reader) throws in
            for start in ends {
                for end in ends where end >= start {
                    let part = (start..<end).clamped(to: 0..<count)
                    let whole = features.bands[part.lowerBound * stride..<part.upperBound * stride]
                    #expect(try reader.bands(of: id, frames: start..<end) == Array(whole))
                }
            }
        }
    }

    @Test func aContentThatIsGoneHasNoFrames() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let id = try writer.add(content: "gone")
            #expect(try writer.reader.bands(of: id, frames: 0..<1).count == FeatureFrames.bandStride)
            try writer.removeContent(id)
            #expect(try writer.reader.bands(of: id, frames: 0..<1) == [])
        }
    }

    @Test func aPartOfABlobEndsWithIt() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            try writer.database.execute(sql: "INSERT INTO bands (key, data) VALUES (3, x'0a0b0c0d'), (4, x'')")
            let cases: [(Range<Int>, Int64, [UInt8])] = [
                (0..<4, 3, [10, 11, 12, 13]), (1..<3, 3, [11, 12]), (2..<9, 3, [12, 13]), (2..<2, 3, []),
                (4..<9, 3, []),
                (7..<9, 3, []), (0..<1, 4, []), (0..<1, 5, []),
            ]
            for (range, row, bytes) in cases {
                #expect(try writer.database.bytes(range, ofColumn: "data", row: row, of: "bands") == bytes)
            }
        }
    }

    @Test("What cannot be read is an error, and not empty", arguments: [("bands", "date"), ("band", "data")])
    func errors(table: String, column: String) throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            try writer.database.execute(sql: "INSERT INTO bands (key, data) VALUES (3, x'0a')")
            #expect(throws: DatabaseError.self) {
                try writer.database.bytes(0..<1, ofColumn: column, row: 3, of: table)
            }
        }
    }
}
