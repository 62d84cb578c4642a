import TimbreCoding

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
        let query = VectorQuery(queries, rule: .sum)
        let keys = nearestFiles(to: query, count: count, filter, excluding: excluded)
        let ranking = SpanRanking(vectors: query.vectors.map(\.vector), codes: codes)
        return keys.map { key in
            let segment = segments[Int(key.segment)]
            return FileMatch(
                file: segment.rows[Int(key.place)].id, distance: Double(key.distance) / Double(query.divisor),
                best: ranking.match(at: ranking.bestSpan(of: Int(key.place), in: segment), of: segment))
        }
    }

    /// Finds the same files in the same order, and nothing more of them: their spans are not compared.
    package func rankedFiles(
        toVectors queries: [(vector: TimbreVector, weight: Int)], count: Int, filter: IndexFilter = IndexFilter(),
        excluding excluded: Set<Int64> = []
    ) -> [Int64] {
        let query = VectorQuery(queries, rule: .sum)
        return nearestFiles(to: query, count: count, filter, excluding: excluded).map { key in
            segments[Int(key.segment)].rows[Int(key.place)].id
        }
    }

    private func nearestFiles(
        to query: VectorQuery, count: Int, _ filter: IndexFilter, excluding excluded: Set<Int64>
    ) -> [VectorKey] {
        let admission = Admission(filter, excluding: excluded, in: directories)
        return nearest(to: query, count: count, maxDistance: filter.maxDistance, in: \.fileVectors) { row, segment in
            !segment.spans(of: row).isEmpty && admission.admits(row, of: segment)
        }
    }

    /// The vector of a file; nil if there is none.
    package func vector(of id: Int64) -> TimbreVector? {
        find(id).flatMap { segments[$0.segment].fileVectors[$0.row] }
    }

    /// The vector of a file's span, by the span's number; nil if there is none.
    package func vector(ofSpan number: Int, of id: Int64) -> TimbreVector? {
        guard let (segment, row) = find(id) else { return nil }
        let place = segments[segment].spans(of: row).first { segments[segment].numbers[$0] == number }
        return place.flatMap { segments[segment].spanVectors[$0] }
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
        let admission = Admission(filter, excluding: excluded, in: directories)
        let keys = nearest(to: query, count: count, maxDistance: filter.maxDistance, in: \.spanVectors) {
            place, segment in
            admission.admits(Int(segment.owners[place]), of: segment)
        }
        let ranking = SpanRanking(vectors: queries, codes: codes)
        return keys.map { ranking.match(at: Int($0.place), of: segments[Int($0.segment)]) }
    }

    /// Finds the nearest vectors of one kind.
    private func nearest(
        to query: VectorQuery, count: Int, maxDistance: Double?, in columns: (Segment) -> VectorColumns,
        where admits: (Int, Segment) -> Bool
    ) -> [VectorKey] {
        guard count > 0, !query.vectors.isEmpty else { return [] }
        var nearest = Smallest<VectorKey>(count)
        // Later vectors are younger: they must be nearer than the farthest kept, not only as near.
        var limit = query.limit(maxDistance: maxDistance)
        var room = VectorQuery.Room()
        for (number, segment) in segments.enumerated() {
            let columns = columns(segment)
            for start in stride(from: 0, to: columns.count, by: VectorQuery.Room.size) {
                let block = start..<min(start + VectorQuery.Room.size, columns.count)
                let count = query.find(nearerThan: limit, in: block, of: columns, into: &room)
                for (offset, distance) in zip(room.places[..<count], room.distances) where distance < limit {
                    let place = start + Int(offset)
                    guard columns.isPresent(place), admits(place, segment) else { continue }
                    nearest.insert(VectorKey(distance: distance, segment: Int32(number), place: Int32(place)))
                    guard let farthest = nearest.bound else { continue }
                    limit = farthest.distance
                }
            }
        }
        return nearest.sorted
    }
}

/// What vectors are ordered by.
private struct VectorKey: Comparable {
    /// The squared distance, not yet divided.
    var distance: UInt64
    // Where the vector is, which is its age.
    var segment: Int32
    var place: Int32

    static func < (a: VectorKey, b: VectorKey) -> Bool {
        (a.distance, a.segment, a.place) < (b.distance, b.segment, b.place)
    }
}
