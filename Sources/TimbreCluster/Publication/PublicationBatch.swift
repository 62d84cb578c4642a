import ClusterShards
import ContentHash
import TimbreCodes
import TimbreWire

/// Some changes of a library in the form in which one shard takes them in: what another shard keeps is gone for this one.
struct PublicationBatch: Encodable {
    private struct Directory: Encodable {
        var id: Int
        /// In base64; nil if it is gone.
        var path: Base64?
    }

    private struct File: Encodable {
        var id: Int
        var directory: Int
        var name: Base64
        var added: Double
        var offline: Bool
        var hash: Base64
        var duration: Double
        var channels: Int
        var samples: Int
        var codes: Base64
        /// The halves of the vector, as points; nil if a search cannot find the file.
        var low: String?
        var high: String?
    }

    private let library: String
    private let model: String
    private let from: Int
    private let fromHistory: String
    private let next: Int
    private let history: String
    private let anew: Bool
    private let last: Bool
    private var directories: [Directory]
    private var files: [File] = []
    private var gone: [Int]

    private enum CodingKeys: String, CodingKey {
        case library, model, from
        case fromHistory = "from_history"
        case next, history, anew, last, directories, files, gone
    }

    /// - Parameters:
    ///   - position: Where the shard is; nil if nothing was published yet.
    ///   - shard: The shard's number, from 1.
    init(_ changes: Changes.Reply, from position: PublicationPosition?, shard: Int, of count: Int) {
        library = changes.library
        model = changes.model
        from = position?.next ?? 0
        fromHistory = position?.history ?? ""
        next = changes.next
        history = changes.history
        anew = changes.anew
        last = changes.last
        directories = changes.directories.map { Directory(id: $0.id, path: $0.path.map { Base64($0.bytes) }) }
        gone = changes.gone
        for file in changes.files {
            guard let hash = ContentHash(file.content)?.bytes,
                ShardPlacement.shard(of: hash, among: count) == shard
            else {
                gone.append(file.id)
                continue
            }
            let vector = Self.vector(of: file)
            files.append(
                File(
                    id: file.id, directory: file.directory, name: Base64(file.name.bytes), added: file.added,
                    offline: file.offline, hash: Base64(hash), duration: file.duration, channels: file.channels,
                    samples: file.samples, codes: file.codes, low: vector.map { Self.point($0.first) },
                    high: vector.map { Self.point($0.last) }))
        }
    }

    /// The vector by which a search finds a file: one of which all spans are silent it does not find.
    private static func vector(of file: Changes.File) -> TimbreVector? {
        let (codes, vectors) = (file.codes.bytes, file.vectors.bytes)
        let stride = vectors.count / (codes.count / TimbreCode.byteCount + 1)
        guard stride > 0, vectors[0] != UInt8(bitPattern: -128), codes.contains(where: { $0 != 0 }) else { return nil }
        return TimbreVector(bytes: vectors[..<stride])
    }

    private static func point(_ components: SIMD64<Int8>) -> String {
        "(" + (0..<64).map { "\(components[$0])" }.joined(separator: ",") + ")"
    }
}
