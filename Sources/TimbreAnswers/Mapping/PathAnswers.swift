import ContentHash
import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreMap
import TimbreStore
import TimbreWire
import Varlink

/// Answers which sounds lead from one to another.
struct PathAnswers: Sendable {
    let catalog: Catalog
    let library: LiveLibrary
    let files: KnownFiles
    let control: IngestControl

    /// How many sounds a way may go over: those that lie most between its ends. Of more, finding the best way would take
    /// longer than people wait; what is left out lies far to the side.
    private static let mostBetween = 2048

    func find(_ parameters: FindPath.Parameters, for peer: Peer) throws -> FindPath.Reply {
        if parameters.sync { _ = try control.sync(for: peer) }
        let snapshot = library.snapshot
        guard snapshot.generation.hasVectors else {
            throw LibraryError.metricUnavailable(reason: Metric.withoutVectors)
        }
        let reader = QueryReader(catalog: catalog, files: files, snapshot: snapshot)
        let (from, to) = (try end(parameters.from, reader), try end(parameters.to, reader))
        let between = try between(from, to, parameters, snapshot)
        let path = SoundPath(
            from: from.vector, to: to.vector, between: between.map(\.vector),
            count: parameters.count ?? FindPath.usualCount)
        let way = [from] + path.places.map { between[$0] } + [to]
        var steps = [from.step(distance: 0, score: 1)]
        for (number, squared) in path.squaredSteps.enumerated() {
            let distance = snapshot.generation.distance(fromSquared: Double(squared))
            let meaning = DistanceMeaning(.timbre, of: [way[number].vector], in: snapshot.generation)
            steps.append(
                way[number + 1].step(distance: distance, score: meaning.score(ofFileAt: distance) ?? 0))
        }
        return FindPath.Reply(
            model: snapshot.generation.model.identifier.description,
            complete: try snapshot.isComplete && (parameters.filter?.isAnswerable(snapshot.index, catalog) ?? true),
            steps: steps)
    }

    /// A sound on the way.
    private struct Stop {
        /// Its number, if it is a file of the library.
        var file: Int64?
        var path: WirePath?
        var duration: Double
        var vector: TimbreVector

        func step(distance: Double, score: Double) -> PathStep {
            PathStep(path: path, inLibrary: file != nil, duration: duration, distance: distance, score: score)
        }
    }

    private func end(_ sound: QuerySound, _ reader: QueryReader) throws -> Stop {
        let query = try reader.query([sound], part: nil)
        guard let echo = query.echoes.first, let vector = query.vectors.first else {
            if query.isByCode { throw LibraryError.metricUnavailable(reason: "of a sound the bands are not known") }
            throw LibraryError.metricUnavailable(reason: Metric.tooFaint)
        }
        return Stop(file: query.files.first, path: echo.path, duration: echo.duration ?? 0, vector: vector)
    }

    /// The files that lie most between two sounds: those with the least sum of squared distances to both. Of those that
    /// sound the same one is enough.
    private func between(
        _ from: Stop, _ to: Stop, _ parameters: FindPath.Parameters, _ snapshot: LibrarySnapshot
    ) throws -> [Stop] {
        var filter = try IndexFilter(parameters.filter, catalog)
        filter.includesOffline = parameters.offline
        let ranked = snapshot.index.rankedFiles(
            toVectors: [(from.vector, 1), (to.vector, 1)], count: Self.mostBetween, filter: filter,
            excluding: Set([from.file, to.file].compactMap(\.self)))
        var known: Set<TimbreVector> = [from.vector, to.vector]
        return ranked.compactMap { file in
            guard let vector = snapshot.index.vector(of: file), known.insert(vector).inserted,
                let path = snapshot.index.path(of: file), let duration = snapshot.index.duration(of: file)
            else { return nil }
            return Stop(file: file, path: WirePath(path), duration: duration, vector: vector)
        }
    }
}
