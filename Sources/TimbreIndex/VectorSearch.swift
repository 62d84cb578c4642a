import TimbreCodes

/// A search for the nearest of many vectors, which come in groups.
struct VectorSearch {
    private let query: VectorQuery
    private var nearest: Smallest<VectorKey>
    /// The first distance that is too far, whatever else was found.
    private let farthest: UInt64
    private var room = VectorQuery.Room()
    /// How many vectors were looked through.
    private var seen = 0

    /// Nil if nothing is asked or wanted.
    init?(for query: VectorQuery, count: Int, maxDistance: Double?) {
        guard count > 0, !query.vectors.isEmpty else { return nil }
        self.query = query
        nearest = Smallest(count)
        farthest = query.limit(maxDistance: maxDistance)
    }

    /// The nearest ones, ascending by distance, then by age.
    var found: [VectorKey] { nearest.sorted }

    /// Whether all that is found is kept so far.
    var takesAll: Bool { nearest.bound == nil }

    /// Looks for nearer ones among some vectors.
    ///
    /// - Parameters:
    ///   - segment: The segment that they belong to: this one or a later one than before.
    ///   - context: What is passed on, too; it is asked for only if something is found.
    ///   - place: Receives where a vector is in its column that is near enough. Returns where that is in the segment,
    ///     by age; nil if it must not be found.
    mutating func look<Context>(
        through columns: VectorColumns, of segment: Int, with context: @autoclosure () -> Context,
        place: (Int, Context) -> Int?
    ) {
        var end = 0
        while end < columns.count {
            let start = end
            // What is found among the first ones spares the others work.
            end = min(start + min(max(64, seen / 2), VectorQuery.Room.size), columns.count)
            seen += end - start
            let block = start..<end
            let count = query.find(nearerThan: limit, in: block, of: columns, into: &room)
            if count == 0 { continue }
            let context = context()
            for (offset, distance) in zip(room.places[..<count], room.distances) where distance < limit {
                let index = start + Int(offset)
                guard columns.isPresent(index), let place = place(index, context) else { continue }
                nearest.insert(VectorKey(distance: distance, segment: Int32(segment), place: Int32(place)))
            }
        }
    }

    /// The first distance that is too far. What is as far as the farthest that was kept may be older than that.
    private var limit: UInt64 { nearest.bound.map { min($0.distance + 1, farthest) } ?? farthest }
}

/// What vectors are ordered by.
struct VectorKey: Comparable {
    /// The squared distance, not yet divided.
    var distance: UInt64
    // Where the vector is, which is its age.
    var segment: Int32
    var place: Int32

    static func < (a: VectorKey, b: VectorKey) -> Bool {
        (a.distance, a.segment, a.place) < (b.distance, b.segment, b.place)
    }
}

extension TimbreIndex {
    /// Finds the files whose vectors are nearest to those of a query.
    ///
    /// The distance of a file is the mean, over the vectors of the query, of the squared distance to the file's vector.
    /// The order is total: by that distance, ascending; then the older file first. Sums are of integers, so that the
    /// order is exact. The filter is applied before files are counted; its greatest distance is a squared one. Files
    /// without a vector or a span are not found.
    ///
    /// - Parameters:
    ///   - queries: The vectors of the query, and how much each counts. Those that count 0 are passed over.
    ///   - codes: The codes of the query's spans, by which the best span of each file found is told. Without them it is
    ///     told by the vectors; spans that have none come last.
    ///   - count: How many files to find at most.
    /// - Precondition: Weights are 0 or more, and their sum is below 2³⁰.
    /// - Complexity: O(*n* · *m*) in the numbers of files and of different vectors, and a fixed amount of memory.
    package func nearestFiles(
        toVectors queries: [(vector: TimbreVector, weight: Int)], codes: [TimbreCode] = [], count: Int,
        filter: IndexFilter = IndexFilter(), excluding excluded: Set<Int64> = []
    ) -> [FileMatch] {
        let query = VectorQuery.mean(of: queries)
        let keys = nearestFiles(to: query, count: count, filter, excluding: excluded)
        let ranking = SpanRanking(vectors: query.vectors.map(\.vector), codes: codes)
        return keys.map { key in
            let segment = segments[Int(key.segment)]
            return FileMatch(
                file: segment.id(of: Int(key.place)), distance: Double(key.distance) / Double(query.divisor),
                best: ranking.match(at: ranking.bestSpan(of: Int(key.place), in: segment), of: segment))
        }
    }

