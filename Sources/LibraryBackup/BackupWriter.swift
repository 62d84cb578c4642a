import ContentHash
import SystemPackage

/// Writes a backup, one file after the other, to wherever it goes: a file, or a pipe.
struct BackupWriter {
    private let target: FileDescriptor
    private let time: Int64
    private var sums = BackupSums()

    /// - Parameter time: When it is made, in seconds since 1970.
    init(to target: FileDescriptor, at time: Int64) {
        self.target = target
        self.time = time
    }

    /// Writes a file that is in memory.
    mutating func add(_ name: String, _ bytes: [UInt8]) throws {
        try add(name, byteCount: Int64(bytes.count)) { piece in
            Array(bytes[Int(piece.lowerBound)..<Int(piece.upperBound)])
        }
    }

    /// Bytes that are read and written at a time.
    static let piece: Int64 = 1 << 20

    /// Writes a file in pieces.
    ///
    /// - Parameter read: Gives a piece of it, whole.
    /// - Throws: ``BackupError`` if it cannot be written, and what `read` throws.
    mutating func add(_ name: String, byteCount: Int64, _ read: (Range<Int64>) throws -> [UInt8]) throws {
        let header = TarHeader(name: name, byteCount: byteCount, time: time)
        try write(header.bytes)
        var hasher = ContentHasher()
        for start in stride(from: 0, to: byteCount, by: Int(Self.piece)) {
            let bytes = try read(start..<min(start + Self.piece, byteCount))
            hasher.update(bytes)
            try write(bytes)
        }
        try write([UInt8](repeating: 0, count: header.padding))
        sums.hashes.append((name, hasher.finish()))
    }

    /// Writes the hashes, and the end.
    mutating func finish() throws {
        try add(BackupSums.name, Array(sums.text.utf8))
        try write([UInt8](repeating: 0, count: 2 * TarHeader.size))
    }

    private func write(_ bytes: [UInt8]) throws {
        do { _ = try target.writeAll(bytes) } catch let error as Errno { throw BackupError.unwritable(error) }
    }
}
