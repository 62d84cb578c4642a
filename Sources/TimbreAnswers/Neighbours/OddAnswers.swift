import Platform
import TimbreCodes
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

/// Finds the sounds that nothing is like.
struct OddAnswers: Sendable {
    let catalog: Catalog
    let library: LiveLibrary
    let files: KnownFiles
    let control: IngestControl
    let stop: StopFlag

    func find(
        _ parameters: Odd.Parameters, for peer: Peer, _ send: (Odd.Reply) throws -> Void
    ) throws -> Odd.Reply {
        if parameters.sync { _ = try control.sync(for: peer) }
        let snapshot = library.snapshot
        guard snapshot.generation.hasVectors else {
            throw LibraryError.metricUnavailable(reason: Metric.withoutVectors)
        }
        var filter = try IndexFilter(parameters.filter)
        filter.includesOffline = parameters.offline
        let sounds = try sounds(filter, snapshot)
        let table = VectorTable(sounds.map(\.vector))
        var pace = NewsPace(total: table.count)
        let found = try table.mostIsolated(parameters.count ?? SearchAnswers.usualCount) { done in
            try stop.goOn(for: peer)
            if let progress = pace.tell(done, at: .now) { try send(Odd.Reply(progress: progress)) }
        }
        let results = found.enumerated().compactMap { place, isolated in
            result(rank: place + 1, sounds[isolated.place], sounds[isolated.nearest.place], isolated.nearest, snapshot)
        }
        let nothing =
            results.isEmpty
            ? try FilterCensus(snapshot.index, offline: parameters.offline).answer(parameters.filter) : nil
        return Odd.Reply(results: results, nothing: nothing)
    }

    /// A content, by its oldest file.
    private struct Sound {
        var file: Int64
        var vector: TimbreVector
    }

    /// The different sounds among some files, oldest first.
    private func sounds(_ filter: IndexFilter, _ snapshot: LibrarySnapshot) throws -> [Sound] {
        let contents = Dictionary(
            try catalog.read { try $0.contentsOfFiles() }.map { ($0.file, $0.content) }, uniquingKeysWith: { $1 })
        var known: Set<Int64> = []
        return snapshot.index.files(admittedBy: filter).compactMap { file in
            guard let vector = snapshot.index.vector(of: file) else { return nil }
            // What came or went since the snapshot was taken is a sound of its own.
            if let content = contents[file], !known.insert(content).inserted { return nil }
            return Sound(file: file, vector: vector)
        }
    }

    private func result(
        rank: Int, _ sound: Sound, _ nearest: Sound, _ neighbour: VectorTable.Neighbour, _ snapshot: LibrarySnapshot
    ) -> OddSound? {
        guard let path = snapshot.index.path(of: sound.file), let other = snapshot.index.path(of: nearest.file),
            let duration = snapshot.index.duration(of: sound.file)
        else { return nil }
        let distance = snapshot.generation.distance(fromSquared: Double(neighbour.squaredDistance))
        let meaning = DistanceMeaning(.timbre, of: [sound.vector], in: snapshot.generation)
        return OddSound(
            rank: rank, path: WirePath(path), duration: duration, nearest: WirePath(other), distance: distance,
            score: meaning.score(ofFileAt: distance) ?? 0)
    }
}