    /// Finds the same files in the same order, and nothing more of them: their spans are not compared.
    package func rankedFiles(
        toVectors queries: [(vector: TimbreVector, weight: Int)], count: Int, filter: IndexFilter = IndexFilter(),
        excluding excluded: Set<Int64> = []
    ) -> [Int64] {
        let query = VectorQuery.mean(of: queries)
        return nearestFiles(to: query, count: count, filter, excluding: excluded).map { key in
            segments[Int(key.segment)].id(of: Int(key.place))
        }
    }

    private func nearestFiles(
        to query: VectorQuery, count: Int, _ filter: IndexFilter, excluding excluded: Set<Int64>
    ) -> [VectorKey] {
        guard var search = VectorSearch(for: query, count: count, maxDistance: filter.maxDistance) else { return [] }
        let admission = Admission(filter, excluding: excluded, in: directories)
        // A segment is not taken out of the array, for that would count a reference to each of its columns.
        for number in segments.indices {
            if search.takesAll && !admission.admitsAny(of: segments[number].files) { continue }
            search.look(through: segments[number].files.vectors, of: number, with: segments[number].files) {
                row, files in
                !files.spans(of: row).isEmpty && admission.admits(row, of: files) ? row : nil
            }
        }
        return search.found
    }

    /// Finds the spans whose vectors are nearest to any vector of a query.
    ///
    /// The order is total: by the squared distance to the nearest of the vectors, ascending; then the older file first;
    /// then by the number of the span. The filter is applied before spans are counted; its greatest distance is a
    /// squared one. Spans without a vector are not found.
    ///
    /// - Parameters:
    ///   - queries: The vectors of the query.
    ///   - codes: The codes of the query, with which those of the spans found are compared.
    ///   - count: How many spans to find at most.
    /// - Complexity: O(*n* · *m*) in the numbers of spans and of different vectors, and a fixed amount of memory.
    package func nearestSpans(
        toVectors queries: [TimbreVector], codes: [TimbreCode] = [], count: Int, filter: IndexFilter = IndexFilter(),
        excluding excluded: Set<Int64> = []
    ) -> [SpanMatch] {
        let query = VectorQuery(queries.map { ($0, 1) }, rule: .least)
        guard var search = VectorSearch(for: query, count: count, maxDistance: filter.maxDistance) else { return [] }
        let admission = Admission(filter, excluding: excluded, in: directories)
        for number in segments.indices {
            if search.takesAll && !admission.admitsAny(of: segments[number].files) { continue }
            if segments[number].spans.hasSharedVectors {
                search.look(through: segments[number].files.vectors, of: number, with: segments[number]) {
                    row, segment in
                    segment.hasSharedVector(row) && admission.admits(row, of: segment.files)
                        ? segment.spans(of: row).lowerBound : nil
                }
            }
            var row = 0
            search.look(
                through: segments[number].spans.ownVectors, of: number,
                with: (files: segments[number].files, places: segments[number].spans.ownPlaces)
            ) { index, context in
                let place = Int(context.places[index])
                row = context.files.row(ofSpan: place, from: row)
                return admission.admits(row, of: context.files) ? place : nil
            }
        }
        let ranking = SpanRanking(vectors: queries, codes: codes)
        return search.found.map { ranking.match(at: Int($0.place), of: segments[Int($0.segment)]) }
    }
}
