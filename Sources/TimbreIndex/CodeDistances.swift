import CTimbreKernels
import TimbreCodes

/// How far the files of a segment are from several codes; and room to compute in, used again for each segment.
struct CodeDistances {
    /// Of each file, the sum over the query's spans of the distance to its nearest span; 0 where there is none.
    private(set) var sums: [UInt32] = []

    /// The bits of each code of the query, and how often it occurs.
    private let queries: [(bits: [UInt8], weight: UInt32)]
    /// What the loops that compute are compiled for.
    private let variant: timbre_variant
    /// The distance of each span to one code.
    private var distances: [UInt8] = []

    init(_ queries: [(code: TimbreCode, weight: Int)], variant: timbre_variant = timbre_best_variant()) {
        self.queries = queries.map { query in (query.code.bits.map { UInt8($0) }, UInt32(query.weight)) }
        self.variant = variant
    }

    /// Measures all files of a segment.
    mutating func measure(_ segment: Segment) {
        sums.removeAll(keepingCapacity: true)
        sums.append(contentsOf: repeatElement(0, count: segment.fileCount))
        guard segment.spanCount > 0 else { return }
        let room = (segment.spanCount + CodePlanes.blockSize - 1) / CodePlanes.blockSize * CodePlanes.blockSize + 16
        if distances.count < room { distances = Array(repeating: 0, count: room) }
        let ends = segment.files.spanEnds.numbers
        unsafe distances.withUnsafeMutableBufferPointer { distances in
            unsafe sums.withUnsafeMutableBufferPointer { sums in
                unsafe segment.spans.codes.withBlocks(from: 0) { blocks in
                    for (bits, weight) in queries {
                        unsafe timbre_plane_distances(
                            variant, blocks, segment.spanCount, bits, bits.count, distances.baseAddress!)
                        unsafe timbre_add_least(
                            variant, distances.baseAddress!, ends, segment.fileCount, weight,
                            sums.baseAddress!)
                    }
                }
            }
        }
    }
}

extension Segment {
    /// Up to this many pairs of codes are compared faster one by one than many at once.
    private static let fewPairs = 64

    /// The span of a file that is nearest to any of some codes; the first of equally near ones.
    func bestSpan(of row: Int, to queries: [(code: TimbreCode, weight: Int)]) -> (rank: UInt16, place: Int) {
        let places = spans(of: row)
        var best = (rank: UInt16.max, place: places.lowerBound)
        if places.count * queries.count > Self.fewPairs {
            var query = CodeQuery(queries.map(\.code))
            query.forEach(in: places, of: spans.codes, below: .max, with: ()) { place, rank, _ in
                if rank < best.rank { best = (rank, place) }
                return best.rank
            }
            return best
        }
        for place in places {
            let code = spans.codes[place]
            for (query, _) in queries {
                let rank = SpanRank.rank(distance: code.distance(to: query), sharedBits: code.sharedBits(with: query))
                if rank < best.rank { best = (rank, place) }
            }
        }
        return best
    }
}
