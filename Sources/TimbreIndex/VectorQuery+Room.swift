import CTimbreKernels

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

        /// Finds the places, among the first so many, of bounds below a limit.
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

        /// Keeps those of the first so many places whose distances are below a limit.
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
