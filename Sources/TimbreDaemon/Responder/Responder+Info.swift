import ContentHash
import Platform
import SoundFeatures
import SystemPackage
import TimbreCodes
import TimbreCoding
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

extension Responder {
    package func info(_ file: WirePath, from peer: Peer) throws -> Info.Reply {
        let record = try self.file(file)
        let path = FilePath(bytes: file.bytes)
        let generation = library.snapshot.generation
        return try catalog.read { reader in
            let content = try record.content.flatMap { try reader.content($0) }
            let live = try content.flatMap { try reader.code(of: $0.id, model: generation.id) }
            let row = ListingRow(
                directory: path.removingLastComponent().bytes, file: record, hash: content?.hash,
                sound: content?.sound, spans: live?.spans)
            return Info.Reply(
                file: FileItem(row, model: generation.model), added: record.added,
                modified: Double(record.identity.modified) / 1e9,
                codes: try content.map { try codes(of: $0, reader) } ?? [],
                copies: try copies(of: record, reader), attempts: record.tries)
        }
    }

    /// The codes of a content under every model that has coded it, newest first.
    private func codes(of content: ContentRecord, _ reader: CatalogReader) throws -> [ModelCodes] {
        guard let sound = content.sound else { return [] }
        return try reader.models().reversed().compactMap { model in
            try reader.code(of: content.id, model: model.id).map {
                ModelCodes(model, $0, sampleCount: sound.sampleCount)
            }
        }
    }

    /// The other files that hold the same bytes.
    private func copies(of file: FileRecord, _ reader: CatalogReader) throws -> [WirePath] {
        guard let content = file.content else { return [] }
        return try reader.files(ofContent: content).filter { $0.id != file.id }.map { copy in
            let directory = try reader.path(ofDirectory: copy.directory) ?? []
            return WirePath(FilePath(bytes: directory).appending(bytes: copy.name).bytes)
        }
    }
}

extension ModelCodes {
    init(_ model: ModelRecord, _ code: CodeRecord, sampleCount: Int) {
        self.init(
            model: model.hash.description,
            spans: code.timbreSpans.map {
                SpanCode(start: $0.start, end: $0.end(sampleCount: sampleCount), code: Base64($0.code.bytes))
            })
    }
}
