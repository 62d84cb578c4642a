import ContentHash
import Platform
import SystemPackage

/// Reads a backup from its beginning to its end, from a file or a pipe, and makes sure that it is as it was written.
struct BackupReader {
    /// What the backup says of itself.
    let manifest: BackupManifest

    private let source: FileDescriptor
    private var sums = BackupSums()
    /// Bytes of files that were read.
    private(set) var readCount: Int64 = 0
    /// The file that was found last, until it is read.
    private var file: TarHeader?

    /// The longest of the files that are read whole.
    private static let longestNote: Int64 = 1 << 20

    /// - Throws: ``BackupError`` if it is no backup, one of a later version, or cannot be read.
    init(_ source: FileDescriptor) throws(BackupError) {
        self.source = source
        let first: [UInt8]
        do throws(BackupError) { first = try source.read(exactly: TarHeader.size) } catch {
            if case .damaged = error { throw .notABackup }
            throw error
        }
        guard let header = TarHeader(first), header.name == BackupManifest.name, header.byteCount <= Self.longestNote
        else { throw .notABackup }
        let bytes = try source.read(exactly: Int(header.byteCount))
        manifest = try BackupManifest(bytes)
        sums.hashes.append((header.name, ContentHash(of: bytes)))
        _ = try source.read(exactly: header.padding)
    }

    /// Finds the next file; ``contents(_:)`` is to be called before the one behind it.
    ///
    /// - Returns: The file's name; nil at the end of a whole backup.
    /// - Throws: ``BackupError`` if it is damaged, or cannot be read.
    mutating func next() throws(BackupError) -> String? {
        guard let header = TarHeader(try source.read(exactly: TarHeader.size)) else {
            throw .damaged("it does not go on where it should")
        }
        guard header.name != BackupSums.name else {
            try finish(header)
            return nil
        }
        file = header
        return header.name
    }

    /// Reads the file that was found.
    ///
    /// - Parameter take: Is given its bytes, a megabyte at a time at most.
    /// - Throws: ``BackupError`` if it is damaged, or cannot be read, and what `take` throws.
    mutating func contents(_ take: ([UInt8]) throws -> Void) throws {
        guard let header = file else { return }
        file = nil
        var hasher = ContentHasher()
        for start in stride(from: 0, to: header.byteCount, by: Int(BackupWriter.piece)) {
            let bytes = try source.read(exactly: Int(min(BackupWriter.piece, header.byteCount - start)))
            hasher.update(bytes)
            readCount += Int64(bytes.count)
            try take(bytes)
        }
        _ = try source.read(exactly: header.padding)
        sums.hashes.append((header.name, hasher.finish()))
    }

    private func finish(_ header: TarHeader) throws(BackupError) {
        guard header.byteCount <= Self.longestNote else { throw .damaged("its list of hashes is too long") }
        guard try source.read(exactly: Int(header.byteCount)) == Array(sums.text.utf8) else {
            throw .damaged("a file in it is not what it was")
        }
    }
}

extension FileDescriptor {
    /// Reads so many bytes.
    ///
    /// - Throws: ``BackupError`` if the file ends before, or cannot be read.
    fileprivate func read(exactly count: Int) throws(BackupError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let piece: [UInt8]
            do throws(Errno) { piece = try readSome(upTo: count - bytes.count) } catch { throw .unreadable(error) }
            guard !piece.isEmpty else { throw .damaged("it ends too early") }
            bytes += piece
        }
        return bytes
    }
}
