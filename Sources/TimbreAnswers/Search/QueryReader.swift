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
import Varlink

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
            if case .file(let path) = sound.source, try addFolder(path, part: part, to: &query) {
                guard wantsFigures else { continue }
                throw LibraryError.metricUnavailable(
                    reason: "\(path.shown) is a folder: a contrast such as darker needs sounds to start from")
            }
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

    /// Adds what the sounds of a folder have in common, if the path is that of a folder with sounds in it.
    ///
    /// That is the middle of their vectors. Of ways to search by a folder it was the best: on folders of one kind of sound,
    /// half of it hidden, 64 % of the first ten were of that kind, where by the nearest to any it was 51 %, and 15 % where
    /// every fifth file was of another kind.
    private func addFolder(_ path: WirePath, part: TimeSpan?, to query: inout Query) throws -> Bool {
        guard let members = try files.members(of: path, in: snapshot) else { return false }
        guard part == nil else { throw LibraryError.varlink(.invalidParameter("at")) }
        let sounds = members.compactMap { id in snapshot.index.vector(of: id).map { (id: id, vector: $0) } }
        // Copies of a sound say nothing more about the folder.
        let vectors = Set(sounds.map(\.vector))
        guard let metric = snapshot.generation.model.metric else {
            throw LibraryError.metricUnavailable(reason: Metric.withoutVectors)
        }
        guard let middle = metric.middle(of: vectors) else {
            throw LibraryError.emptyQuery(reason: "the sounds of \(path.shown) have nothing in common")
        }
        // Codes are shown only: those of the sound that is nearest to the middle.
        let typical = sounds.min {
            ($0.vector.squaredDistance(to: middle), $0.id) < ($1.vector.squaredDistance(to: middle), $1.id)
        }
        query.codes += typical.flatMap { snapshot.index.file($0.id) }?.spans.map(\.code) ?? []
        query.vectors.append(middle)
        query.spanVectors.append(middle)
        query.isByVectorAlone = true
        query.files.formUnion(members)
        query.echoes.append(QueryEcho(path: path, inLibrary: true, duration: nil, sounds: vectors.count))
        return true
    }

    /// The mixture of some sounds, as a query.
    ///
    /// - Parameter part: What part of each sound counts.
    func blend(_ sounds: [QuerySound], part: TimeSpan?) throws -> Query {
        guard let metric = snapshot.generation.model.metric else {
            throw LibraryError.metricUnavailable(reason: Metric.withoutVectors)
        }
        var query = Query()
        query.isByVectorAlone = true
        var bands: [[UInt8]] = []
        for sound in sounds {
            let whole = try hear(sound)
            let heard = part.map(whole.part) ?? whole
            guard let own = heard.bands else {
                throw LibraryError.metricUnavailable(
                    reason: "a sound of more than an hour that is not in the library cannot be mixed")
            }
            bands.append(own)
            query.codes += heard.spans.map(\.code)
            query.files.formUnion(heard.files)
            query.echoes.append(
                QueryEcho(path: heard.path, inLibrary: !heard.files.isEmpty, duration: heard.duration))
        }
        query.codes.removeAll(where: \.isEmpty)
        let mixture = BandMixture.bands(of: bands)
        let count = mixture.count / FeatureFrames.bandStride
        let spans = SpanPooling.ranges(of: count)
        let found = metric.vectors(of: [TimbreMetric.Request(bands: mixture, parts: [0..<count] + spans)])[0]
        query.vectors = found.prefix(1).compactMap(\.self)
        query.spanVectors = found.dropFirst().compactMap(\.self)
        // A contrast is one with what is heard, and not with each layer.
        query.figures = [SoundFrames(bands: mixture).figures()]
        guard !query.vectors.isEmpty else { throw LibraryError.metricUnavailable(reason: Metric.tooFaint) }
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
