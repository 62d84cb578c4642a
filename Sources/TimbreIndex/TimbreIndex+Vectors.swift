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
            if search.takesAll && !admission.admitsAny(of: segments[number]) { continue }
            search.look(through: segments[number].fileVectors, of: number, with: segments[number]) { row, segment in
                !segment.spans(of: row).isEmpty && admission.admits(row, of: segment) ? row : nil
            }
        }
        return search.found
    }

    /// The vector of a file; nil if there is none.
    package func vector(of id: Int64) -> TimbreVector? {
        find(id).flatMap { segments[$0.segment].fileVectors[$0.row] }
    }

    /// The vector of a file's span, by the span's number; nil if there is none.
    package func vector(ofSpan number: Int, of id: Int64) -> TimbreVector? {
        guard let (segment, row) = find(id) else { return nil }
        let place = segments[segment].spans(of: row).first {
            segments[segment].number(ofSpan: $0, of: row) == number
        }
        return place.flatMap { segments[segment].vector(ofSpan: $0) }
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
            if search.takesAll && !admission.admitsAny(of: segments[number]) { continue }
            if segments[number].spanColumns.hasSharedVectors {
                search.look(through: segments[number].fileVectors, of: number, with: segments[number]) { row, segment in
                    segment.hasSharedVector(row) && admission.admits(row, of: segment)
                        ? segment.spans(of: row).lowerBound : nil
                }
            }
            var row = 0
            search.look(through: segments[number].spanColumns.ownVectors, of: number, with: segments[number]) {
                index, segment in
                let place = Int(segment.spanColumns.ownPlaces[index])
                row = segment.row(ofSpan: place, from: row)
                return admission.admits(row, of: segment) ? place : nil
            }
        }
        let ranking = SpanRanking(vectors: queries, codes: codes)
        return search.found.map { ranking.match(at: Int($0.place), of: segments[Int($0.segment)]) }
    }
}
