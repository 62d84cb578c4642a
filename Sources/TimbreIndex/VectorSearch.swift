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
