import ClusterShards
import ContentHash
import ShardConnections
import TimbreCodes
import TimbreWire
import Varlink

/// Some changes of a library in the form in which one shard takes them in: what another shard keeps is gone for this one.
struct PublicationBatch {
    /// What `publish()` of the schema takes.
    private struct Changed: Encodable {
        var library: String
        var model: String
        /// The number of the map, and that of its shards.
        var map: Int
        var shards: Int
        var from: Int
        var fromHistory: String
        var next: Int
        var history: String
        var anew: Bool
        var last: Bool
        var directories: [Directory]
        var gone: [Int]

        private enum CodingKeys: String, CodingKey {
            case library, model, map, shards, from
            case fromHistory = "from_history"
            case next, history, anew, last, directories, gone
        }
    }

    private struct Directory: Encodable {
        var id: Int
        /// In base64; nil if it is gone.
        var path: Base64?
    }

    /// Everything but the files that are here, as JSON.
    let changes: [UInt8]
    /// The files that are here.
    let files: CopyRows

    /// - Parameters:
    ///   - position: Where the shard is; nil if nothing was published yet.
    ///   - shard: The shard's number, from 1.
    ///   - map: By which it is decided what the shard keeps.
    init(_ page: Changes.Reply, from position: PublicationPosition?, to shard: Int, for map: ShardMap) throws {
        var files = CopyRows()
        var gone = page.gone
        for file in page.files {
            if let hash = ContentHash(file.content)?.bytes, map.shard(of: hash) == shard {
                files.add(file, hash)
            } else {
                gone.append(file.id)
            }
        }
        self.files = files
        changes = try JSON.encode(
            Changed(
                library: page.library, model: page.model, map: map.number, shards: map.shardCount,
                from: position?.next ?? 0, fromHistory: position?.history ?? "", next: page.next, history: page.history,
                anew: page.anew,
                last: page.last,
                directories: page.directories.map { Directory(id: $0.id, path: $0.path.map { Base64($0.bytes) }) },
                gone: gone))
    }
}

extension CopyRows {
    /// Adds a file: the columns that ``Shard/publish(_:_:by:)`` names.
    fileprivate mutating func add(_ file: Changes.File, _ hash: [UInt8]) {
        begin(columns: 13)
        add(Int64(file.id))
        add(Int64(file.directory))
        add(file.name.bytes)
        add(file.added)
        add(file.offline)
        add(hash)
        add(file.duration)
        add(Int32(clamping: file.channels))
        add(Int64(file.samples))
        add(file.codes.bytes)
        if let size = file.size { add(Int64(size)) } else { addNull() }
        if let vector = file.vector {
            add(point: vector.first)
            add(point: vector.last)
        } else {
            addNull()
            addNull()
        }
    }
}

extension Changes.File {
    /// The vector by which a search finds the file: one of which all spans are silent it does not find.
    fileprivate var vector: TimbreVector? {
        let (codes, vectors) = (codes.bytes, vectors.bytes)
        let stride = vectors.count / (codes.count / TimbreCode.byteCount + 1)
        guard stride > 0, vectors[0] != UInt8(bitPattern: -128), codes.contains(where: { $0 != 0 }) else { return nil }
        return TimbreVector(bytes: vectors[..<stride])
    }
}
