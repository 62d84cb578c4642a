import TimbreCodes

extension TimbreIndex {
    /// Finds the files that are nearest to a sound.
    ///
    /// The distance of a file is the mean, over the spans of the query, of the distance to the file's nearest span. The
    /// order is total: by that distance, then by the distance of the best span, both ascending; then by the bits that
    /// the best span shares, descending; then the older file first. Sums are of integers, so that the order is exact.
    /// The filter is applied before files are counted. Codes without any bit are passed over.
    ///
    /// - Parameters:
    ///   - queries: The codes of the query's spans. A code that occurs twice counts twice.
    ///   - count: How many files to find at most.
    /// - Complexity: O(*n* · *m*) in the number of spans and that of the bits of all different codes, and a fixed
    ///   amount of memory.
    package func nearestFiles(
        to queries: [TimbreCode], count: Int, filter: IndexFilter = IndexFilter(), excluding excluded: Set<Int64> = []
    ) -> [FileMatch] {
        let queries = Self.weighted(queries)
        guard count > 0, !queries.isEmpty else { return [] }
        let admission = Admission(filter, excluding: excluded, in: directories)
        let weight = Double(queries.reduce(0) { $0 + $1.weight })
        let keys =
            queries.count == 1
            ? nearestFiles(to: queries[0], count: count, filter.maxDistance, where: admission)
            : nearestFiles(to: queries, count: count, filter.maxDistance, where: admission)
        return keys.map { key in
            let segment = segments[Int(key.segment)]
            let best = segment.bestSpan(of: Int(key.row), to: queries)
            return FileMatch(
                file: segment.id(of: Int(key.row)), distance: Double(key.sum) / weight,
                best: segment.match(at: best.place, rank: best.rank))
        }
    }

    /// Finds the files that are nearest to one code: those with the nearest spans.
    private func nearestFiles(
        to query: (code: TimbreCode, weight: Int), count: Int, _ maxDistance: Double?, where admission: Admission
    ) -> [FileKey] {
        guard maxDistance.map({ $0 >= 0 }) ?? true else { return [] }
        let farthest = maxDistance.map { SpanRank.limit(maxDistance: $0) } ?? .max
        var nearest = Smallest<RankKey>(count)
        var codes = CodeQuery([query.code])
        // A segment is not taken out of the array, for that would count a reference to each of its columns.
        for number in segments.indices {
            if nearest.bound == nil && !admission.admitsAny(of: segments[number].files) { continue }
            // The file at hand. All that was found of it is needed to tell how near it is.
            var (row, best) = (0, UInt16.max)
            func insert(_ files: FileColumns) {
                let key = RankKey(rank: best, segment: Int32(number), place: Int32(row))
                if let bound = nearest.bound, key >= bound { return }
                if admission.admits(row, of: files) { nearest.insert(key) }
            }
            let limit = nearest.bound?.rank ?? farthest
            codes.forEach(
                in: 0..<segments[number].spanCount, of: segments[number].spans.codes, below: limit,
                with: segments[number].files
            ) { place, rank, files in
                if place >= files.spanEnds[row] {
                    if best < .max { insert(files) }
                    (row, best) = (files.row(ofSpan: place, from: row), .max)
                }
                best = min(best, rank)
                return nearest.bound?.rank ?? farthest
            }
            if best < .max { insert(segments[number].files) }
        }
        return nearest.sorted.map { key in
            let sum = UInt32(query.weight * SpanRank.distance(key.rank))
            return FileKey(sum: sum, best: key.rank, segment: key.segment, row: key.place)
        }
    }

