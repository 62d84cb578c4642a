import ContentHash
import Platform
import SoundFeatures
import SystemPackage
import TimbreCodes
import TimbreLibrary
import TimbreStore
import TimbreWire

/// All that the library knows of one file.
struct FileInformation {
    private let record: FileRecord
    private let path: FilePath
    private let content: ContentRecord?
    private let reader: CatalogReader

    init(_ record: FileRecord, at path: FilePath, _ reader: CatalogReader) throws {
        self.record = record
        self.path = path
        self.reader = reader
        content = try record.content.flatMap { try reader.content($0) }
    }

    /// - Parameter generation: The one in use.
    func reply(_ generation: Generation) throws -> Info.Reply {
        let live = try content.flatMap { try reader.code(of: $0.id, model: generation.id) }
        let row = ListingRow(
            directory: path.removingLastComponent().bytes, file: record, hash: content?.hash,
            sound: content?.sound, spans: live?.spans, figures: content?.figures)
        return Info.Reply(
            file: FileItem(row, model: generation.model), modified: Double(record.identity.modified) / 1e9,
            codes: try codes(), copies: try copies(),
            attempts: record.tries)
    }

    /// The codes under every model that has coded the content, newest first.
    private func codes() throws -> [ModelCodes] {
        guard let content, let sound = content.sound else { return [] }
        return try reader.models().reversed().compactMap { model in
            try reader.code(of: content.id, model: model.id).map {
                ModelCodes(model, $0, sampleCount: sound.sampleCount)
            }
        }
    }

    /// The other files that hold the same bytes.
    private func copies() throws -> [WirePath] {
        guard let content = record.content else { return [] }
        return try reader.files(ofContent: content).filter { $0.id != record.id }.map { copy in
            let directory = try reader.path(ofDirectory: copy.directory) ?? []
            return WirePath(FilePath(bytes: directory).appending(bytes: copy.name).bytes)
        }
    }
}

extension ModelCodes {
    fileprivate init(_ model: ModelRecord, _ code: CodeRecord, sampleCount: Int) {
        self.init(
            model: model.hash.description,
            spans: code.timbreSpans.map {
                SpanCode(start: $0.start, end: $0.end(sampleCount: sampleCount), code: Base64($0.code.bytes))
            })
    }
}
