import TimbreIndex
import TimbreLibrary
import TimbreWire

/// A search in a snapshot of the library.
struct Search {
    var snapshot: LibrarySnapshot
    var metric: Metric
    var query: Query
    /// Results must be farther from this than from the query; may be empty.
    var away: Query
    /// Its maximum distance is in the metric's own unit.
    var filter: IndexFilter
    var excluded: Set<Int64>
    /// The query's own files, if they may be in the answer: they win ties.
    var own: Set<Int64> = []
    /// How many files of one folder are found at most; nil if any number.
    var perFolder: Int?
    /// Whether of files that hold the same sound one is found, and none that holds the query's.
    var isDistinct = false
    /// Files of a smaller score are left out; nil if none are.
    var leastScore: Double?
    /// Whether the nearest files are to be put in the order of the neighbours that they share with the query.
    var isReranked = false

    private var generation: Generation { snapshot.generation }
    var awayFilter: AwayFilter { AwayFilter(snapshot: snapshot, metric: metric, away: away) }

    /// What distances from the query mean.
    var meaning: DistanceMeaning { DistanceMeaning(metric, of: query.vectors, in: generation) }

    /// Whether the nearest files come in the order of what they share with the query, and not in that of distance: so it is
    /// with contrasts as well.
    var isBySharedNeighbours: Bool {
        (isReranked || !filter.figures.isEmpty) && metric == .timbre && generation.hasNetwork
    }

    /// The nearest file, whatever comes first in an answer.
    func nearest() -> SimilarResult? { results(nearestFiles(1)).first?.result }

    /// The nearest files, nearest first unless reranked or with contrasts.
    func files(_ count: Int) -> [SimilarResult] { numberedFiles(count).map(\.result) }

    /// The nearest files with their numbers.
    func numberedFiles(_ count: Int) -> [(file: Int64, result: SimilarResult)] {
        results(matches(count))
    }

    private func results(_ matches: [FileMatch]) -> [(file: Int64, result: SimilarResult)] {
        let meaning = meaning
        return matches.enumerated().compactMap { place, match in
            let distance = distance(of: match)
            return result(rank: place + 1, match.best, distance: distance, score: meaning.score(ofFileAt: distance))
                .map { (match.file, $0) }
        }
    }

    /// How far a file is, in the metric's own unit.
    private func distance(of match: FileMatch) -> Double {
        metric == .codes ? match.distance : generation.distance(fromSquared: match.distance)
    }

    /// The nearest files; reranked or with contrasts, the nearest of those in the order of what they share with the query.
    private func matches(_ count: Int) -> [FileMatch] {
        func nearest(_ count: Int) -> [FileMatch] {
            perFolder.map { nearestFiles(count, perFolder: $0) } ?? nearestFiles(count)
        }
        guard isBySharedNeighbours else { return likely(nearest(count)) }
        let shared = SharedNeighbours(snapshot.index, of: query.files, neighbours: neighbours(SharedNeighbours.count))
        let ordered = shared.ordered(nearest(max(count, SharedNeighbours.looks)), distance: distance)
        // What is first is not the likeliest, so that the others must not take its room.
        return Array(likely(ordered).prefix(count))
    }

    /// Leaves out what has a smaller score than the least.
    private func likely(_ matches: [FileMatch]) -> [FileMatch] {
        guard let leastScore else { return matches }
        let meaning = meaning
        return matches.filter { meaning.score(ofFileAt: distance(of: $0)) ?? 0 >= leastScore }
    }

    /// The files that are nearest to the query in the whole library, without its own.
    private func neighbours(_ count: Int) -> [Int64] {
        Search(
            snapshot: snapshot, metric: metric, query: query, away: Query(), filter: IndexFilter(),
            excluded: query.files
        ).nearestFiles(count).map(\.file)
    }

    /// Lets through what is wanted of each sound; nil if all files are.
    ///
    /// - Parameter prefersOwn: Whether the query's own files are there whatever comes, where they may be found; else they
    ///   are among what comes.
    func distinctSounds(prefersOwn: Bool = true) -> DistinctSounds? {
        guard isDistinct else { return nil }
        let found = prefersOwn ? Set(ownMatches().map(\.file)) : []
        return DistinctSounds(in: snapshot.index, after: own.isEmpty ? query.files : found)
    }

    /// The nearest files of which no folder has more than a number: in the order of all files, each is found unless its
    /// folder has as many before it.
    ///
    /// Folders that have theirs are closed to the next search, which goes on behind the last file that was seen, and takes
    /// twice as many: copies of what was found close no folder.
    private func nearestFiles(_ count: Int, perFolder limit: Int) -> [FileMatch] {
        var (search, matches) = (self, [FileMatch]())
        var (room, distinct) = (FolderRoom(limit), distinctSounds(prefersOwn: false))
        var wanted = count
        // Which copy of a sound is found depends on which folders have room.
        search.isDistinct = false
        while matches.count < count {
            let found = search.nearestFiles(wanted)
            matches += found.filter { match in
                guard let folder = snapshot.index.file(match.file)?.directory, !room.full.contains(folder) else {
                    return false
                }
                return distinct?.takes(match.file) ?? true && room.takes(fileOf: folder)
            }
            if found.count < wanted { break }
            wanted *= 2
            search.excluded.formUnion(found.map(\.file))
            search.own.subtract(found.map(\.file))
            search.filter.closedDirectories = room.full
        }
        return Array(matches.prefix(count))
    }

