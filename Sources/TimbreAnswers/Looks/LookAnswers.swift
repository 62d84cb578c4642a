import ContentHash
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Answers what a sound looks like: one of the library from what is stored of it, any other from its features.
struct LookAnswers: Sendable {
    let catalog: Catalog
    let library: LiveLibrary
    let files: KnownFiles

    /// - Throws: ``LibraryError/emptyQuery(reason:)`` if the sound ends before the part begins, and what a search by it
    ///   throws.
    func look(_ parameters: Look.Parameters) throws -> Look.Reply {
        let snapshot = library.snapshot
        let most = parameters.columns ?? Look.usualCount
        switch parameters.sound.source {
        case .file(let path):
            let (file, indexed) = try files.searchable(path, in: snapshot)
            let look = try catalog.read { reader in
                guard let content = file.content,
                    let code = try reader.code(of: content, model: snapshot.generation.id)
                else { throw LibraryError.busy(reason: "the file is being coded anew; ask again") }
                return SoundLook(
                    codes: code.frames, cepstra: try reader.cepstra(of: content), bands: try reader.bands(of: content),
                    part: parameters.at, most: most)
            }
            return try Self.reply(
                look, inLibrary: true, duration: indexed.duration, sampleCount: indexed.sampleCount,
                snapshot.generation)
        case .features(let features, _):
            let look = SoundLook(
                codes: snapshot.generation.coder.codes(of: features.cepstra.bytes), cepstra: features.cepstra.bytes,
                bands: features.bands?.bytes, part: parameters.at, most: most)
            return try Self.reply(
                look, inLibrary: false, duration: features.duration, sampleCount: features.sampleCount,
                snapshot.generation)
        case .code: preconditionFailure("nobody has seen a code")
        }
    }

    private static func reply(
        _ look: SoundLook, inLibrary: Bool, duration: Double, sampleCount: Int, _ generation: Generation
    ) throws -> Look.Reply {
        guard !look.isEmpty else {
            let hundredths = Int((min(duration, 1e9) * 100).rounded())
            let rest = hundredths % 100
            throw LibraryError.emptyQuery(
                reason: "the sound ends after \(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s, before that part")
        }
        return Look.Reply(
            inLibrary: inLibrary, duration: duration, model: generation.model.identifier.description,
            start: look.start, step: look.step, levels: look.levels, cepstra: look.vectors, codes: look.heard,
            use: look.use, spans: look.spans(sampleCount: sampleCount))
    }
}
