/// Which of 128 timbres occur in a stretch of sound: one bit for each centroid of the model.
///
/// Bit *c* of the code is bit 7 − (*c* mod 8) of byte ⌊*c* / 8⌋, most significant bit first, as `numpy.packbits` and
/// zounds have it. The two halves are the same 16 bytes read as big-endian integers.
package struct TimbreCode: Hashable, Sendable {
    /// How many bits a code has.
    package static let width = 128
    /// How many bytes a code takes.
    package static let byteCount = 16

    /// Bits 0 to 63; bit 0 is the most significant.
    package var high: UInt64
    /// Bits 64 to 127; bit 64 is the most significant.
    package var low: UInt64

    /// The code without any bit, which stands for silence.
    package static let empty = TimbreCode(high: 0, low: 0)

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The code that has exactly these bits.
    ///
    /// - Precondition: Every bit lies in 0..<128.
    package init(bits: some Sequence<Int>) {
        self = .empty
        for bit in bits { insert(bit) }
    }

    /// Takes a code as it was stored or sent; nil unless there are 16 bytes.
    package init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        (high, low) = (0, 0)
        for place in bytes.startIndex..<bytes.startIndex + 8 {
            high = high << 8 | UInt64(bytes[place])
            low = low << 8 | UInt64(bytes[place + 8])
        }
    }

    package init?(bytes: [UInt8]) { self.init(bytes: bytes[...]) }

    /// The code's 16 bytes.
    package var bytes: [UInt8] {
        (0..<Self.byteCount).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> UInt64(56 - 8 * ($0 & 7))) }
    }

    /// Whether no bit is set. Such a code is never indexed, and is no query.
    package var isEmpty: Bool { high | low == 0 }

    /// How many bits are set.
    package var bitCount: Int { high.nonzeroBitCount + low.nonzeroBitCount }

    /// The bits that are set, ascending.
    package var bits: [Int] { (0..<Self.width).filter(contains) }

    /// Whether a bit in 0..<128 is set.
    package func contains(_ bit: Int) -> Bool {
        bit < 64 ? high >> UInt64(63 - bit) & 1 == 1 : low >> UInt64(127 - bit) & 1 == 1
    }

    /// Sets a bit in 0..<128.
    package mutating func insert(_ bit: Int) {
        precondition((0..<Self.width).contains(bit), "a timbre code has 128 bits")
        if bit < 64 { high |= 1 << UInt64(63 - bit) } else { low |= 1 << UInt64(127 - bit) }
    }

    /// How many bits differ: the Hamming distance, 0 to 128.
    package func distance(to other: TimbreCode) -> Int {
        (high ^ other.high).nonzeroBitCount + (low ^ other.low).nonzeroBitCount
    }

    /// How many bits are set in both.
    package func sharedBits(with other: TimbreCode) -> Int {
        (high & other.high).nonzeroBitCount + (low & other.low).nonzeroBitCount
    }

    /// The bits that are set in both.
    package func intersection(_ other: TimbreCode) -> TimbreCode {
        TimbreCode(high: high & other.high, low: low & other.low)
    }

    /// Sets the bits that are set in another code.
    package mutating func formUnion(_ other: TimbreCode) {
        high |= other.high
        low |= other.low
    }

    /// Passes on the bits that are set, ascending.
    ///
    /// - Complexity: O(*n*) in the bits that are set.
    package func forEachBit(_ body: (Int) -> Void) {
        for (half, first) in [(high, 0), (low, 64)] {
            var rest = half
            while rest != 0 {
                let bit = rest.leadingZeroBitCount
                rest &= ~(1 << UInt64(63 - bit))
                body(first + bit)
            }
        }
    }
}
