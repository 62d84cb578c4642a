import CTimbreKernels
import TimbreCodes

/// Vectors in columns: a search reads all of the first, less of the second, and little of the third.
///
/// A vector takes 128 bytes, also one that is absent.
struct VectorColumns: Sendable {
    /// The first 16 components of each vector: those in which sounds differ most.
    private(set) var heads: [SIMD16<Int8>] = []
    /// The next 16 of each.
    private(set) var middles: [SIMD16<Int8>] = []
    /// The other 96 of each: three elements a vector.
    private(set) var tails: [SIMD32<Int8>] = []
    /// Elements of ``tails`` that a vector takes.
    static let tailParts = 3

    /// The first component where there is no vector; no vector has it.
    private static let absent: Int8 = -128

    init() {}

    /// Columns of as many vectors each, as another value has them.
    init(heads: [SIMD16<Int8>], middles: [SIMD16<Int8>], tails: [SIMD32<Int8>]) {
        precondition(heads.count == middles.count && heads.count * Self.tailParts == tails.count)
        (self.heads, self.middles, self.tails) = (heads, middles, tails)
    }

    var count: Int { heads.count }

    subscript(place: Int) -> TimbreVector? {
        guard isPresent(place) else { return nil }
        let tail = place * Self.tailParts
        return TimbreVector(
            first: SIMD64(lowHalf: SIMD32(lowHalf: heads[place], highHalf: middles[place]), highHalf: tails[tail]),
            last: SIMD64(lowHalf: tails[tail + 1], highHalf: tails[tail + 2]))
    }

    /// Whether there is a vector at all.
    func isPresent(_ place: Int) -> Bool { heads[place][0] != Self.absent }

    mutating func append(_ vector: TimbreVector?) {
        var first = vector?.first ?? SIMD64()
        let last = vector?.last ?? SIMD64()
        if vector == nil { first[0] = Self.absent }
        heads.append(first.lowHalf.lowHalf)
        middles.append(first.lowHalf.highHalf)
        tails.append(first.highHalf)
        tails.append(last.lowHalf)
        tails.append(last.highHalf)
    }

    /// Keeps the first vectors, and drops the others.
    mutating func truncate(to newCount: Int) {
        let surplus = count - newCount
        heads.removeLast(surplus)
        middles.removeLast(surplus)
        tails.removeLast(surplus * Self.tailParts)
    }

    /// Passes on where some vectors are.
    func withColumns(_ block: Range<Int>, _ body: (timbre_vector_columns) -> Void) {
        precondition(block.lowerBound >= 0 && block.upperBound <= count)
        unsafe heads.withUnsafeBufferPointer { heads in
            unsafe middles.withUnsafeBufferPointer { middles in
                unsafe tails.withUnsafeBufferPointer { tails in
                    guard let head = heads.baseAddress, let middle = middles.baseAddress, let tail = tails.baseAddress
                    else { return }
                    unsafe body(
                        timbre_vector_columns(
                            heads: head + block.lowerBound, middles: middle + block.lowerBound,
                            tails: tail + block.lowerBound * Self.tailParts))
                }
            }
        }
    }

    /// Reads all bytes, or those of the heads; see ``TimbreIndex/read(_:)``.
    func read(headsOnly: Bool) -> UInt64 {
        headsOnly ? heads.read() : heads.read() | middles.read() | tails.read()
    }

    /// Bytes that the vectors take.
    var byteCount: Int { heads.byteCount + middles.byteCount + tails.byteCount }

    /// Gives back memory that was kept for more vectors.
    mutating func trim() {
        heads.trim()
        middles.trim()
        tails.trim()
    }
}
