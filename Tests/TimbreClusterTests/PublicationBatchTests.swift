import ClusterShards
import ContentHash
import Testing
import TimbreWire
import Varlink

@testable import ShardConnections
@testable import TimbreCluster

struct PublicationBatchTests {
    /// What a shard takes in, as far as it is looked at here.
    private struct Sent: Decodable {
        struct File {
            var id: Int
            var name: [UInt8]
            var hash: [UInt8]
            var low: [Double]?
            var high: [Double]?

            init(_ row: [[UInt8]?]) {
                id = CopiedTable.integer(row[0]) ?? 0
                (name, hash) = (row[2] ?? [], row[5] ?? [])
                (low, high) = (CopiedTable.point(row[11]), CopiedTable.point(row[12]))
            }
        }

        struct Directory: Decodable {
            var id: Int
            var path: Base64?
        }

        var map: Int
        var shards: Int
        var from: Int
        var fromHistory: String
        var files: [File] = []
        var gone: [Int]
        var directories: [Directory]

        private enum CodingKeys: String, CodingKey {
            case map, shards, from
            case fromHistory = "from_history"
            case gone, directories
        }
    }

    private static func hash(_ number: UInt8) -> String { ContentHash(of: [number]).description }

    private func file(_ id: Int, _ codes: [UInt8], _ vectors: [UInt8]) -> Changes.File {
        Changes.File(
            id: id, directory: 1, name: WirePath([0x61, 0xFF]), added: 5, offline: false,
            content: Self.hash(UInt8(id)), size: 44, duration: 1, channels: 2, samples: 22_050, codes: Base64(codes),
            vectors: Base64(vectors))
    }

    private func changes(_ files: [Changes.File]) -> Changes.Reply {
        Changes.Reply(
            library: "ab", model: Self.hash(0), next: 9, history: "cd", anew: false, last: true,
            directories: [
                Changes.Directory(id: 1, path: WirePath([0x2F, 0xFE])), Changes.Directory(id: 2, path: nil),
            ], files: files, gone: [77])
    }

    private func sent(_ changes: Changes.Reply, shard: Int = 1, of count: Int = 1) throws -> Sent {
        let position = PublicationPosition(next: 4, history: "ef", isComplete: true)
        let batch = try PublicationBatch(
            changes, from: position, to: shard, for: ShardMap(number: 2, shardCount: count, isReady: false))
        var sent = try JSON.decode(Sent.self, from: batch.changes)
        let table = try #require(CopiedTable(batch.files.finished))
        #expect(table.rows.count == batch.files.count && table.rows.allSatisfy { $0.count == 13 })
        sent.files = table.rows.map(Sent.File.init)
        return sent
    }

    @Test func everyFileIsOnOneShardAndGoneOnTheOthers() throws {
        let codes = [UInt8](repeating: 1, count: 16)
        let files = (1...50).map { file($0, codes, [UInt8](repeating: 3, count: 256)) }
        let shards = try (1...4).map { try sent(changes(files), shard: $0, of: 4) }
        #expect(shards.flatMap(\.files).map(\.id).sorted() == Array(1...50))
        for (place, shard) in shards.enumerated() {
            #expect(Set(shard.gone) == Set(1...50).subtracting(shard.files.map(\.id)).union([77]))
            #expect(
                shard.files.allSatisfy {
                    ShardMap(number: 1, shardCount: 4, isReady: true).shard(of: $0.hash) == place + 1
                })
            #expect(!shard.files.isEmpty && shard.from == 4 && shard.fromHistory == "ef")
            #expect(shard.map == 2 && shard.shards == 4)
        }
    }

    @Test func namesStayBytes() throws {
        let sent = try sent(changes([file(1, [UInt8](repeating: 1, count: 16), [UInt8](repeating: 3, count: 256))]))
        #expect(sent.files[0].name == [0x61, 0xFF])
        #expect(sent.directories.map(\.path?.bytes) == [[0x2F, 0xFE], nil])
    }

    @Test func theFirstVectorIsThatOfTheWholeSound() throws {
        let vectors = (0..<256).map { UInt8(truncatingIfNeeded: 130 + $0) }
        let sent = try sent(changes([file(1, [UInt8](repeating: 1, count: 16), vectors)]))
        func point(_ numbers: Range<Int>) -> [Double] { numbers.map { Double(Int8(truncatingIfNeeded: 130 + $0)) } }
        #expect(sent.files[0].low == point(0..<64) && sent.files[0].high == point(64..<128))
    }

    @Test func whatASearchDoesNotFindHasNoPoint() throws {
        let (code, silence) = ([UInt8](repeating: 1, count: 16), [UInt8](repeating: 0, count: 16))
        let vector = [UInt8](repeating: 3, count: 256)
        var absent = vector
        absent[0] = 128
        for (codes, vectors) in [(silence, vector), (code, absent), (code, [])] {
            #expect(try sent(changes([file(1, codes, vectors)])).files[0].low == nil)
        }
        // Vectors of an earlier metric have 64 components.
        let earlier = try sent(changes([file(1, code, [UInt8](repeating: 3, count: 128))])).files[0]
        #expect(earlier.low == [Double](repeating: 3, count: 64) && earlier.high?.allSatisfy { $0 == 0 } == true)
    }

    @Test func pathsMayHaveAHostInFront() {
        func place(_ text: String) -> [String?] {
            let place = ShardFilter.place(Array(text.utf8))
            return [place.host, place.under.map { String(decoding: $0, as: UTF8.self) }]
        }
        #expect(place("/srv/a/") == [nil, "/srv/a"])
        #expect(place("two:/srv:b") == ["two", "/srv:b"])
        #expect(place("two:") == ["two", nil])
        #expect(place("/") == [nil, nil])
    }
}