    private func nearestFiles(_ count: Int) -> [FileMatch] {
        let awayFilter = awayFilter
        let others = nearest(count, of: snapshot.index.fileCount) { wanted in
            nearestFiles(of: snapshot.index, wanted, excluding: excluded.union(own))
        } keeping: { found in
            var distinct = distinctSounds()
            return found.filter { awayFilter.allows($0) && distinct?.takes($0.file) ?? true }
        }
        var distinct = isDistinct ? DistinctSounds(in: snapshot.index) : nil
        let ownMatches = ownMatches().filter { awayFilter.allows($0) && distinct?.takes($0.file) ?? true }
        return Array(merge(ownMatches, others).prefix(count))
    }

    /// The nearest spans, nearest first; a file may come several times.
    func spans(_ count: Int) -> [SimilarResult] {
        let awayFilter = awayFilter
        let matches = nearest(count, of: snapshot.index.spanCount) { wanted in
            switch metric {
            case .codes:
                snapshot.index.nearestSpans(to: query.codes, count: wanted, filter: filter, excluding: excluded)
            case .timbre:
                snapshot.index.nearestSpans(
                    toVectors: query.spanVectors, codes: query.codes, count: wanted, filter: squaredFilter,
                    excluding: excluded)
            }
        } keeping: { found in
            var distinct = distinctSounds()
            return found.filter { awayFilter.allows($0) && distinct?.takes($0.file) ?? true }
        }
        let meaning = meaning
        return matches.enumerated().compactMap { place, match in
            let distance =
                metric == .codes
                ? Double(match.distance) : generation.distance(fromSquared: Double(match.squaredDistance ?? 0))
            return result(rank: place + 1, match, distance: distance, score: meaning.score(ofSpanAt: distance))
        }
    }

    /// The filter in the unit of the index: squared steps of a vector.
    var squaredFilter: IndexFilter {
        var filter = filter
        // A distance copied from an answer must not be lost to rounding.
        filter.maxDistance = filter.maxDistance.map { generation.squared(fromDistance: $0 * (1 + 1e-12)) }
        return filter
    }

    private func nearestFiles(of index: TimbreIndex, _ count: Int, excluding excluded: Set<Int64>) -> [FileMatch] {
        switch metric {
        case .codes: index.nearestFiles(to: query.codes, count: count, filter: filter, excluding: excluded)
        case .timbre:
            query.readings.map { vectors in
                index.nearestFiles(
                    toVectors: vectors.map { ($0, 1) }, codes: query.codes, count: count, filter: squaredFilter,
                    excluding: excluded)
            }.reduce([]) { nearest($0, $1, count) }
        }
    }

    /// Merges the nearest files of two readings of a query: the nearer reading counts for each file.
    private func nearest(_ first: [FileMatch], _ second: [FileMatch], _ count: Int) -> [FileMatch] {
        guard !first.isEmpty else { return second }
        let nearer = Dictionary((first + second).map { ($0.file, $0) }) { $0.distance <= $1.distance ? $0 : $1 }
        return Array(nearer.values.sorted { ($0.distance, $0.file) < ($1.distance, $1.file) }.prefix(count))
    }

    /// The query's own files with their distances: 0, unless there are several.
    private func ownMatches() -> [FileMatch] {
        var index = TimbreIndex()
        for file in own.sorted().compactMap(snapshot.index.file) {
            index.insert([file])
            if let path = snapshot.index.path(of: file.id) {
                index.setDirectory(file.directory, path: Array(path.dropLast(file.name.count + 1)))
            }
        }
        return own.isEmpty ? [] : nearestFiles(of: index, own.count, excluding: excluded)
    }

    /// Merges two ascending lists; the first wins ties.
    private func merge(_ first: [FileMatch], _ second: [FileMatch]) -> [FileMatch] {
        var merged: [FileMatch] = []
        var rest = first[...]
        for match in second {
            while let next = rest.first, next.distance <= match.distance { merged.append(rest.removeFirst()) }
            merged.append(match)
        }
        return merged + rest
    }

    /// Asks for more and more until enough are kept, so that what is left out does not shorten the answer.
    private func nearest<Match>(
        _ count: Int, of all: Int, search: (Int) -> [Match], keeping kept: ([Match]) -> [Match]
    ) -> [Match] {
        guard !awayFilter.isEmpty || isDistinct else { return search(count) }
        var wanted = count * 2
        while true {
            let found = search(wanted)
            let allowed = kept(found)
            if allowed.count >= count || found.count < wanted || wanted >= all { return Array(allowed.prefix(count)) }
            wanted = min(all, wanted * 4)
        }
    }

    private func result(rank: Int, _ best: SpanMatch, distance: Double, score: Double?) -> SimilarResult? {
        guard let path = snapshot.index.path(of: best.file), let file = snapshot.index.file(best.file) else {
            return nil
        }
        return SimilarResult(
            rank: rank, path: WirePath(path), distance: distance, score: score ?? 0, hamming: best.distance,
            start: best.start, end: best.end, duration: file.duration,
            figures: filter.figures.isEmpty ? nil : file.figures.map(Figures.init))
    }
}
