import CTimbreKernels
import TimbreCodes

/// How far vectors are from those of a query, all distances being squared: first a bound, then exactly.
struct VectorQuery {
    /// What becomes of the distances to several vectors.
    enum Rule {
        /// The least of them counts.
        case least
        /// They are added, each times its weight.
        case sum
    }

    /// The different vectors of the query, and how much each counts: 1 or more.
    let vectors: [(vector: TimbreVector, weight: Int)]
    let rule: Rule
    /// What a distance is to be divided by: under ``Rule/sum`` all weights together, so that it becomes a mean.
    let divisor: Int
    /// What the loops that compute are compiled for.
    private let variant: timbre_variant
    /// By how many bits weights are shortened for bounds to fit into 32 bits.
    private let shift: Int

    /// - Precondition: Weights are 0 or more, and their sum is below 2³⁰: distances fit into the 53 bits of a `Double`.
    init(
        _ vectors: [(vector: TimbreVector, weight: Int)], rule: Rule,
        variant: timbre_variant = timbre_best_variant()
    ) {
        var weights: [TimbreVector: Int] = [:]
        for (vector, weight) in vectors where weight != 0 {
            precondition((1..<1 << 30).contains(weight), "weights lie in 0..<2³⁰")
            weights[vector, default: 0] += rule == .sum ? weight : 1
        }
        let total = weights.values.reduce(0, +)
        precondition(total < 1 << 30, "weights add up to less than 2³⁰")
        self.vectors = weights.map { ($0.key, rule == .sum ? $0.value : 1) }
        self.rule = rule
        self.variant = variant
        divisor = rule == .sum ? total : 1
        // A head's squared distance is at most 16 · 255².
        let most = Int(UInt32.max) / (16 * 255 * 255)
        var shift = 0
        while divisor >> shift > most { shift += 1 }
        self.shift = shift
    }

    /// A query by the mean of the distances, which to a single vector is the least of them, and sooner found.
    static func mean(of vectors: [(vector: TimbreVector, weight: Int)]) -> VectorQuery {
        let query = VectorQuery(vectors, rule: .sum)
        return query.vectors.count == 1 ? VectorQuery(query.vectors, rule: .least) : query
    }

    /// The first distance that is too far.
    func limit(maxDistance: Double?) -> UInt64 {
        let all = 0..<(TimbreVector.dimension * 255 * 255 * divisor + 1)
        guard let maxDistance else { return UInt64(all.upperBound) }
        return UInt64(all.partitioningIndex { Double($0) / Double(divisor) > maxDistance })
    }

    /// Finds the vectors of a block that are nearer than a distance, and possibly absent ones.
    ///
    /// Squares are not negative, so that sums over the first components bound distances from below: the others are read
    /// only where the bound is near enough.
    ///
    /// - Parameter room: Receives where they are, counted from the start of the block, ascending, and their distances,
    ///   not yet divided.
    /// - Returns: How many there are.
    /// - Precondition: The block has at most ``Room/size`` vectors.
    func find(
        nearerThan limit: UInt64, in block: Range<Int>, of columns: VectorColumns, into room: inout Room
    ) -> Int {
        precondition(block.count <= Room.size)
        switch rule {
        case .least:
            lower(limit: UInt32(clamping: limit), block, columns, &room)
            let count = room.findPlaces(below: UInt32(clamping: limit), count: block.count, variant)
            for (found, place) in room.places[..<count].enumerated() {
                room.distances[found] = UInt64(room.bounds[Int(place)])
            }
            return count
        case .sum:
            bound(block, columns, &room)
            // What shortening takes off weights makes bounds smaller, and leaves them bounds.
            let boundLimit = UInt32(clamping: (limit + (1 << shift) - 1) >> shift)
            let count = room.findPlaces(below: boundLimit, count: block.count, variant)
            add(count, block, columns, &room)
            return room.keep(count, below: limit)
        }
    }

    /// Computes the least distance of each vector, or more than that where it is not below the limit.
    private func lower(limit: UInt32, _ block: Range<Int>, _ columns: VectorColumns, _ room: inout Room) {
        unsafe room.bounds.withUnsafeMutableBufferPointer { bounds in
            let bounds = bounds.baseAddress!
            unsafe bounds.update(repeating: .max, count: block.count)
            unsafe columns.withColumns(block) { columns in
                unsafe forEachVector { query, _ in
                    unsafe timbre_lower_to_vectors(variant, columns, block.count, query, limit, bounds)
                }
            }
        }
    }

    /// Bounds the sum of distances of each vector.
    private func bound(_ block: Range<Int>, _ columns: VectorColumns, _ room: inout Room) {
        unsafe room.bounds.withUnsafeMutableBufferPointer { bounds in
            let bounds = bounds.baseAddress!
            unsafe bounds.update(repeating: 0, count: block.count)
            unsafe columns.withColumns(block) { columns in
                unsafe forEachVector { query, weight in
                    unsafe timbre_add_heads(
                        variant, columns.heads, block.count, query, UInt32(weight >> shift), bounds)
                }
            }
        }
    }

    /// Computes the sums of distances of the vectors at the first `count` places.
    private func add(_ count: Int, _ block: Range<Int>, _ columns: VectorColumns, _ room: inout Room) {
        unsafe room.places.withUnsafeBufferPointer { places in
            unsafe room.distances.withUnsafeMutableBufferPointer { distances in
                let (places, distances) = (places.baseAddress!, distances.baseAddress!)
                unsafe distances.update(repeating: 0, count: count)
                unsafe columns.withColumns(block) { columns in
                    unsafe forEachVector { query, weight in
                        unsafe timbre_add_vectors(variant, columns, places, count, query, UInt64(weight), distances)
                    }
                }
            }
        }
    }

    /// Passes on the components of each vector of the query, and its weight.
    private func forEachVector(_ body: (UnsafeRawPointer, Int) -> Void) {
        for (vector, weight) in vectors {
            unsafe withUnsafeBytes(of: vector) { bytes in unsafe body(bytes.baseAddress!, weight) }
        }
    }
}

extension VectorQuery {
    /// Room to compute in, used again for each block.
    struct Room {
        /// How many vectors are searched at a time at most.
        static let size = Int(TIMBRE_VECTOR_BLOCK)

        /// For each vector of a block a distance, or what bounds it from below, in units of the query's own.
        var bounds = [UInt32](repeating: 0, count: size)
        /// Where the vectors are that were found, counted from the start of the block, ascending.
        var places = [UInt32](repeating: 0, count: size)
        /// The distance of each of these.
        var distances = [UInt64](repeating: 0, count: size)

        /// Finds the places of bounds below a limit, among the first `count`.
        ///
        /// - Returns: How many there are.
        mutating func findPlaces(below limit: UInt32, count: Int, _ variant: timbre_variant) -> Int {
            precondition(count <= Self.size)
            return unsafe bounds.withUnsafeBufferPointer { bounds in
                unsafe places.withUnsafeMutableBufferPointer { places in
                    unsafe timbre_distances_below(variant, bounds.baseAddress!, count, limit, places.baseAddress!)
                }
            }
        }

        /// Keeps those of the first `count` places whose distances are below a limit.
        ///
        /// - Returns: How many are kept.
        mutating func keep(_ count: Int, below limit: UInt64) -> Int {
            var kept = 0
            for found in 0..<count where distances[found] < limit {
                (places[kept], distances[kept]) = (places[found], distances[found])
                kept += 1
            }
            return kept
        }
    }
}
