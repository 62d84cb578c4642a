import ContentHash
import EventStore
import TimbreCodes
import TimbreCoding
import TimbreDescriptors
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

/// Answers what sounds like a sound, and why.
struct SearchAnswers: Sendable {
    let catalog: Catalog
    let library: LiveLibrary
    let files: KnownFiles
    let control: IngestControl
    let models: ModelShelf

    /// How many files are found or drawn if nobody says.
    static let usualCount = 10

    func similar(_ parameters: Similar.Parameters, for peer: Peer) throws -> Similar.Reply {
        let count = parameters.count ?? Self.usualCount
        if parameters.sync { _ = try control.sync(for: peer) }
        let snapshot = library.snapshot
        let reader = QueryReader(catalog: catalog, files: files, snapshot: snapshot)
        let places = PlaceAnswers(catalog: catalog, snapshot: snapshot, parameters: parameters) {
            control.remakeEvents(of: $0)
        }
        let query =
            parameters.blend
            ? try reader.blend(parameters.queries, part: parameters.at)
            : try reader.query(
                parameters.queries, part: parameters.at, isForPlaces: places.mayAnswer,
                wantsFigures: parameters.contrasts != nil)
        guard !query.codes.isEmpty else { throw Self.nothingToSearchBy(query, parameters.at) }
        let away = try reader.query(parameters.not ?? [], part: nil)
        var filter = try IndexFilter(parameters.filter, catalog)
        filter.maxDistance = parameters.maxDistance
        filter.includesOffline = parameters.offline
        if let contrasts = parameters.contrasts {
            let names = query.echoes.map { $0.path.map(\.shown) ?? "the sound" }
            filter.figures = try Contrasts(contrasts: contrasts).conditions(
                beyond: zip(names, query.figures).map { (name: $0, figures: $1) })
        }
        // What cannot be compared by vectors is not silently left as it is.
        let asked = parameters.rerank ? .timbre : parameters.metric
        let metric = try Metric(asked: asked, for: [query, away], in: snapshot)
        guard !parameters.rerank || snapshot.generation.hasNetwork else {
            throw LibraryError.metricUnavailable(
                reason: "results are reranked only under a model with a network; see `timbrectl model list`")
        }
        guard metric == .timbre || !query.isByVectorAlone && !away.isByVectorAlone else {
            throw LibraryError.metricUnavailable(reason: "folders and mixtures are searched by with the metric timbre")
        }
        var search = Search(
            snapshot: snapshot, metric: metric, query: query, away: away, filter: filter,
            excluded: query.files.union(away.files), perFolder: parameters.perFolder,
            isDistinct: parameters.distinct, isReranked: parameters.rerank)
        if parameters.includeSelf {
            search.own = query.files.subtracting(away.files)
            search.excluded = away.files
        }
        let (results, likelyPlaces) = try places.answer(search, count)
        // Reranked, or with contrasts, the nearest may be further down, or not be there.
        let best = search.isBySharedNeighbours && !results.isEmpty ? [search.nearest()].compactMap(\.self) : results
        // Spans are all there without them.
        let isAnswerable = try parameters.filter?.isAnswerable(snapshot.index, catalog) ?? true
        let needsEvents = parameters.segments && metric == .timbre && snapshot.generation.hasNetwork
        return Similar.Reply(
            query: query.echoes, metric: metric, model: snapshot.generation.model.identifier.description,
            complete: snapshot.isComplete && (!needsEvents || snapshot.events.isComplete)
                && (filter.figures.isEmpty && !parameters.distinct || !snapshot.index.lacksFigures)
                && isAnswerable,
            near: DistanceMeaning.isNear(best, metric, in: snapshot.generation), likelyPlaces: likelyPlaces,
            nothing: results.isEmpty ? try emptyAnswer(search, parameters) : nil, results: results)
    }

