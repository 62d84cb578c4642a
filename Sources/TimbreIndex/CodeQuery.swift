import CTimbreKernels
import TimbreCodes

/// The codes of a query, compared with many codes at once; and room to compute in.
struct CodeQuery {
    /// How many codes are compared at a time at most.
    private static let chunkSize = 8 * CodePlanes.blockSize

    /// The bits of each code.
    private let codes: [[UInt8]]
    /// What the loops that compute are compiled for.
    private let variant: timbre_variant
    /// The rank that none is below.
    private let leastRank: UInt16

    /// How many codes are compared at a time next.
    private var size = CodePlanes.blockSize
    /// A bit for each code of a chunk: whether it was found. All 0 between two searches.
    private var found = [UInt64](repeating: 0, count: chunkSize / 64)
    /// Where the codes are that were found, counted from the start of the chunk, ascending.
    private var places = [UInt32](repeating: 0, count: chunkSize)
    /// The ranks of the codes that were found, by these places.
    private var ranks = [UInt16](repeating: 0, count: chunkSize)

    /// - Precondition: The codes have a bit each.
    init(_ codes: [TimbreCode], variant: timbre_variant = timbre_best_variant()) {
        precondition(codes.allSatisfy { !$0.isEmpty })
        self.codes = codes.map { code in code.bits.map { UInt8($0) } }
        self.variant = variant
        leastRank = codes.map { SpanRank.rank(distance: 0, sharedBits: $0.bitCount) }.min() ?? .max
    }

    /// Passes on, ascending, the codes whose rank beside the nearest code of the query is below a limit.
    ///
    /// - Parameters:
    ///   - places: The codes to compare.
    ///   - limit: What the first ones have to be below.
    ///   - context: What is passed on, too; it is asked for only if something is found.
    ///   - body: Receives a place and its rank; returns what later ones have to be below. Those of the next few
    ///     thousand that need not be may be passed on all the same.
    mutating func forEach<Context>(
        in places: Range<Int>, of planes: CodePlanes, below limit: UInt16, with context: @autoclosure () -> Context,
        _ body: (Int, UInt16, Context) -> UInt16
    ) {
        var limit = limit
        var start = places.lowerBound - places.lowerBound % CodePlanes.blockSize
        while start < places.upperBound {
            // Most are found at first: after a few of them the limit is a better one.
            let chunk = start..<min(start + size, places.upperBound)
            start = chunk.upperBound
            size = min(2 * size, Self.chunkSize)
            guard limit > leastRank else { continue }
            let found = find(below: limit, in: chunk, of: planes)
            if found.isEmpty { continue }
            let context = context()
            for place in found where places.contains(chunk.lowerBound + place) {
                limit = body(chunk.lowerBound + place, ranks[place], context)
            }
        }
    }

    /// Finds the codes of a chunk whose rank is below a limit.
    ///
    /// - Returns: Where they are, counted from the start of the chunk, ascending.
    private mutating func find(
        below limit: UInt16, in chunk: Range<Int>, of planes: CodePlanes
    ) -> LazyMapSequence<ArraySlice<UInt32>, Int> {
        unsafe found.withUnsafeMutableBufferPointer { found in
            unsafe ranks.withUnsafeMutableBufferPointer { ranks in
                unsafe planes.withBlocks(from: chunk.lowerBound) { blocks in
                    for bits in codes {
                        unsafe timbre_lower_ranks(
                            variant, blocks, chunk.count, bits, bits.count, limit, found.baseAddress!,
                            ranks.baseAddress!)
                    }
                }
            }
        }
        let count = unsafe found.withUnsafeMutableBufferPointer { found in
            unsafe places.withUnsafeMutableBufferPointer { places in
                unsafe timbre_take_places(found.baseAddress!, chunk.count, places.baseAddress!)
            }
        }
        return places[..<count].lazy.map { Int($0) }
    }
}

/// How near a code is to a query in one number, smaller being nearer: the distance, then the bits that are not shared.
enum SpanRank {
    static func rank(distance: Int, sharedBits: Int) -> UInt16 { UInt16(distance << 8 | (255 - sharedBits)) }
    static func distance(_ rank: UInt16) -> Int { Int(rank >> 8) }
    static func sharedBits(_ rank: UInt16) -> Int { 255 - Int(rank & 255) }

    /// What the ranks of all codes are below that are not farther than this.
    ///
    /// - Precondition: The distance is not negative.
    static func limit(maxDistance: Double) -> UInt16 { UInt16(min(maxDistance, 128) + 1) << 8 }
}
