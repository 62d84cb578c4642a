import ContentHash
import GRDB
import SoundFeatures

/// What is known of the bytes of a file, whatever its name.
package struct ContentRecord: Hashable, Sendable {
    package var id: Int64
    package var hash: ContentHash
    /// Bytes.
    package var size: Int64
    /// When it was first seen, seconds since 1970.
    package var added: Double
    /// The sound; nil where it could not be decoded.
    package var sound: SoundInfo?
    /// Frames of features.
    package var featureCount: Int
    /// Frames of features that are not silent.
    package var soundingCount: Int
    /// Why it could not be decoded.
    package var failure: ExtractionFailure?
    /// The last name under which it was seen.
    package var lastPath: [UInt8]
    /// Its figures, see ``StoredFigures``; nil where nobody has computed them yet.
    package var figures: [UInt8]?
}

extension ContentRecord {
    static let columns = """
        id, hash, size, added, featureCount, soundingCount, failure, detail, lastPath, figures,
        \(SoundInfo.columns)
        """

    /// Reads a row of ``columns``.
    init(_ row: Columns) throws {
        self.init(
            id: row.integer(0), hash: try ContentHash(stored: row.bytes(1)), size: row.integer(2), added: row.real(3),
            sound: SoundInfo(row, at: 10), featureCount: row.int(4), soundingCount: row.int(5),
            failure: ExtractionFailure(reason: row.optional(6, row.int), detail: row.text(7)),
            lastPath: row.bytes(8), figures: row.isNull(9) ? nil : row.bytes(9))
    }
}

extension SoundInfo {
    /// What the table of contents has of a sound.
    static let columns = """
        sampleRate, channelCount, frameCount, sampleCount, format, isIncomplete, note, audio
        """

    /// Reads ``columns``, of which the first is at a place; nil where the content could not be decoded.
    init?(_ row: Columns, at place: Int32) {
        guard !row.isNull(place) else { return nil }
        self.init(
            sampleRate: row.int(place), channelCount: row.int(place + 1), frameCount: row.int(place + 2),
            sampleCount: row.int(place + 3), format: row.text(place + 4) ?? "", isIncomplete: row.flag(place + 5),
            note: row.text(place + 6), audio: row.isNull(place + 7) ? nil : AudioHash(bytes: row.bytes(place + 7)))
    }
}

extension ExtractionFailure {
    /// Reads what is stored of a failure; nil if there was none.
    init?(reason code: Int?, detail: String?) {
        guard let reason = code.flatMap({ UInt8(exactly: $0) }).flatMap(Reason.init) else { return nil }
        self.init(reason, detail ?? "")
    }
}

extension ContentHash {
    init(stored: [UInt8]) throws {
        guard let hash = ContentHash(bytes: stored) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a hash of \(stored.count) bytes")
        }
        self = hash
    }
}