    /// Finds the files that are nearest to several codes.
    private func nearestFiles(
        to queries: [(code: TimbreCode, weight: Int)], count: Int, _ maxDistance: Double?, where admission: Admission
    ) -> [FileKey] {
        let weight = Double(queries.reduce(0) { $0 + $1.weight })
        var nearest = Smallest<FileKey>(count)
        var distances = CodeDistances(queries)
        for (number, segment) in segments.enumerated() {
            if nearest.bound == nil && !admission.admitsAny(of: segment.files) { continue }
            distances.measure(segment)
            for (row, sum) in distances.sums.enumerated() {
                if let bound = nearest.bound, sum > bound.sum { continue }
                if segment.spans(of: row).isEmpty { continue }
                if let maxDistance, Double(sum) / weight > maxDistance { continue }
                guard admission.admits(row, of: segment.files) else { continue }
                let best = segment.bestSpan(of: row, to: queries).rank
                nearest.insert(FileKey(sum: sum, best: best, segment: Int32(number), row: Int32(row)))
            }
        }
        return nearest.sorted
    }

    /// Finds the spans that are nearest to any of some codes.
    ///
    /// The order is total: by distance to the nearest of the codes, ascending; then by the bits shared with it,
    /// descending; then the older file first; then by the number of the span. The filter is applied before spans are
    /// counted. Codes without any bit are passed over.
    ///
    /// - Parameter count: How many spans to find at most.
    /// - Complexity: O(*n* · *m*) in the number of spans and that of the bits of all different codes, and a fixed
    ///   amount of memory.
    package func nearestSpans(
        to queries: [TimbreCode], count: Int, filter: IndexFilter = IndexFilter(), excluding excluded: Set<Int64> = []
    ) -> [SpanMatch] {
        let queries = Self.weighted(queries).map(\.code)
        guard count > 0, !queries.isEmpty, filter.maxDistance.map({ $0 >= 0 }) ?? true else { return [] }
        let admission = Admission(filter, excluding: excluded, in: directories)
        let farthest = filter.maxDistance.map { SpanRank.limit(maxDistance: $0) } ?? .max
        var nearest = Smallest<RankKey>(count)
        var query = CodeQuery(queries)
        // A segment is not taken out of the array, for that would count a reference to each of its columns.
        for number in segments.indices {
            if nearest.bound == nil && !admission.admitsAny(of: segments[number].files) { continue }
            var row = 0
            let limit = nearest.bound?.rank ?? farthest
            query.forEach(
                in: 0..<segments[number].spanCount, of: segments[number].spans.codes, below: limit,
                with: segments[number].files
            ) { place, rank, files in
                let key = RankKey(rank: rank, segment: Int32(number), place: Int32(place))
                if nearest.bound.map({ key < $0 }) ?? true {
                    row = files.row(ofSpan: place, from: row)
                    if admission.admits(row, of: files) { nearest.insert(key) }
                }
                return nearest.bound?.rank ?? farthest
            }
        }
        return nearest.sorted.map { segments[Int($0.segment)].match(at: Int($0.place), rank: $0.rank) }
    }

    /// The different codes that have a bit, and how often each occurs.
    static func weighted(_ queries: [TimbreCode]) -> [(code: TimbreCode, weight: Int)] {
        var weights: [TimbreCode: Int] = [:]
        for code in queries where !code.isEmpty { weights[code, default: 0] += 1 }
        return weights.map { ($0.key, $0.value) }
    }
}

/// What files are ordered by.
private struct FileKey: Comparable {
    /// The distances of the query's spans, added up.
    var sum: UInt32
    /// The rank of the file's best span.
    var best: UInt16
    // Where the file is, which is its age.
    var segment: Int32
    var row: Int32

    static func < (a: FileKey, b: FileKey) -> Bool {
        (a.sum, a.best, a.segment, a.row) < (b.sum, b.best, b.segment, b.row)
    }
}

/// What is ordered by its rank.
struct RankKey: Comparable {
    var rank: UInt16
    // Where it is, which is its age: a span, or a file by its row.
    var segment: Int32
    var place: Int32

    static func < (a: RankKey, b: RankKey) -> Bool {
        (a.rank, a.segment, a.place) < (b.rank, b.segment, b.place)
    }
}
