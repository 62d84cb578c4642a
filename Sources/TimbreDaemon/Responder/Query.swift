import SystemPackage
import TimbreCoding
import TimbreExtraction
import TimbreIndex
import TimbreStore
import TimbreWire

/// What a search goes by: the codes of one or more sounds.
struct Query {
    /// The codes of all spans of all sounds, the empty ones left out.
    var codes: [TimbreCode] = []
    /// The library's own files among the sounds.
    var files: Set<Int64> = []
    /// What to repeat in the answer.
    var echoes: [QueryEcho] = []
}

extension Responder {
    /// Finds the codes of the sounds of a request.
    ///
    /// - Parameter part: What part of each sound counts.
    func query(_ sounds: [QuerySound], part: TimeSpan?, in snapshot: LibrarySnapshot) throws -> Query {
        var query = Query()
        for sound in sounds {
            switch sound.source {
            case .code(let bytes):
                if part != nil { throw LibraryError.invalidParameter("at") }
                guard let code = TimbreCode(bytes: bytes) else { throw LibraryError.invalidParameter("code") }
                query.codes.append(code)
                query.echoes.append(QueryEcho(path: nil, inLibrary: false, duration: nil))
            case .features(let features, let path):
                query.codes += try codes(of: features, part: part, snapshot.generation)
                query.echoes.append(QueryEcho(path: path, inLibrary: false, duration: features.duration))
            case .file(let path):
                let (id, duration, codes) = try codes(of: path, part: part, in: snapshot)
                query.codes += codes
                query.files.insert(id)
                query.echoes.append(QueryEcho(path: path, inLibrary: true, duration: duration))
            case nil: throw LibraryError.invalidParameter("queries")
            }
        }
        query.codes.removeAll(where: \.isEmpty)
        return query
    }

    private func codes(
        of features: QueryFeatures, part: TimeSpan?, _ generation: Generation
    ) throws -> [TimbreCode] {
        guard features.cepstra.bytes.count % 30 == 0 else { throw LibraryError.invalidParameter("cepstra") }
        return Self.pool(generation.coder.codes(of: features.cepstra.bytes), part)
    }

    private func codes(
        of path: WirePath, part: TimeSpan?, in snapshot: LibrarySnapshot
    ) throws -> (file: Int64, duration: Double, [TimbreCode]) {
        let file = try file(path)
        guard let indexed = snapshot.index.file(file.id) else {
            let reason = file.failure?.detail ?? "it has been seen, and waits to be read"
            throw LibraryError.notIndexed(
                path, state: file.state == .indexed ? .pending : file.wireState, reason: reason)
        }
        guard let part else { return (file.id, indexed.duration, indexed.spans.map(\.code)) }
        let code = try catalog.read { reader in
            try file.content.flatMap { try reader.code(of: $0, model: snapshot.generation.id) }
        }
        guard let code else { throw LibraryError.busy(reason: "the file is being coded anew; ask again") }
        return (file.id, indexed.duration, Self.pool(code.frames, part))
    }

    private static func pool(_ frames: [UInt8], _ part: TimeSpan?) -> [TimbreCode] {
        let spans = part.map { SpanPooling.pool(frames, from: $0.start, to: $0.end) } ?? SpanPooling.pool(frames)
        return spans.map(\.code)
    }
}
