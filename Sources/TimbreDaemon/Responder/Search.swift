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
    /// The query's own files, if they may be in the answer: among equally near ones they come first.
    var own: Set<Int64> = []

    /// The nearest files, nearest first.
    func files(_ count: Int) -> [SimilarResult] {
        let others = nearest(count, of: snapshot.index.fileCount) { wanted in
            snapshot.index.nearestFiles(to: query, count: wanted, filter: filter, excluding: excluded.union(own))
        } isAllowed: { match in
            isAllowed(match.file, distance: match.distance)
        }
        let matches = merge(ownMatches(), others).prefix(count)
        return matches.enumerated().compactMap { place, match in
            result(
                rank: place + 1, match.best, distance: match.distance,
                score: snapshot.generation.calibration?.score(fileDistance: match.distance))
        }
    }

    /// How far the query's own files are from it: 0, unless there are several.
    private func ownMatches() -> [FileMatch] {
        var index = TimbreIndex()
        for file in own.sorted().compactMap(snapshot.index.file) {
            index.insert([file])
            if let path = snapshot.index.path(of: file.id) {
                index.setDirectory(file.directory, path: Array(path.dropLast(file.name.count + 1)))
            }
        }
        return index.nearestFiles(to: query, count: own.count, filter: filter, excluding: excluded)
    }

    /// Merges two ascending lists; of equally near files those of the first come first.
    private func merge(_ first: [FileMatch], _ second: [FileMatch]) -> [FileMatch] {
        var merged: [FileMatch] = []
        var rest = first[...]
        for match in second {
            while let next = rest.first, next.distance <= match.distance { merged.append(rest.removeFirst()) }
            merged.append(match)
        }
        return merged + rest
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
