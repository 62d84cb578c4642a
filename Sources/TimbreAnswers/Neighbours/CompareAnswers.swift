import Platform
import SystemPackage
import TimbreCodes
import TimbreIndex
import TimbreLibrary
import TimbreWire
import Varlink

/// Compares two folders: finds for each sound of the one the nearest of the other.
struct CompareAnswers: Sendable {
    let library: LiveLibrary
    let files: KnownFiles
    let control: IngestControl
    let stop: StopFlag

    /// Files in one reply.
    private static let batch = 500
    /// From this score on a sound has a counterpart: more likely than not a person would say so.
    private static let leastScore = 0.5

    func compare(
        _ parameters: Compare.Parameters, for peer: Peer, _ send: (Compare.Reply) throws -> Void
    ) throws -> Compare.Reply {
        if parameters.sync { _ = try control.sync(for: peer) }
        let snapshot = library.snapshot
        guard snapshot.generation.hasVectors else {
            throw LibraryError.metricUnavailable(reason: Metric.withoutVectors)
        }
        let a = try Side(.a, parameters.a, parameters, snapshot, files)
        let b = try Side(.b, parameters.b, parameters, snapshot, files)
        var pace = NewsPace(total: a.files.count + b.files.count)
        var batch: [ComparedFile] = []
        for (own, other) in [(a, b), (b, a)] {
            for file in own.files {
                if pace.done % 32 == 0 { try stop.goOn(for: peer) }
                batch += [compared(file, of: own, with: other, snapshot)].compactMap(\.self)
                if batch.count == Self.batch {
                    try send(Compare.Reply(files: batch))
                    batch = []
                }
                if let progress = pace.step(at: .now) { try send(Compare.Reply(progress: progress)) }
            }
        }
        return Compare.Reply(files: batch)
    }

    /// One of the folders.
    private struct Side {
        let side: ComparedFile.Side
        /// Its files, oldest first.
        let files: [Int64]
        /// The vectors of those that have one, in the same order, and where each file's is.
        let vectors: VectorTable
        let places: [Int64: Int]
        /// The files with a vector, in the same order.
        let heard: [Int64]

        init(
            _ side: ComparedFile.Side, _ path: WirePath, _ parameters: Compare.Parameters,
            _ snapshot: LibrarySnapshot, _ known: KnownFiles
        ) throws {
            _ = try known.watchedFolder(path)
            var filter = IndexFilter()
            filter.directories = [path.bytes]
            filter.includesOffline = parameters.offline
            self.side = side
            files = snapshot.index.files(admittedBy: filter)
            guard !files.isEmpty else {
                throw LibraryError.emptyQuery(
                    reason: "there is nothing to compare: \(path.shown) has no searchable file")
            }
            let found = files.compactMap { id in snapshot.index.vector(of: id).map { (id, $0) } }
            heard = found.map(\.0)
            vectors = VectorTable(found.map(\.1))
            places = Dictionary(uniqueKeysWithValues: heard.enumerated().map { ($1, $0) })
        }
    }

    /// Compares a file; nil if it has no path any more.
    private func compared(_ file: Int64, of own: Side, with other: Side, _ snapshot: LibrarySnapshot) -> ComparedFile? {
        guard let path = snapshot.index.path(of: file), let duration = snapshot.index.duration(of: file) else {
            return nil
        }
        // A folder may lie in the other.
        guard let vector = own.places[file].map({ own.vectors[$0] }),
            let nearest = other.vectors.nearest(to: vector, count: 1, excluding: other.places[file]).first,
            let found = snapshot.index.path(of: other.heard[nearest.place])
        else {
            return ComparedFile(
                side: own.side, path: WirePath(path), duration: duration, nearest: nil, distance: nil, score: nil,
                hasCounterpart: false)
        }
        let distance = snapshot.generation.distance(fromSquared: Double(nearest.squaredDistance))
        let score = DistanceMeaning(.timbre, of: [vector], in: snapshot.generation).score(ofFileAt: distance) ?? 0
        return ComparedFile(
            side: own.side, path: WirePath(path), duration: duration, nearest: WirePath(found), distance: distance,
            score: score, hasCounterpart: score >= Self.leastScore)
    }
}
