import ContentHash
import Platform
import SoundFeatures

extension FileRecord {
    /// Reads a row of ``columns``.
    init(_ row: Columns) {
        self.init(
            id: row.integer(0), directory: row.integer(1), name: row.bytes(2),
            identity: FileIdentity(
                size: row.integer(3), modified: row.integer(4), changed: row.integer(5), device: row.unsigned(6),
                inode: row.unsigned(7)),
            state: FileState(rawValue: row.int(8)) ?? .pending, content: row.optional(9, row.integer),
            failure: ExtractionFailure(reason: row.optional(10, row.int), detail: row.text(11)),
            tried: row.optional(12, row.real), tries: row.int(13), added: row.real(14), isOffline: row.integer(15) != 0)
    }
}

extension ContentRecord {
    static let columns = """
        id, hash, size, added, featureCount, soundingCount, failure, detail, lastPath, sampleRate, channelCount,
        frameCount, sampleCount, format, isIncomplete, note, audio
        """

    /// Reads a row of ``columns``.
    init(_ row: Columns) throws {
        self.init(
            id: row.integer(0), hash: try ContentHash(stored: row.bytes(1)), size: row.integer(2), added: row.real(3),
            sound: row.isNull(9)
                ? nil
                : SoundInfo(
                    sampleRate: row.int(9), channelCount: row.int(10), frameCount: row.int(11),
                    sampleCount: row.int(12), format: row.text(13) ?? "", isIncomplete: row.integer(14) != 0,
                    note: row.text(15), audio: row.isNull(16) ? nil : AudioHash(bytes: row.bytes(16))),
            featureCount: row.int(4), soundingCount: row.int(5),
            failure: ExtractionFailure(reason: row.optional(6, row.int), detail: row.text(7)),
            lastPath: row.bytes(8))
    }
}

extension ExtractionFailure {
    /// Reads what is stored of a failure; nil if there was none.
    init?(reason code: Int?, detail: String?) {
        guard let reason = code.flatMap({ UInt8(exactly: $0) }).flatMap(Reason.init) else { return nil }
        self.init(reason, detail ?? "")
    }
}
