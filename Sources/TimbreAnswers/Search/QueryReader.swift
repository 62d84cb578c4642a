import EventStore
import SoundFeatures
import SystemPackage
import TimbreCodes
import TimbreCoding
import TimbreDescriptors
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Turns the sounds of a request into a query, in a snapshot of the library.
struct QueryReader {
    let catalog: Catalog
    let files: KnownFiles
    let snapshot: LibrarySnapshot

    /// Finds the codes and vectors of the sounds of a request.
    ///
    /// - Parameter part: What part of each sound counts.
    /// - Parameter isForPlaces: Whether bands are wanted also of the library's files, which takes longer.
    /// - Parameter wantsFigures: Whether figures are wanted.
    func query(
        _ sounds: [QuerySound], part: TimeSpan?, isForPlaces: Bool = false, wantsFigures: Bool = false
    ) throws -> Query {
        var query = Query()
        for sound in sounds {
            let place = query.vectors.count
            let figures = wantsFigures ? try figures(of: sound, part: part) : nil
            if wantsFigures { query.figures.append(figures) }
            let shownFigures = figures.map(Figures.init)
            switch sound.source {
            case .code(let bytes):
                query.codes += [TimbreCode(bytes: bytes)].compactMap(\.self)
                query.isByCode = true
                query.echoes.append(QueryEcho(path: nil, inLibrary: false, duration: nil))
            case .features(let features, let path):
                add(features, part: part, to: &query)
                if isForPlaces, var sought = sought(features, part: part) {
                    sought.vector = query.vectors.dropFirst(place).first
                    query.sought.append(sought)
                }
                query.echoes.append(
                    QueryEcho(path: path, inLibrary: false, duration: features.duration, figures: shownFigures))
            case .file(let path):
                let (file, duration) = try add(path, part: part, to: &query)
                if isForPlaces, var sought = try sought(file, duration: duration, part: part) {
                    sought.vector = query.vectors.dropFirst(place).first
                    query.sought.append(sought)
                }
                query.files.insert(file.id)
                query.echoes.append(
                    QueryEcho(path: path, inLibrary: true, duration: duration, figures: shownFigures))
            }
        }
        query.codes.removeAll(where: \.isEmpty)
        return query
    }

    private func add(_ features: QueryFeatures, part: TimeSpan?, to query: inout Query) {
        let generation = snapshot.generation
        let cepstra = features.cepstra.bytes
        let count = cepstra.count / FeatureFrames.cepstrumStride
        let place = query.vectors.count
        query.add(
            frames: Self.frames(part, of: count), codes: generation.coder.codes(of: cepstra),
            bands: features.bands?.bytes, generation)
        // Where a part lies after the silence is unknown.
        guard part == nil, query.vectors.count > place, let trimmed = features.trimmedBands?.bytes else { return }
        query.otherVectors[place] = generation.model.metric?.vector(
            of: trimmed, frameCount: trimmed.count / FeatureFrames.bandStride)
    }

    private func add(
        _ path: WirePath, part: TimeSpan?, to query: inout Query
    ) throws -> (file: FileRecord, duration: Double) {
        let (file, indexed) = try files.searchable(path, in: snapshot)
        guard let part else {
            query.codes += indexed.spans.map(\.code)
            query.vectors += [indexed.vector].compactMap(\.self)
            query.spanVectors += indexed.spans.compactMap(\.vector)
            return (file, indexed.duration)
        }
        let (code, bands) = try catalog.read { reader in
            guard let content = file.content else { return (CodeRecord?.none, [UInt8]()) }
            return (try reader.code(of: content, model: snapshot.generation.id), try reader.bands(of: content))
        }
        guard let code else { throw LibraryError.busy(reason: "the file is being coded anew; ask again") }
        query.add(
            frames: Self.frames(part, of: code.frames.count), codes: code.frames, bands: bands, snapshot.generation)
        return (file, indexed.duration)
    }

    /// The figures of a sound, or of a part of it; nil if nothing is heard there, or its bands are not known.
    private func figures(of sound: QuerySound, part: TimeSpan?) throws -> SoundFigures? {
        let bands: [UInt8]
        switch sound.source {
        case .code: return nil
        case .features(let features, _):
            guard let known = features.bands?.bytes else { return nil }
            bands = known
        case .file(let path):
            let (file, indexed) = try files.searchable(path, in: snapshot)
            if part == nil, let known = indexed.figures { return known }
            guard let content = file.content else { return nil }
            bands = try catalog.read { try $0.bands(of: content) }
        }
        let frames = SoundFrames(bands: bands)
        return frames.figures(of: Self.frames(part, of: frames.count))
    }

    private func sought(_ features: QueryFeatures, part: TimeSpan?) -> SoughtSound? {
        guard let bands = features.bands?.bytes else { return nil }
        let frames = Self.frames(part, of: bands.count / FeatureFrames.bandStride)
        // What is known of the other phase is the beginning.
        let shifted = frames.lowerBound == 0 ? features.shiftedBands?.bytes : nil
        return SoughtSound(
            bands: bands.frames(frames.prefix(SoughtSound.most)), isWhole: frames.count <= SoughtSound.most,
            shiftedBands: shifted)
    }

    private func sought(_ file: FileRecord, duration: Double, part: TimeSpan?) throws -> SoughtSound? {
        guard let content = file.content else { return nil }
        let frames = Self.frames(part, of: Int(duration * EventScan.frameRate) + 2)
        let bands = try catalog.read { try $0.bands(of: content, frames: frames.prefix(SoughtSound.most)) }
        let origin = (file.id, part?.start ?? 0, part?.end ?? .infinity)
        return SoughtSound(bands: bands, isWhole: frames.count <= SoughtSound.most, origin: origin)
    }

    /// Takes a sound of a request, frame by frame.
    ///
    /// - Precondition: It is no code: nobody has heard one.
    func hear(_ sound: QuerySound) throws -> HeardSound {
        switch sound.source {
        case .file(let path):
            let (file, indexed) = try files.searchable(path, in: snapshot)
            return try catalog.read { try HeardSound(file, indexed, path: path, snapshot.generation, $0) }
        case .features(let features, let path): return HeardSound(features, path: path, snapshot.generation)
        case .code: preconditionFailure("nobody has heard a code")
        }
    }

    private static func frames(_ part: TimeSpan?, of count: Int) -> Range<Int> {
        part.map { SpanPooling.frames(from: $0.start, to: $0.end, of: count) } ?? 0..<count
    }
}

extension [UInt8] {
    /// Some frames of bands, in the form of ``FeatureFrames/bands``.
    fileprivate func frames(_ frames: Range<Int>) -> [UInt8] {
        Array(self[frames.lowerBound * FeatureFrames.bandStride..<frames.upperBound * FeatureFrames.bandStride])
    }
}