    /// Why a search found nothing.
    private func emptyAnswer(_ search: Search, _ parameters: Similar.Parameters) throws -> EmptyAnswer {
        let census = FilterCensus(
            search.snapshot.index, catalog, offline: parameters.offline, excluding: search.excluded,
            figures: search.filter.figures)
        var answer = try census.answer(parameters.filter)
        // What is nearest tells whether it is the distance, the score or another sound that leaves nothing.
        var all = search
        (all.filter.maxDistance, all.away, all.own) = (nil, Query(), [])
        let nearest = answer.left > 0 ? all.nearest() : nil
        (answer.distance, answer.score) = (nearest?.distance, nearest?.score)
        return answer
    }

    /// Tells by what a search elsewhere finds what this one would.
    func vectors(_ parameters: Vectors.Parameters) throws -> Vectors.Reply {
        let snapshot = library.snapshot
        let query = try QueryReader(catalog: catalog, files: files, snapshot: snapshot)
            .query(parameters.queries, part: parameters.at)
        guard !query.codes.isEmpty else { throw Self.nothingToSearchBy(query, parameters.at) }
        _ = try Metric(asked: .timbre, for: [query], in: snapshot)
        models.noteAsked(by: snapshot.generation)
        return Vectors.Reply(
            query: query.echoes, library: try catalog.read { try $0.libraryName() },
            model: snapshot.generation.model.identifier.description, own: query.files.sorted().map { Int($0) },
            readings: query.readings.map { $0.map { Base64($0.bytes) } }, codes: query.codes.map { Base64($0.bytes) })
    }

    /// Tells what squared distances mean that were measured elsewhere.
    func distances(_ parameters: Distances.Parameters) throws -> Distances.Reply {
        // Another model may have been put to use since the search began.
        let generation = try models.generation(parameters.model)
        let meaning = DistanceMeaning(
            .timbre, of: parameters.vectors.compactMap { TimbreVector(bytes: $0.bytes) }, in: generation)
        let distances = parameters.squared.map(generation.distance(fromSquared:))
        return Distances.Reply(
            distances: distances, scores: distances.map { meaning.score(ofFileAt: $0) ?? 0 },
            least: generation.model.score == nil ? DistanceMeaning.leastShare : TimbreScore.nearLimit)
    }

    /// Why a query has no codes.
    private static func nothingToSearchBy(_ query: Query, _ part: TimeSpan?) -> LibraryError {
        let why =
            if let part, query.echoes.allSatisfy({ $0.duration.map { $0 <= part.start } ?? false }) {
                query.echoes.count == 1
                    ? "the sound ends before that part begins" : "all sounds end before that part begins"
            } else { "the sound, or that part of it, is silent, or shorter than a frame" }
        return .emptyQuery(reason: "there is nothing to search by: \(why)")
    }

    func explain(_ parameters: Explain.Parameters) throws -> Explain.Reply {
        let snapshot = library.snapshot
        let reader = QueryReader(catalog: catalog, files: files, snapshot: snapshot)
        let (wholeA, wholeB) = (try reader.hear(parameters.a), try reader.hear(parameters.b))
        let (a, b) = (parameters.atA.map(wholeA.part) ?? wholeA, parameters.at.map(wholeB.part) ?? wholeB)
        return try catalog.read { try Explanation(snapshot: snapshot, a: a, b: b).reply($0) }
    }
}

extension IndexFilter {
    /// Reads the conditions of a request.
    ///
    /// - Throws: What the catalog throws, which is asked for the tags of files.
    init(_ filter: FileFilter?, _ catalog: Catalog) throws {
        self.init()
        guard let filter else { return }
        if let under = filter.under { directories = [under.bytes] }
        leftOut = (filter.notUnder ?? []).map(\.bytes)
        if let glob = filter.glob {
            if glob.bytes.contains(UInt8(ascii: "/")) {
                path = GlobPattern(glob.bytes)
            } else {
                name = GlobPattern(glob.bytes)
            }
        }
        (minDuration, maxDuration, channelCount) = (filter.minDuration, filter.maxDuration, filter.channels)
        since = filter.since
        if filter.minLength != nil || filter.maxLength != nil {
            let least = filter.minLength.map(SoundFigures.lengthStep) ?? Int.min
            lengths = least..<max(least, filter.maxLength.map { SoundFigures.lengthStep($0) + 1 } ?? Int.max)
        }
        try TagConditions(filter).apply(to: &self, catalog)
    }
}
