import GRDB
import SoundFeatures

/// A table of the features of contents, which lie in it in blocks: the key is `content << 20 | block`.
enum FeatureTable: String, CaseIterable {
    case cepstra, bands

    /// Frames in one block.
    static let blockFrames = 4096
    /// Bits of a key that number the block.
    private static let blockBits = 20

    /// Bytes of a frame.
    private var stride: Int { self == .cepstra ? FeatureFrames.cepstrumStride : FeatureFrames.bandStride }

    private static func keys(of content: Int64) -> (first: Argument, last: Argument) {
        let first = content << blockBits
        return (.integer(first), .integer(first | (1 << blockBits - 1)))
    }

    /// The features of a content, shape `[frames, stride]`, of so many frames at the most, from the first.
    func features(of content: Int64, first count: Int, in database: Database) throws -> [UInt8] {
        // SQLite is not asked for blocks of which nothing is wanted.
        let blocks = (max(count, 1) - 1) / Self.blockFrames + 1
        let keys = Self.keys(of: content)
        var bytes: [UInt8] = []
        try database.each(
            "SELECT data FROM \(rawValue) WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?", keys.first, keys.last,
            .integer(blocks)
        ) { bytes += $0.bytes(0) }
        return bytes.count / stride > count ? Array(bytes.prefix(count * stride)) : bytes
    }

    /// The features of some frames of a content, shape `[frames.count, stride]`; fewer where it ends before.
    func features(of content: Int64, _ frames: Range<Int>, in database: Database) throws -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(frames.count * stride)
        var next = frames.lowerBound
        while next < frames.upperBound {
            let (block, place) = next.quotientAndRemainder(dividingBy: Self.blockFrames)
            let end = min(place + frames.upperBound - next, Self.blockFrames)
            let piece = try database.bytes(
                place * stride..<end * stride, ofColumn: "data", row: content << Self.blockBits | Int64(block),
                of: rawValue)
            bytes += piece
            if piece.count < (end - place) * stride { break }
            next += end - place
        }
        return bytes
    }

    /// Keeps the features of a content that has none yet.
    func add(_ bytes: [UInt8], of content: Int64, to database: Database) throws {
        let sql = "INSERT INTO \(rawValue) (key, data) VALUES (?, ?)"
        let step = Self.blockFrames * stride
        for (number, start) in Swift.stride(from: 0, to: bytes.count, by: step).enumerated() {
            precondition(number < 1 << Self.blockBits)
            let isAll = bytes.count <= step
            try database.run(
                sql, .integer(content << Self.blockBits | Int64(number)),
                .bytes(isAll ? bytes : Array(bytes[start..<min(start + step, bytes.count)])))
        }
    }

    /// Keeps the features of a content for another as well.
    func copy(_ content: Int64, to copy: Int64, in database: Database) throws {
        let keys = Self.keys(of: content)
        try database.run(
            "INSERT INTO \(rawValue) (key, data) SELECT key + ?, data FROM \(rawValue) WHERE key BETWEEN ? AND ?",
            .integer((copy - content) << Self.blockBits), keys.first, keys.last)
    }

    func remove(_ content: Int64, from database: Database) throws {
        let keys = Self.keys(of: content)
        try database.run("DELETE FROM \(rawValue) WHERE key BETWEEN ? AND ?", keys.first, keys.last)
    }
}

extension CatalogReader {
    /// The cepstra of a content, shape `[featureCount, 30]` bytes; see ``FeatureFrames/cepstra``.
    ///
    /// - Parameter count: Of how many frames at the most, from the first.
    package func cepstra(of content: Int64, first count: Int = .max) throws -> [UInt8] {
        try FeatureTable.cepstra.features(of: content, first: count, in: database)
    }

    /// The Bark bands of some frames of a content, in the same form; fewer where it ends before.
    package func bands(of content: Int64, frames: Range<Int>) throws -> [UInt8] {
        try FeatureTable.bands.features(of: content, frames, in: database)
    }

    /// The Bark bands of a content, shape `[featureCount, 104]` bytes; see ``FeatureFrames/bands``.
    ///
    /// - Parameter count: Of how many frames at the most, from the first.
    package func bands(of content: Int64, first count: Int = .max) throws -> [UInt8] {
        try FeatureTable.bands.features(of: content, first: count, in: database)
    }
}
