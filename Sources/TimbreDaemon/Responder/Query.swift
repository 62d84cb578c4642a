import SoundFeatures
import SystemPackage
import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

/// What a search goes by: the codes and timbre vectors of one or more sounds.
struct Query {
    /// The codes of all spans of all sounds, the empty ones left out.
    var codes: [TimbreCode] = []
    /// The timbre vector of each sound.
    var vectors: [TimbreVector] = []
    /// Other vectors of sounds, by their place among the vectors: of the same sound begun at another moment.
    var otherVectors: [Int: TimbreVector] = [:]
    /// The timbre vectors of all spans of all sounds.
    var spanVectors: [TimbreVector] = []
    /// Whether a sound is known by its codes only.
    var isByCode = false
    /// The library's own files among the sounds.
    var files: Set<Int64> = []
    /// What to repeat in the answer.
    var echoes: [QueryEcho] = []

    /// Sounds that may be read in two ways, at the most: each doubles the work.
    private static let mostOthers = 3

    /// All ways to read the query: one vector a sound each.
    var readings: [[TimbreVector]] {
        guard otherVectors.count <= Self.mostOthers else { return [vectors] }
        return otherVectors.sorted { $0.key < $1.key }.reduce([vectors]) { readings, other in
            readings
                + readings.map { reading in
                    var reading = reading
                    reading[other.key] = other.value
                    return reading
                }
        }
    }

    /// Adds a part of a sound by its stored features.
    fileprivate mutating func add(frames: Range<Int>, codes: [UInt8], bands: [UInt8]?, _ generation: Generation) {
        self.codes += SpanPooling.pool(codes[frames]).map(\.code)
        guard let bands else {
            isByCode = true
            return
        }
        guard let metric = generation.model.metric else { return }
        let stride = FeatureFrames.bandStride
        let part = Array(bands[frames.lowerBound * stride..<frames.upperBound * stride])
        let spans = SpanPooling.ranges(of: frames.count)
        let found = metric.vectors(of: [TimbreMetric.Request(bands: part, parts: [0..<frames.count] + spans)])[0]
        vectors += found.prefix(1).compactMap(\.self)
        spanVectors += found.dropFirst().compactMap(\.self)
    }
}

extension Responder {
    /// Finds the codes and vectors of the sounds of a request.
    ///
    /// - Parameter part: What part of each sound counts.
    func query(_ sounds: [QuerySound], part: TimeSpan?, in snapshot: LibrarySnapshot) throws -> Query {
        var query = Query()
        for sound in sounds {
            switch sound.source {
            case .code(let bytes):
                query.codes += [TimbreCode(bytes: bytes)].compactMap(\.self)
                query.isByCode = true
                query.echoes.append(QueryEcho(path: nil, inLibrary: false, duration: nil))
            case .features(let features, let path):
                Self.add(features, part: part, snapshot.generation, to: &query)
                query.echoes.append(QueryEcho(path: path, inLibrary: false, duration: features.duration))
            case .file(let path):
                let (id, duration) = try add(path, part: part, in: snapshot, to: &query)
                query.files.insert(id)
                query.echoes.append(QueryEcho(path: path, inLibrary: true, duration: duration))
            }
        }
        query.codes.removeAll(where: \.isEmpty)
        return query
    }

    private static func add(
        _ features: QueryFeatures, part: TimeSpan?, _ generation: Generation, to query: inout Query
    ) {
        let cepstra = features.cepstra.bytes
        let count = cepstra.count / FeatureFrames.cepstrumStride
        let place = query.vectors.count
        query.add(
            frames: frames(part, of: count), codes: generation.coder.codes(of: cepstra),
            bands: features.bands?.bytes, generation)
        // Of a part of the sound nobody knows where it lies after the silence.
        guard part == nil, query.vectors.count > place, let trimmed = features.trimmedBands?.bytes else { return }
        query.otherVectors[place] = generation.model.metric?.vector(
            of: trimmed, frameCount: trimmed.count / FeatureFrames.bandStride)
    }

    private func add(
        _ path: WirePath, part: TimeSpan?, in snapshot: LibrarySnapshot, to query: inout Query
    ) throws -> (file: Int64, duration: Double) {
        let (file, indexed) = try searchable(path, in: snapshot)
        guard let part else {
            query.codes += indexed.spans.map(\.code)
            query.vectors += [indexed.vector].compactMap(\.self)
            query.spanVectors += indexed.spans.compactMap(\.vector)
            return (file.id, indexed.duration)
        }
        let (code, bands) = try catalog.read { reader in
            guard let content = file.content else { return (CodeRecord?.none, [UInt8]()) }
            return (try reader.code(of: content, model: snapshot.generation.id), try reader.bands(of: content))
        }
        guard let code else { throw LibraryError.busy(reason: "the file is being coded anew; ask again") }
        query.add(
            frames: Self.frames(part, of: code.frames.count), codes: code.frames, bands: bands, snapshot.generation)
        return (file.id, indexed.duration)
    }

    /// The file of a path, if it can be searched by.
    func searchable(_ path: WirePath, in snapshot: LibrarySnapshot) throws -> (FileRecord, IndexedFile) {
        let file = try file(path)
        guard let indexed = snapshot.index.file(file.id) else {
            let reason = file.failure?.detail ?? "it has been seen, and waits to be read"
            throw LibraryError.notIndexed(
                path, state: file.state == .indexed ? .pending : file.wireState, reason: reason)
        }
        return (file, indexed)
    }

    private static func frames(_ part: TimeSpan?, of count: Int) -> Range<Int> {
        part.map { SpanPooling.frames(from: $0.start, to: $0.end, of: count) } ?? 0..<count
    }
}
