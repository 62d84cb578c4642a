import GRDB

/// The codes and timbre vectors of one content under one model.
package struct CodeRecord: Hashable, Sendable {
    /// Bytes that a timbre vector takes where it is stored now.
    package static let vectorStride = 128

    /// 128-bit codes, 16 bytes for each span of 30 frames.
    package var spans: [UInt8]
    /// The nearest centroid of each frame, 255 for a silent one.
    package var frames: [UInt8]
    /// The timbre vector of the whole sound, then that of each span, as many bytes each; nothing if the model gives none.
    /// What earlier versions stored has 64 bytes a vector.
    package var vectors: [UInt8]

    package init(spans: [UInt8], frames: [UInt8], vectors: [UInt8] = []) {
        self.spans = spans
        self.frames = frames
        self.vectors = vectors
    }
}

extension CatalogReader {
    /// The codes and vectors of a content under a model.
    package func code(of content: Int64, model: Int64) throws -> CodeRecord? {
        try database.first(
            "SELECT spans, frames, vectors FROM code WHERE model = ? AND content = ?", .integer(model),
            .integer(content)
        ) { CodeRecord(spans: $0.bytes(0), frames: $0.bytes(1), vectors: $0.bytes(2)) }
    }

    /// The codes of the frames of what a file holds, under a model: see ``CodeRecord/frames``.
    package func frames(ofFile file: Int64, model: Int64) throws -> [UInt8]? {
        try database.first(
            "SELECT frames FROM file JOIN code ON code.content = file.content AND code.model = ? WHERE file.id = ?",
            .integer(model), .integer(file)
        ) { $0.bytes(0) }
    }

    /// Decoded contents that have no codes under a model yet, oldest first, at most `limit`.
    ///
    /// - Parameter withVectors: Whether codes without timbre vectors do not count.
    package func contentsWithoutCode(
        model: Int64, withVectors: Bool = false, after content: Int64 = 0, limit: Int
    ) throws -> [Int64] {
        try database.all(
            """
            SELECT id FROM content WHERE failure IS NULL AND id > ?
            AND NOT EXISTS (
                SELECT 1 FROM code WHERE code.model = ? AND code.content = content.id
                AND (NOT ? OR length(code.vectors) > 0))
            ORDER BY id LIMIT ?
            """, .integer(content), .integer(model), .flag(withVectors), .integer(limit)
        ) { $0.integer(0) }
    }
}

extension CatalogWriter {
    /// Keeps the codes and vectors of a content under a model.
    package func setCode(_ code: CodeRecord, of content: Int64, model: Int64) throws {
        // Neither REPLACE, which keeps the trigger of a deletion from being run, nor DO UPDATE, in which those of an update
        // ignore nothing.
        try database.run(
            "UPDATE code SET spans = ?, frames = ?, vectors = ? WHERE model = ? AND content = ?", .bytes(code.spans),
            .bytes(code.frames), .bytes(code.vectors), .integer(model), .integer(content))
        guard database.changesCount == 0 else { return }
        try database.run(
            "INSERT INTO code (model, content, spans, frames, vectors) VALUES (?, ?, ?, ?, ?)", .integer(model),
            .integer(content), .bytes(code.spans), .bytes(code.frames), .bytes(code.vectors))
    }
}
