import TimbreCoding
import TimbreIndex
import TimbreWire

/// One search, on the library of one moment.
struct Search {
    var snapshot: LibrarySnapshot
    var query: [TimbreCode]
    /// What results have to be farther from than they are from the query; may be empty.
    var away: [TimbreCode]
    var filter: IndexFilter
    var excluded: Set<Int64>

    /// The nearest files, nearest first.
    func files(_ count: Int) -> [SimilarResult] {
        let matches = nearest(count, of: snapshot.index.fileCount) { wanted in
            snapshot.index.nearestFiles(to: query, count: wanted, filter: filter, excluding: excluded)
        } isAllowed: { match in
            isAllowed(match.file, distance: match.distance)
        }
        return matches.enumerated().compactMap { place, match in
            result(
                rank: place + 1, match.best, distance: match.distance,
                score: snapshot.generation.calibration?.score(fileDistance: match.distance))
        }
    }

    /// The nearest spans, nearest first; a file may come several times.
    func spans(_ count: Int) -> [SimilarResult] {
        let matches = nearest(count, of: snapshot.index.spanCount) { wanted in
            snapshot.index.nearestSpans(to: query, count: wanted, filter: filter, excluding: excluded)
        } isAllowed: { match in
            isAllowed(match.file, distance: Double(match.distance))
        }
        return matches.enumerated().compactMap { place, match in
            result(
                rank: place + 1, match, distance: Double(match.distance),
                score: snapshot.generation.calibration?.score(spanDistance: match.distance))
        }
    }

    /// Asks for more and more until enough are allowed: what is left out never costs a place.
    private func nearest<Match>(
        _ count: Int, of all: Int, search: (Int) -> [Match], isAllowed: (Match) -> Bool
    ) -> [Match] {
        guard !away.isEmpty else { return search(count) }
        var wanted = count * 2
        while true {
            let found = search(wanted)
            let allowed = found.filter(isAllowed)
            if allowed.count >= count || found.count < wanted || wanted >= all { return Array(allowed.prefix(count)) }
            wanted = min(all, wanted * 4)
        }
    }

    private func isAllowed(_ file: Int64, distance: Double) -> Bool {
        guard let spans = snapshot.index.file(file)?.spans.map(\.code) else { return false }
        return CodeDistance.mean(from: away, to: spans).map { $0 > distance } ?? true
    }

    private func result(rank: Int, _ best: SpanMatch, distance: Double, score: Double?) -> SimilarResult? {
        guard let path = snapshot.index.path(of: best.file), let file = snapshot.index.file(best.file) else {
            return nil
        }
        return SimilarResult(
            rank: rank, path: WirePath(path), distance: distance, score: score ?? 0, hamming: best.distance,
            start: best.start, end: best.end, duration: file.duration)
    }
}
